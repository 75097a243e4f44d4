import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { isGoingOn } from './bundle';
import { reopenIdentifiers } from './identifiers';
import { doneWith, MoveDecision, refused } from './move';
import { moveError } from './refusals';
import { liveState } from './suspend';

/** Takes a named end back before it comes: the product goes on as if none had been named. */
export function decideWithdrawEnd(work: Work, root: RootState, input: { readonly productId: bigint }): MoveDecision {
  const product = root.products.get(input.productId);
  if (!product) return refused([moveError('NOT_FOUND', 'No such product.', ['productId'])], false);
  const { endedAt } = product;
  if (product.state !== 'PENDING_TERMINATE' || endedAt === null) {
    return refused([moveError('CONFLICT', 'The product has no named end that could be taken back.', ['productId'])], false);
  }
  const bundle = product.bundledIn === null ? undefined : root.products.get(product.bundledIn);
  if (bundle && !isGoingOn(bundle)) return refused([moveError('CONFLICT', 'The bundle that it is a component of ends: take that end back first.', ['productId'])], false);
  if (product.terms.isSlice) {
    return refused([moveError('CONFLICT', 'The end of a slice stands: its capacity may be sold from there on. Order it anew.', ['productId'])], false);
  }
  const position = root.nextPosition();
  for (const bucket of root.buckets.values()) {
    if (bucket.productId !== product.id || bucket.state !== 'ACTIVE' || bucket.validUntil !== endedAt) continue;
    bucket.validUntil = product.periodEnd;
    root.moved.add(bucket);
  }
  const isPaused = product.suspensions.some(({ reason, until }) => reason === 'CUSTOMER' && until === null);
  const renewsAt = product.terms.autoRenew && !isPaused ? product.nextRenewalAt ?? product.periodEnd : product.nextRenewalAt;
  // An offering that does not renew ends with its period all the same.
  const ends = product.terms.autoRenew ? null : product.periodEnd;
  root.changeProduct(product, {
    state: liveState({ state: 'ACTIVE' }, product.suspensions), endedAt: ends, nextRenewalAt: renewsAt,
  }, work.now(root.setup.tenantId));
  work.extra.push(reopenIdentifiers(root, product.id, endedAt, ends));
  return doneWith(root, product.id, position);
}
