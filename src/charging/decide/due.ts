import { createHash } from 'node:crypto';
import { Bucket } from '../../balance';
import { SetupProduct } from '../../guiding';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { lapse, renew } from './renewal';

const DAY = 86_400_000;
/** A product bought for years past renews this often at most in one batch; the rest follows with the next touch. */
const MAX_STEPS = 2_000;

/**
 * Applies what fell due on a root up to now, in the order it fell due: renewals before the expiries of the same instant,
 * because what rolls over does not lapse. A scheduler is never needed for correctness (money-rules 5.8).
 */
export function applyDue(work: Work, root: RootState, now: number): void {
  const graceMs = work.factsOf(root.setup.tenantId).settings.graceDays * DAY;
  for (let step = 0; step < MAX_STEPS; step++) {
    const due = nextDue(root, now, graceMs);
    if (!due) return;
    if (due.kind === 'EXPIRE') expire(work, root, due.bucket, due.at);
    else if (due.kind === 'RENEW') renew(work, root, due.product, due.at, now);
    else endProduct(root, due.product);
  }
}

type Due =
  | { readonly kind: 'RENEW' | 'END'; readonly at: number; readonly product: SetupProduct }
  | { readonly kind: 'EXPIRE'; readonly at: number; readonly bucket: Bucket };

const ENDS: ReadonlySet<SetupProduct['state']> = new Set(['ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE']);

const TURN: Record<Due['kind'], number> = { RENEW: 0, END: 1, EXPIRE: 2 };

function nextDue(root: RootState, now: number, graceMs: number): Due | null {
  const found: { next: Due | null } = { next: null };
  const offer = (due: Due): void => {
    const { next } = found;
    if (due.at <= now && (!next || due.at < next.at || (due.at === next.at && TURN[due.kind] < TURN[next.kind]))) found.next = due;
  };
  for (const product of root.products.values()) {
    if (product.nextRenewalAt !== null) offer({ kind: 'RENEW', at: product.nextRenewalAt, product });
    if (product.endedAt !== null && ENDS.has(product.state)) {
      offer({ kind: 'END', at: product.endedAt, product });
    }
  }
  for (const bucket of root.buckets.values()) {
    if (bucket.state !== 'ACTIVE' || bucket.validUntil === null || bucket.kind === 'CREDIT') continue;
    offer({ kind: 'EXPIRE', at: bucket.validUntil + (bucket.kind === 'MONEY' ? graceMs : 0), bucket });
  }
  return found.next;
}

function endProduct(root: RootState, product: SetupProduct): void {
  root.changeProduct(product, { state: 'TERMINATED', nextRenewalAt: null });
}

/** Expiry: units lapse, paid money goes to breakage, promotional money back to its expense. */
function expire(work: Work, root: RootState, bucket: Bucket, at: number): void {
  root.moved.add(bucket);
  if (bucket.value > 0n) {
    record(work, root, bucket, at);
    if (bucket.kind === 'UNIT') lapse(work, root, bucket, bucket.value);
    else {
      const contra = bucket.kind === 'MONEY' ? 'breakage' : 'promotion_expense';
      work.move(bucket, root, root.position, { kind: 'EXPIRE', amount: -bucket.value, contra });
    }
  }
  // Prepaid money stays ready for the next top-up; its validity is set anew by that.
  if (bucket.kind === 'MONEY') bucket.validUntil = null;
  else bucket.state = 'EXPIRED';
}

function record(work: Work, root: RootState, bucket: Bucket, at: number): void {
  const key = `${root.rootId}:${bucket.id}:${new Date(at).toISOString()}`;
  work.requests.push({
    shard: root.shard, tenantId: root.setup.tenantId, operation: 'EXPIRY', caller: 'system', key, rootId: root.rootId,
    position: root.nextPosition(), bodyHash: createHash('sha256').update(key).digest(),
    answer: JSON.stringify({ bucketId: bucket.id, amount: bucket.value.toString() }),
  });
}
