import { SetupLoader } from '../../guiding';
import { Statement } from '../../platform/db';
import type { BeginInput } from '../charging.api';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { Activation, misfitOf, newProduct, oneTimeFees, unpayable } from './activate';
import { applyDue } from './due';
import { admitDevices } from './devices';
import { bookFee } from './fees';
import { assignIdentifiers, releaseIdentifiers } from './identifiers';
import { doneWith, MoveDecision, refused } from './move';
import { isGoingOn } from './bundle';
import { moveError } from './refusals';
import { moneyBuckets } from './serving';
import { pricesFrom } from './switch-terms';

/*
 * A product that is ordered: prepared (PENDING_ACTIVE, its numbers are held, nothing is charged), then begun when the
 * network is ready, or given up.
 */

/** Makes the product and holds its numbers. What could not be paid now is refused before anybody works on it. */
export function decidePrepare(work: Work, root: RootState, loader: SetupLoader, activation: Activation, purchaseOrder?: string): MoveDecision {
  const { input } = activation;
  const now = work.now(root.setup.tenantId);
  const account = root.setup.accounts.get(input.accountId);
  const misfit = misfitOf(root, activation, account);
  if (!account || misfit) return misfit!;
  const line = input.attachedTo === null ? null : root.products.get(input.attachedTo)!;
  if (line && ['TERMINATED', 'CANCELLED', 'ABORTED'].includes(line.state)) {
    return refused([moveError('CONFLICT', 'The product that it is attached to has ended.', ['attachedTo'])], false);
  }
  const bundle = input.bundledIn === undefined ? null : root.products.get(input.bundledIn);
  if (bundle === undefined || (bundle && (bundle.accountId !== account.id || !isGoingOn(bundle)))) {
    return refused([moveError('CONFLICT', 'The bundle that it is a component of has ended, or ends.', ['bundledIn'])], false);
  }
  const product = newProduct(loader, activation, now);
  const short = unpayable(work, root, product, account, now);
  if (short) return short;
  const position = root.nextPosition();
  root.addProduct({ ...product, state: 'PENDING_ACTIVE', nextRenewalAt: null, assignments: [] });
  if (input.identifiers.length > 0) work.extra.push(assignIdentifiers(root, product, input.identifiers));
  if (purchaseOrder !== undefined) work.extra.push(keepPurchaseOrder(root, product.id, purchaseOrder));
  return doneWith(root, product.id, position);
}

const keepPurchaseOrder = (root: RootState, productId: bigint, number: string): Statement => ({
  name: 'purchase-order',
  text: 'update product set purchase_order = $3 where shard = $1 and id = $2',
  values: [root.shard, productId.toString(), number],
});

/** Begins a prepared product: prices, first fees and allowances from now on; a slice's end and devices with it. */
export function decideBegin(work: Work, root: RootState, loader: SetupLoader, input: BeginInput): MoveDecision {
  const product = root.products.get(input.productId);
  const account = product && root.setup.accounts.get(product.accountId);
  if (!product || !account) return refused([moveError('NOT_FOUND', 'No such product.', ['productId'])], false);
  if (product.state !== 'PENDING_ACTIVE') return refused([moveError('CONFLICT', 'The product is not waiting to begin.', ['productId'])], false);
  const now = work.now(root.setup.tenantId);
  const { slice } = input;
  if (slice && slice.endsAt !== null && slice.endsAt <= now) return refused([moveError('CONFLICT', 'Its end has passed before it could begin.', ['endsAt'])], false);
  const begun = {
    ...product, state: 'ACTIVE' as const, startedAt: now, anchorAt: now, nextRenewalAt: now, endedAt: slice?.endsAt ?? null,
    assignments: pricesFrom(product.terms, now, (price) => loader.compile(price)),
  };
  const short = unpayable(work, root, begun, account, now);
  if (short) return short;
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const position = root.nextPosition();
  root.switchPrices(product, begun, now);
  root.changeProduct(begun, {}, now);
  if (begun.endedAt !== null) work.extra.push(releaseIdentifiers(root, begun.id, begun.endedAt));
  if (slice && slice.devices.length > 0) work.extra.push(admitDevices(root, begun, slice));
  for (const fee of oneTimeFees(work, root, begun)) {
    bookFee(work, root, begun, payer, moneyBuckets(root, payer, payer.currency, now), fee);
  }
  applyDue(work, root, now);
  return doneWith(root, product.id, position);
}

/** Gives a prepared product up: by the customer's wish, or because it could not be made. Its numbers are free. */
export function decideGiveUp(
  work: Work, root: RootState, input: { readonly productId: bigint; readonly state: 'CANCELLED' | 'ABORTED' },
): MoveDecision {
  const product = root.products.get(input.productId);
  if (!product) return refused([moveError('NOT_FOUND', 'No such product.', ['productId'])], false);
  if (product.state !== 'PENDING_ACTIVE') return refused([moveError('CONFLICT', 'The product is not waiting to begin.', ['productId'])], false);
  const now = work.now(root.setup.tenantId);
  const position = root.nextPosition();
  root.changeProduct(product, { state: input.state, endedAt: now }, now);
  work.extra.push(releaseIdentifiers(root, product.id, now));
  return doneWith(root, product.id, position);
}
