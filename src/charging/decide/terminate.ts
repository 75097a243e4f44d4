import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { DAY_MS } from '../../platform/time';
import { outlives } from './bundle';
import { applyDue } from './due';
import { removeDevices } from './devices';
import { releaseIdentifiers } from './identifiers';
import { MoveDecision, refused } from './move';
import { moveError } from './refusals';

const ENDS_ONCE: ReadonlySet<string> = new Set(['ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE']);

/** How far ahead an end may be named: a mistyped year would otherwise stand for good. */
const FURTHEST_MS = 3_660 * DAY_MS;

/**
 * Ends a product now or at a later instant: its allowances lapse, its identifiers are free, it renews no more. An end that
 * was named and has not come yet may be moved.
 */
export function decideTerminate(work: Work, root: RootState, input: { readonly productId: bigint; readonly at: number | null }): MoveDecision {
  const product = root.products.get(input.productId);
  const now = work.now(root.setup.tenantId);
  if (!product) return refused([moveError('NOT_FOUND', 'No such product.', ['productId'])], false);
  if (!ENDS_ONCE.has(product.state)) return refused([moveError('CONFLICT', 'The product has ended.', ['productId'])], false);
  const endedAt = input.at ?? now;
  if (endedAt < now || endedAt > now + FURTHEST_MS) {
    return refused([moveError('INVALID_INPUT', 'A product ends now or within ten years.', ['at'])], false);
  }
  if (outlives(root, product, endedAt)) {
    return refused([moveError('CONFLICT', 'The product is a bundle whose components would live on: end it by an order, and they end with it.', ['productId'])], false);
  }
  // Whose capacity may be sold from its end on gets none beyond it.
  if (product.terms.isSlice && product.endedAt !== null && endedAt > product.endedAt) {
    return refused([moveError('CONFLICT', 'The end of a slice moves to an earlier instant only.', ['at'])], false);
  }
  const position = root.nextPosition();
  root.changeProduct(product, { state: 'PENDING_TERMINATE', endedAt, nextTerms: null }, now);
  for (const bucket of root.buckets.values()) {
    if (bucket.productId !== product.id || bucket.state !== 'ACTIVE') continue;
    const validUntil = product.periodEnd !== null && product.periodEnd < endedAt ? product.periodEnd : endedAt;
    // What was cut short by an end that now moves lasts as long as its period again, never longer.
    const isCutBefore = product.endedAt !== null && bucket.validUntil === product.endedAt;
    if (bucket.validUntil !== null && bucket.validUntil <= validUntil && !isCutBefore) continue;
    bucket.validUntil = validUntil;
    root.moved.add(bucket);
  }
  applyDue(work, root, now);
  work.extra.push(releaseIdentifiers(root, product.id, endedAt, product.endedAt));
  if (product.terms.isSlice) work.extra.push(removeDevices(root, product.id, endedAt));
  const answer = { rootId: root.rootId.toString(), position: position.toString(), productId: product.id.toString() };
  return { kind: 'DONE', position, answer };
}
