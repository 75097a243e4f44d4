import { amount, currencyOf } from '../../platform/money';
import { ErrorCode } from '../../platform/errors';
import { MoveError, MoveOutcome, UsageResult } from '../charging.api';
import { auditStatements } from '../../audit';
import { decideLinked, isLinked } from '../decide/charging-id';
import { applyDue } from '../decide/due';
import { Move, MoveDecision } from '../decide/move';
import { messageOf, moveError } from '../decide/refusals';
import { decideUsage, NOT_OWNED, quarantine } from '../decide/usage';
import type { ChargeRow } from '../charge.types';
import { businessTime, StoredCharge, StoredRequest } from '../sql/batch.sql';
import type { StoredRecord } from '../sql/record.sql';
import { TenantFacts } from '../work/facts';
import { onlineUses } from '../work/online-use';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { BatchRead } from './batch-read';
import { Item, MoveItem, UsageItem } from './item';

/** Answers of a batch, given only once its COMMIT is known. */
export interface Decided {
  readonly work: Work;
  readonly answers: readonly (() => void)[];
  /** Items whose roots were locked by somebody else, or whose setup is old. */
  readonly left: readonly Item[];
}

/** The decisions of a batch, in order, in memory, pure: what fell due on each root first. */
export function decideBatch(items: readonly Item[], read: BatchRead, facts: TenantFacts): Decided {
  const tenantId = read.tenant.id;
  const now = businessTime(read.tenant);
  const work = new Work(new Map([[tenantId, now]]), new Map([[tenantId, facts]]));
  work.fillCounters(read.counters);
  work.online = onlineUses(read.online);
  const answers: (() => void)[] = [];
  const left: Item[] = [];
  const answered = new Map<string, { readonly hash: Buffer; readonly answer: UsageResult | MoveOutcome<unknown> }>();
  for (const item of items) {
    const states = item.roots.map((root) => read.locked.get(root.rootId));
    if (states.some((state) => state === undefined)) {
      left.push(item);
      continue;
    }
    for (const state of states as RootState[]) enter(work, state, now);
    if (item.kind === 'TOUCH') answers.push(() => item.resolve());
    else if (item.kind === 'USAGE') {
      const result = usageAnswer(work, states[0]!, item, { charge: read.charges.get(item), record: read.records.get(item) }, answered);
      answers.push(() => item.resolve(result));
    } else {
      const outcome = moveAnswerOf(work, item, read, answered);
      answers.push(() => item.resolve(outcome));
    }
  }
  if (work.charges.length > 0) {
    for (const step of facts.steps) work.last.push(...step.decide(work.charges, { tenantId, now, offeringOf: (charge) => offeringOf(work, charge) }));
  }
  return { work, answers, left };
}

function offeringOf(work: Work, { rootId, productId }: ChargeRow): string | null {
  return productId === null ? null : work.root(rootId).products.get(productId)?.terms.offeringId ?? null;
}

function enter(work: Work, root: RootState, now: number): void {
  if (work.roots.has(root.rootId)) return;
  work.roots.set(root.rootId, root);
  applyDue(work, root, now);
}

type Answered = Map<string, { readonly hash: Buffer; readonly answer: UsageResult | MoveOutcome<unknown> }>;

function usageAnswer(
  work: Work, root: RootState, item: UsageItem, stored: { readonly charge: StoredCharge | undefined; readonly record: StoredRecord | undefined },
  answered: Answered,
): UsageResult | typeof NOT_OWNED {
  const { event } = item;
  const { charge, record } = stored;
  if (charge) return charge.body_hash.equals(event.bodyHash) ? storedResult(item, charge) : conflict(work, item);
  if (record) return record.body_hash.equals(event.bodyHash) ? comparedBefore(item) : conflict(work, item);
  // Keys are looked up root by root, here as in the table: what two roots were sent under one key the audit lists.
  const key = `u\n${root.rootId}\n${event.source}\n${event.usageId}`;
  const twin = answered.get(key);
  if (twin) return twin.hash.equals(event.bodyHash) ? { ...(twin.answer as UsageResult), duplicate: true } : conflict(work, item);
  const result = isLinked(event) ? decideLinked(work, root, event, item.options) : decideUsage(work, root, event, item.options);
  if (result !== NOT_OWNED && result.status !== 'QUARANTINED') answered.set(key, { hash: event.bodyHash, answer: result });
  return result;
}

function storedResult({ event, roots }: UsageItem, stored: StoredCharge): UsageResult {
  const code = stored.reason as ErrorCode;
  const isCharged = stored.status === 'CHARGED';
  return {
    usageId: event.usageId, status: stored.status, duplicate: true,
    charge: isCharged ? {
      shard: roots[0]!.shard, rootId: BigInt(stored.root_id), position: BigInt(stored.position), role: 'RETAIL',
      net: amount(BigInt(stored.net)), tax: amount(BigInt(stored.tax)), currency: currencyOf(stored.asset) ?? '',
    } : null,
    error: isCharged ? null : { code, message: messageOf(code), path: [], retryable: false },
  };
}

const comparedBefore = ({ event }: UsageItem): UsageResult =>
  ({ usageId: event.usageId, status: 'COMPARED', duplicate: true, charge: null, error: null });

/** The first content stands; the second is kept aside for a person to look at. */
const conflict = (work: Work, item: UsageItem): UsageResult => {
  const result = quarantine(work, item.event, 'USAGE_CONFLICT');
  return { ...result, error: { ...result.error!, retryable: false } };
};

function moveAnswerOf(work: Work, item: MoveItem, read: BatchRead, answered: Answered): MoveOutcome<unknown> {
  const { move } = item;
  const stored = read.requests.get(item);
  if (stored) return replay(stored, move.bodyHash);
  const key = `m\n${move.home.rootId}\n${move.operation}\n${move.key.caller}\n${move.key.key}`;
  const twin = answered.get(key);
  if (twin) return twin.hash.equals(move.bodyHash) ? replayed(twin.answer as MoveOutcome<unknown>) : reused();
  const decision = move.decide(work, read.rows.get(item) ?? []);
  const outcome: MoveOutcome<unknown> = decision.kind === 'DONE'
    ? { ok: true, answer: decision.answer, replayed: false } : { ok: false, errors: decision.errors };
  writeAudit(work, move, decision);
  if (decision.kind === 'REFUSED' && !decision.stored) return outcome;
  const position = decision.kind === 'DONE' ? decision.position : work.root(move.home.rootId).nextPosition();
  work.requests.push({
    shard: move.home.shard, tenantId: item.tenantId, operation: move.operation, caller: move.key.caller, key: move.key.key,
    rootId: move.home.rootId, position, bodyHash: move.bodyHash,
    answer: JSON.stringify(outcome.ok ? { ok: true, answer: outcome.answer } : { ok: false, errors: outcome.errors }),
  });
  answered.set(key, { hash: move.bodyHash, answer: outcome });
  return outcome;
}

/** A privileged move leaves its audit row in its own transaction, done or refused; a repeat leaves none. */
function writeAudit(work: Work, { key, home }: Move, decision: MoveDecision): void {
  if (!key.audit) return;
  const after = decision.kind === 'DONE'
    ? { ...key.audit.after, rootId: home.rootId.toString(), positionAt: decision.position.toString() } : { ...key.audit.after, errorCode: decision.errors[0]?.code };
  work.extra.push(...auditStatements({ ...key.audit, after, result: decision.kind === 'DONE' ? 'DONE' : 'REFUSED' }));
}

function replay(stored: StoredRequest, hash: Buffer): MoveOutcome<unknown> {
  if (!stored.body_hash.equals(hash)) return reused();
  return replayed(stored.answer as { ok: true; answer: unknown; replayed: false } | { ok: false; errors: MoveError[] });
}

const replayed = (outcome: MoveOutcome<unknown>): MoveOutcome<unknown> => (outcome.ok ? { ...outcome, replayed: true } : outcome);
const reused = (): MoveOutcome<unknown> => ({ ok: false, errors: [moveError('IDEMPOTENCY_KEY_REUSED', undefined, ['idempotencyKey'])] });
