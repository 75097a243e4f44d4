import { planMoney } from '../../balance';
import { FeePrice, OfferingTerms } from '../../catalog';
import { SetupAccount, SetupLoader, SetupProduct, wasActive } from '../../guiding';
import { ActivateInput } from '../charging.api';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { applyDue } from './due';
import { areEqual } from './equal-prices';
import { bookFee, dueFee, grossOf, TaxRateMissing } from './fees';
import { assignIdentifiers } from './identifiers';
import { MoveDecision, refused } from './move';
import { moveError } from './refusals';
import { feesUntil, MAX_PAST_PERIODS } from './renewal';
import { moneyBuckets } from './serving';
import { pricesFrom } from './switch-terms';

/** Of a slice there is only so much: the order that makes its product reserves it. */
export const ORDERED_ALONE = 'A slice is ordered by productOrderCreate, which reserves its capacity.';

/** What a product is made of. */
export interface NewProduct {
  readonly input: Pick<ActivateInput, 'accountId' | 'attachedTo' | 'identifiers'> & { readonly bundledIn?: bigint };
  readonly terms: OfferingTerms;
  readonly productId: bigint;
}

/** What an activation needs from outside the lock: the launched terms and a fresh product id. */
export interface Activation {
  readonly input: ActivateInput & { readonly bundledIn?: bigint };
  readonly terms: OfferingTerms;
  readonly productId: bigint;
}

/**
 * Makes a product of an offering: its dated price assignments, its identifiers, its one-time fees, and its first period
 * (and, for a start in the past, every period since). What a prepaid account cannot pay is refused and changes nothing.
 */
export function decideActivate(work: Work, root: RootState, loader: SetupLoader, activation: Activation): MoveDecision {
  const { input } = activation;
  if (activation.terms.isSlice) return refused([moveError('NOT_ALLOWED', ORDERED_ALONE, ['offeringCode'])], false);
  const now = work.now(root.setup.tenantId);
  const account = root.setup.accounts.get(input.accountId);
  const misfit = misfitOf(root, activation, account);
  if (!account || misfit) return misfit!;
  const startedAt = input.startedAt ?? now;
  if (startedAt < 0) return refused([moveError('INVALID_INPUT', 'A product starts in 1970 or later.', ['startedAt'])], false);
  if (startedAt > now) return refused([moveError('INVALID_INPUT', 'A product starts now or in the past; an order starts one later.', ['startedAt'])], false);
  const product = newProduct(loader, activation, startedAt);
  return equalOf(root, product, now) ?? unpayable(work, root, product, account, now) ?? book(work, root, product, account, input, now);
}

/** Why an account cannot have the product at all; null where it can. */
export function misfitOf(root: RootState, { input, terms }: Activation, account: SetupAccount | undefined): MoveDecision | null {
  if (!account || account.state !== 'ACTIVE') return refused([moveError('NOT_FOUND', 'No such account.', ['accountId'])], false);
  if (!terms.paymentModes.includes(account.paymentMode)) {
    return refused([moveError('NOT_ALLOWED', `The offering is sold to ${terms.paymentModes.join(' and ')} accounts.`, ['offeringCode'])], false);
  }
  const line = input.attachedTo === null ? null : root.products.get(input.attachedTo);
  if (line === undefined || (line && line.accountId !== account.id)) {
    return refused([moveError('NOT_FOUND', 'No such product on this account.', ['attachedTo'])], false);
  }
  return null;
}

/** The product as it is from its start on; its first period falls due with its start. */
export function newProduct(loader: SetupLoader, { input, terms, productId }: NewProduct, startedAt: number): SetupProduct {
  return {
    id: productId, accountId: input.accountId, terms, attachedTo: input.attachedTo, bundledIn: input.bundledIn ?? null,
    // A slice serves what happens in it, and never the numbers of its account.
    accountWide: !terms.isSlice && input.attachedTo === null && input.identifiers.length === 0, state: 'ACTIVE', startedAt, endedAt: null,
    anchorAt: startedAt, periodStart: null, periodEnd: null, nextRenewalAt: startedAt, unpaidSince: null, nextTerms: null, formerTerms: [], version: 1, suspensions: [],
    assignments: pricesFrom(terms, startedAt, (price) => loader.compile(price)),
  };
}

/** Which price a usage would find must never hang on ids: the second of two equal products is refused here, not when usage arrives. */
function equalOf(root: RootState, product: SetupProduct, now: number): MoveDecision | null {
  const equal = [...root.products.values()].find((other) => wasActive(other, now) && areEqual(product, other));
  if (!equal) return null;
  return refused([moveError('CONFLICT', `"${equal.terms.name}" began at the same instant, with a price of the same usage and rank; another start or priority tells them apart.`, ['offeringCode'])], false);
}

/** Why the product cannot be paid, from its start until now; null where it can. Credit counts only as far as its limit. */
export function unpayable(work: Work, root: RootState, product: SetupProduct, account: SetupAccount, now: number): MoveDecision | null {
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const { oneTime, recurring, usage } = product.terms;
  const foreign = [...oneTime, ...recurring, ...usage].find((price) => price.currency !== payer.currency);
  if (foreign) return refused([moveError('CURRENCY_MISMATCH', `The offering is priced in ${foreign.currency}, the payer keeps ${payer.currency}.`, ['offeringCode'])], false);
  const purses = moneyBuckets(root, payer, payer.currency, now);
  try {
    const periodic = feesUntil(work.factsOf(root.setup.tenantId), product, account, now);
    if (!periodic) return refused([moveError('INVALID_INPUT', `The start lies more than ${MAX_PAST_PERIODS} periods back.`, ['startedAt'])], false);
    const fees = [...oneTimeFees(work, root, product), ...periodic];
    if (planMoney(purses, grossOf(fees)).short === 0n) return null;
  } catch (error) {
    if (error instanceof TaxRateMissing) return refused([moveError('RATING_FAILED', error.message, ['offeringCode'])], false);
    throw error;
  }
  return refused([moveError(purses.some((bucket) => bucket.kind === 'CREDIT') ? 'CREDIT_LIMIT_REACHED' : 'INSUFFICIENT_BALANCE')]);
}

export const oneTimeFees = (work: Work, root: RootState, product: SetupProduct): ReturnType<typeof dueFee>[] =>
  product.terms.oneTime.map((price: FeePrice) => dueFee(work.factsOf(root.setup.tenantId), product, price, 'activation', product.startedAt, null));

function book(work: Work, root: RootState, product: SetupProduct, account: SetupAccount, input: ActivateInput, now: number): MoveDecision {
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const position = root.nextPosition();
  root.addProduct(product);
  if (input.identifiers.length > 0) work.extra.push(assignIdentifiers(root, product, input.identifiers));
  for (const fee of oneTimeFees(work, root, product)) {
    bookFee(work, root, product, payer, moneyBuckets(root, payer, payer.currency, now), fee);
  }
  applyDue(work, root, now);
  const answer = { rootId: root.rootId.toString(), position: position.toString(), productId: product.id.toString() };
  return { kind: 'DONE', position, answer };
}
