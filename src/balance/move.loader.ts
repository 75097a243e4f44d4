import type { MoveAnswer } from '../charging';
import type { RequestContext } from '../context';
import { accountLoader } from '../party';
import { Node, registerNode, wholePart } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import { adjustmentOf, topUpOf, transferOf } from './balance.payload';

interface StoredMove {
  readonly operation: string;
  readonly answer: unknown;
}

/** The move at a place of a root; refused moves have no object. */
const SELECT_MOVE = `
select operation, answer from request where shard = $1 and root_id = $2 and position = $3 and tenant_id = $4 and operation = any($5)`;

type Made = (answer: MoveAnswer) => Node & { readonly accountKey: bigint };

/** Fetches a move by its id; null where it is not there, is another kind of move, or its account is not for the caller. */
const moveNode = (operations: readonly string[], make: Made) =>
  async ([root, place]: readonly string[], context: RequestContext): Promise<Node | null> => {
    const [rootId, position] = [wholePart(root), wholePart(place)];
    if (rootId === null || position === null) return null;
    const { rows } = await context.services.pool.query<StoredMove>(SELECT_MOVE,
      [shardOfId(rootId), rootId.toString(), position.toString(), context.caller.tenantId, operations]);
    const answer = rows[0] && answerOf(rows[0]);
    if (!answer) return null;
    const move = make(answer);
    return await accountLoader(context).load(move.accountKey) ? move : null;
  };

/** What a move's row keeps: its outcome, of a transfer with both sides; the receiving root keeps its own side alone. */
function answerOf({ operation, answer }: StoredMove): MoveAnswer | null {
  if (operation === 'TRANSFER_IN') return answer as MoveAnswer;
  const outcome = answer as { ok: boolean; answer: MoveAnswer & { from?: MoveAnswer } };
  if (!outcome.ok) return null;
  return operation === 'TRANSFER' ? outcome.answer.from ?? null : outcome.answer;
}

registerNode('TopUp', moveNode(['TOP_UP'], topUpOf));
registerNode('Adjustment', moveNode(['ADJUST'], adjustmentOf));
registerNode('Transfer', moveNode(['TRANSFER', 'TRANSFER_IN'], transferOf));
