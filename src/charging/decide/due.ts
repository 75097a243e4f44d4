import { createHash } from 'node:crypto';
import { Bucket } from '../../balance';
import { SetupProduct } from '../../guiding';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { TaxRateMissing } from './fees';
import { lapse } from './lapse';
import { lapsesAt } from './prepaid-life';
import { renew } from './renewal';

/** A product bought for years past renews this often at most in one batch; the rest follows with the next touch. */
const MAX_STEPS = 2_000;

/**
 * Applies what fell due on a root up to now, in the order it fell due: renewals before the expiries of the same instant,
 * because what rolls over does not lapse. Each is judged at the instant it fell due, so the outcome does not depend on
 * when somebody came by: a scheduler is never needed for correctness (money-rules 5.8).
 */
export function applyDue(work: Work, root: RootState, now: number): void {
  const { graceDays } = work.factsOf(root.setup.tenantId).settings;
  let untaxed = NONE;
  for (let step = 0; step < MAX_STEPS; step++) {
    const due = nextDue(root, now, graceDays, untaxed);
    if (!due) return;
    if (due.kind === 'EXPIRE') expire(work, root, due.bucket);
    else if (due.kind === 'RENEW') {
      if (!renewTaxed(work, root, due.product, due.at, now)) untaxed = new Set([...untaxed, due.product.id]);
    } else root.changeProduct(due.product, { state: 'TERMINATED', nextRenewalAt: null, nextTerms: null }, due.at);
  }
}

const NONE: ReadonlySet<bigint> = new Set();

type Due =
  | { readonly kind: 'RENEW' | 'END'; readonly at: number; readonly product: SetupProduct }
  | { readonly kind: 'EXPIRE'; readonly at: number; readonly bucket: Bucket };

const ENDS: ReadonlySet<SetupProduct['state']> = new Set(['ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE']);

/** The earliest of what is due; renewals before ends before expiries. On the hot path: makes nothing where nothing is due. */
function nextDue(root: RootState, now: number, graceDays: number, untaxed: ReadonlySet<bigint>): Due | null {
  let next: Due | null = null;
  for (const product of root.products.values()) {
    const { nextRenewalAt, endedAt } = product;
    if (nextRenewalAt !== null && nextRenewalAt <= now && !untaxed.has(product.id) && (!next || isBefore('RENEW', nextRenewalAt, next))) {
      next = { kind: 'RENEW', at: nextRenewalAt, product };
    }
    if (endedAt !== null && endedAt <= now && ENDS.has(product.state) && (!next || isBefore('END', endedAt, next))) {
      next = { kind: 'END', at: endedAt, product };
    }
  }
  for (const bucket of root.buckets.values()) {
    // Nothing lapses before its end. Lapsed money stays active, empty and ready for a top-up.
    if (bucket.validUntil === null || bucket.validUntil > now) continue;
    if (bucket.state !== 'ACTIVE' || (bucket.kind === 'MONEY' && bucket.value <= 0n)) continue;
    const at = lapsesAt(bucket, graceDays);
    if (at !== null && at <= now && (!next || isBefore('EXPIRE', at, next))) next = { kind: 'EXPIRE', at, bucket };
  }
  return next;
}

const TURN: Record<Due['kind'], number> = { RENEW: 0, END: 1, EXPIRE: 2 };
const isBefore = (kind: Due['kind'], at: number, next: Due): boolean => at < next.at || (at === next.at && TURN[kind] < TURN[next.kind]);

/** False where no tax rate holds for a fee: then the period waits for finance, and the root's other affairs go on. */
function renewTaxed(work: Work, root: RootState, product: SetupProduct, due: number, now: number): boolean {
  try {
    renew(work, root, product, due, now);
    return true;
  } catch (error) {
    if (!(error instanceof TaxRateMissing)) throw error;
    return false;
  }
}

/** Expiry: units lapse, paid money goes to breakage, promotional money back to its expense. */
function expire(work: Work, root: RootState, bucket: Bucket): void {
  root.moved.add(bucket);
  if (bucket.value > 0n) lapse(work, root, bucket, bucket.value, record(work, root, bucket));
  if (bucket.kind !== 'MONEY') bucket.state = 'EXPIRED';
}

/** Keyed by the bucket's version: money that is given back after its end lapses a second time. */
function record(work: Work, root: RootState, bucket: Bucket): bigint {
  const key = `${root.rootId}:${bucket.id}:${bucket.version}`;
  const position = root.nextPosition();
  work.requests.push({
    shard: root.shard, tenantId: root.setup.tenantId, operation: 'EXPIRY', caller: 'system', key, rootId: root.rootId,
    position, bodyHash: createHash('sha256').update(key).digest(),
    answer: JSON.stringify({ bucketId: bucket.id, amount: bucket.value.toString() }),
  });
  return position;
}
