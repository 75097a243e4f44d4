import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { applyDue } from './due';
import { releaseIdentifiers } from './identifiers';
import { MoveDecision, refused } from './move';
import { moveError } from './refusals';

/** Ends a product now or at a later instant: its allowances lapse, its identifiers are free, it renews no more. */
export function decideTerminate(work: Work, root: RootState, input: { readonly productId: bigint; readonly at: number | null }): MoveDecision {
  const product = root.products.get(input.productId);
  const now = work.now(root.setup.tenantId);
  if (!product) return refused([moveError('NOT_FOUND', 'No such product.', ['productId'])], false);
  if (product.state !== 'ACTIVE' && product.state !== 'SUSPENDED') return refused([moveError('CONFLICT', 'The product has ended.', ['productId'])], false);
  const endedAt = input.at ?? now;
  if (endedAt < now) return refused([moveError('INVALID_INPUT', 'A product ends now or later.', ['at'])], false);
  const position = root.nextPosition();
  root.changeProduct(product, { state: 'PENDING_TERMINATE', endedAt });
  for (const bucket of root.buckets.values()) {
    if (bucket.productId !== product.id || bucket.state !== 'ACTIVE' || (bucket.validUntil !== null && bucket.validUntil <= endedAt)) continue;
    bucket.validUntil = endedAt;
    root.moved.add(bucket);
  }
  applyDue(work, root, now);
  work.extra.push(releaseIdentifiers(root, product.id, endedAt));
  const answer = { rootId: root.rootId.toString(), position: position.toString(), productId: product.id.toString() };
  return { kind: 'DONE', position, answer };
}
