import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { isoInstant } from '../platform/db';
import { refuse } from '../platform/errors';
import { parseDecimal } from '../platform/money';
import { checkedReason } from '../platform/text';
import { checkMoveKey } from '../product/move-mutation';
import { Actor, Change, changeAudited } from '../tenant';
import { lesser } from './availability.rules';
import { MeasuredSlice, slicesById } from './measured-slice';
import { periodAt, SlicePeriodBounds } from './period.rules';
import { Settlement, SettlementDeps } from './settlement';
import { lastRevisions, PeriodRevision, storeRevision } from './slice-period';

export interface SlicePeriodDeps extends SettlementDeps {
  readonly data: DataSource;
  readonly settlement: Settlement;
}

/** A period of a slice as its last revision says. */
export interface SettledPeriod {
  readonly slice: MeasuredSlice;
  readonly revision: PeriodRevision;
}

const INSERT_REQUEST = `
insert into slice_period_request (shard, tenant_id, operation, caller, key, body_hash, product_id, period_start)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`;
const SELECT_REQUEST = 'select body_hash from slice_period_request where shard = $1 and tenant_id = $2 and operation = $3 and caller = $4 and key = $5';
const OBJECT_TYPE = 'SlicePeriod';

/** What finance does with periods of slices. A key that came before is answered by the period as it is now. */
export class SlicePeriodService {
  constructor(private readonly deps: SlicePeriodDeps) {}

  /** Settles a period that is over, and the earlier ones before it, before a bill run does. @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT (not over), IDEMPOTENCY_KEY_REUSED */
  async settle(actor: Actor, asked: { readonly productId: bigint; readonly periodEnd: Date; readonly key: string }): Promise<SettledPeriod> {
    const { productId, periodEnd, key } = asked;
    const slice = await this.sliceOf(actor, productId);
    const period = await this.once(actor, 'slicePeriodSettle', slice, key, { productId, periodEnd }, async () => {
      const found = slice && periodAt(slice, periodEnd.getTime() - 1);
      if (!slice || !found || found.end !== periodEnd.getTime()) return refuse('INVALID_INPUT', 'No period of the slice ends at this instant.', ['periodEnd']);
      if (found.end > await this.deps.charging.now(actor.tenantId)) refuse('CONFLICT', 'The period is not over yet.', ['periodEnd']);
      return found;
    }) ?? periodAt(slice!, periodEnd.getTime() - 1)!;
    return { slice: slice!, revision: await this.deps.settlement.settle(slice!, period) };
  }

  /** Decides a case: the percent of the fee that is credited. @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT (no open case), IDEMPOTENCY_KEY_REUSED */
  async decide(
    actor: Actor, asked: { readonly productId: bigint; readonly periodStart: Date; readonly creditPercent: string; readonly reason: string; readonly key: string },
  ): Promise<SettledPeriod> {
    const { productId, periodStart, creditPercent, key } = asked;
    const slice = await this.sliceOf(actor, productId);
    const start = periodStart.getTime();
    await this.once(actor, 'slicePeriodDecide', slice, key, { productId, periodStart, creditPercent, reason: asked.reason }, async ({ client }) => {
      const reason = checkedReason(asked.reason);
      return this.decided(client, slice, start, checkedPercent(creditPercent, slice), { by: actor.subject, reason });
    });
    return { slice: slice!, revision: await this.deps.settlement.finish(slice!, { start, end: start }) };
  }

  private async decided(
    client: PoolClient, slice: MeasuredSlice | null, start: number, creditPercent: string, decision: { readonly by: string; readonly reason: string },
  ): Promise<SlicePeriodBounds> {
    const [last] = slice ? await lastRevisions(client, slice, start) : [];
    if (!slice || !last) return refuse('NOT_FOUND', 'No settled period of the slice begins at this instant.', ['periodStart']);
    if (last.facts.availability?.verdict !== 'CASE' || last.facts.decision || !last.isSettled) return refuse('CONFLICT', 'The period is no case that waits for a decision.', ['periodStart']);
    const facts = { ...last.facts, creditPercent, decision };
    const isFirst = await storeRevision(client, slice, last, last.revision + 1, facts, await this.deps.charging.now(slice.tenantId));
    return isFirst ? last : refuse('CONFLICT', 'The period was settled again meanwhile; read it again.', ['periodStart']);
  }

  /** Does the work once a key, in one transaction with its audit row; null where the key came before with the same input. */
  private async once(
    actor: Actor, operation: string, slice: MeasuredSlice | null, key: string, body: Readonly<Record<string, unknown>>, work: (change: Change) => Promise<SlicePeriodBounds>,
  ): Promise<SlicePeriodBounds | null> {
    const hash = createHash('sha256').update(JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))).digest();
    if (slice && KEY_FORM.test(key) && await this.known(actor, operation, slice, key, hash)) return null;
    try {
      return await changeAudited(this.deps.data, actor, operation, { type: OBJECT_TYPE, id: slice ? slice.id.toString() : '' }, async (change) => {
        checkMoveKey(key);
        if (!slice) return refuse('NOT_FOUND', 'No such slice.', ['productId']);
        const period = await work(change);
        const { rowCount } = await change.client.query(INSERT_REQUEST, [slice.shard, actor.tenantId, operation, actor.subject, key, hash, slice.id.toString(), isoInstant(period.start)]);
        if (rowCount === 0) throw new CameBefore();
        return { result: period, audit: {
          objectType: OBJECT_TYPE, objectId: slice.id.toString(),
          after: { validFrom: isoInstant(period.start), ...(typeof body.creditPercent === 'string' && { creditPercent: body.creditPercent }) },
          ...(typeof body.reason === 'string' && { reason: body.reason.trim() }),
        } };
      });
    } catch (error) {
      if (error instanceof CameBefore && slice && await this.known(actor, operation, slice, key, hash)) return null;
      throw error;
    }
  }

  private async known(actor: Actor, operation: string, slice: MeasuredSlice, key: string, hash: Buffer): Promise<boolean> {
    const { rows: [row] } = await this.deps.pool.query<{ body_hash: Buffer }>(SELECT_REQUEST, [slice.shard, actor.tenantId, operation, actor.subject, key]);
    if (row && !row.body_hash.equals(hash)) {
      refuse('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used before with another input; use a new key for a new request.', ['idempotencyKey']);
    }
    return row !== undefined;
  }

  private async sliceOf({ tenantId }: Actor, productId: bigint): Promise<MeasuredSlice | null> {
    return (await slicesById(this.deps.pool, tenantId, [productId])).get(productId) ?? null;
  }
}

/** Ends the change where another call with the key came first, so that no second audit row is left. */
class CameBefore extends Error {}

/** What the table can be asked for. */
const KEY_FORM = /^[\x21-\x7e]{1,128}$/;

function checkedPercent(text: string, slice: MeasuredSlice | null): string {
  const cap = slice?.objective?.capPercent ?? '100';
  const read = parseDecimal(text);
  if (!read || read.unscaled < 0n || (lesser(text, cap) !== text)) refuse('INVALID_INPUT', `A credit is a decimal from "0" to "${cap}" percent.`, ['creditPercent']);
  return text;
}
