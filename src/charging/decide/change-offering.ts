import { planMoney } from '../../balance';
import { FeePrice, OfferingTerms } from '../../catalog';
import { SetupAccount, SetupProduct } from '../../guiding';
import { ChangeOfferingInput } from '../charging.api';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { availableAfter, bookCredits, planCredits, PlannedCredit } from './credit';
import { applyDue } from './due';
import { bookFee, DueFee, dueFee, grossOf, TaxRateMissing } from './fees';
import { doneWith, MoveDecision, ReadRows, refused } from './move';
import { moveError } from './refusals';
import { grantAllowances, periodRule, PlannedRenewal, planRenewal, restShare } from './renewal';
import { moneyBuckets } from './serving';
import { hasSamePeriods, switchTerms } from './switch-terms';

/** What a change needs from outside the lock: the launched terms that the product is to have. */
export interface OfferingChange {
  readonly input: ChangeOfferingInput;
  readonly terms: OfferingTerms;
}

/**
 * Gives a product another offering (money-rules 5.3, 5.5, 3.8). Now: the unused rest of what was billed in advance is
 * credited, the rest of the period charged on the new price, each rounded by itself; the change day belongs to the new
 * price; the old allowances end, the new ones hold their quantity by the days left. At the period's end: with its renewal.
 * The version that it has already takes back a change that is pending.
 */
export function decideChangeOffering(work: Work, root: RootState, change: OfferingChange, rows: ReadRows): MoveDecision {
  const { input, terms } = change;
  const product = root.products.get(input.productId);
  const account = product && root.setup.accounts.get(product.accountId);
  if (!product || !account) return refused([moveError('NOT_FOUND', 'No such product.', ['productId'])], false);
  const refusal = refusalOf(root, product, account, change);
  if (refusal) return refusal;
  const now = work.now(root.setup.tenantId);
  if (terms.versionId === product.terms.versionId) {
    const position = root.nextPosition();
    root.changeProduct(product, { nextTerms: null });
    return doneWith(root, product.id, position);
  }
  if (input.when === 'PERIOD_END') return later(root, product, terms);
  return changeNow(work, root, product, account, terms, rows, now);
}

/** Why the product may not change like this, whatever it costs; null where it may. */
function refusalOf(root: RootState, product: SetupProduct, account: SetupAccount, { input, terms }: OfferingChange): MoveDecision | null {
  const no = (code: Parameters<typeof moveError>[0], message: string, path: string): MoveDecision => refused([moveError(code, message, [path])], false);
  if (product.terms.isSlice || terms.isSlice) return no('CONFLICT', 'A slice is not changed: end the product and order the other offering.', product.terms.isSlice ? 'productId' : 'offeringCode');
  if (product.state === 'SUSPENDED') return no('PRODUCT_SUSPENDED', 'The product is suspended: resume it first.', 'productId');
  if (product.state === 'PENDING_TERMINATE') return no('CONFLICT', 'The product has a named end: take that back first.', 'productId');
  if (product.state !== 'ACTIVE') return no('CONFLICT', 'The product is not active.', 'productId');
  if (input.expectedVersion !== null && input.expectedVersion !== product.version) {
    return no('CONFLICT', `The product has version ${product.version}; read it again.`, 'expectedVersion');
  }
  if (product.unpaidSince !== null) return no('CONFLICT', 'The fee of its period is unpaid.', 'productId');
  if (terms.versionId === product.terms.versionId) {
    return product.nextTerms ? null : no('INVALID_INPUT', 'The product has this offering.', 'offeringCode');
  }
  if (product.nextTerms) return no('CONFLICT', 'A change is pending for the end of the period: take it back first, by changing to what the product has.', 'productId');
  if (!terms.paymentModes.includes(account.paymentMode)) {
    return no('NOT_ALLOWED', `The offering is sold to ${terms.paymentModes.join(' and ')} accounts.`, 'offeringCode');
  }
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const foreign = [...terms.recurring, ...terms.usage].find((price) => price.currency !== payer.currency);
  return foreign ? no('CURRENCY_MISMATCH', `The offering is priced in ${foreign.currency}, the payer keeps ${payer.currency}.`, 'offeringCode') : null;
}

function later(root: RootState, product: SetupProduct, terms: OfferingTerms): MoveDecision {
  if (product.periodEnd === null || product.nextRenewalAt === null) {
    return refused([moveError('INVALID_INPUT', 'The product has no period that renews: change it now.', ['when'])], false);
  }
  const position = root.nextPosition();
  root.changeProduct(product, { nextTerms: terms });
  return doneWith(root, product.id, position);
}

function changeNow(
  work: Work, root: RootState, product: SetupProduct, account: SetupAccount, terms: OfferingTerms, rows: ReadRows, now: number,
): MoveDecision {
  if (product.assignments.some(({ from }) => from >= now)) {
    return refused([moveError('CONFLICT', 'The product began or changed this very instant; repeat in a moment.', ['productId'])], false);
  }
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  const changed = switchTerms(product, terms, now);
  const credits = planCredits(work, root, product, account, rows, now);
  const planned = planOrRefuse(work, root, product, changed, account, now);
  if ('kind' in planned) return planned;
  const purses = moneyBuckets(root, payer, payer.currency, now);
  if (planMoney(purses, grossOf(planned.fees), availableAfter(credits)).short > 0n) {
    return refused([moveError(purses.some(({ kind }) => kind === 'CREDIT') ? 'CREDIT_LIMIT_REACHED' : 'INSUFFICIENT_BALANCE')], false);
  }
  return book(work, root, { before: product, after: changed, payer }, credits, planned, now);
}

/** The rest of the running period on the new prices, or a new period where periods are cut otherwise. */
function planOrRefuse(
  work: Work, root: RootState, product: SetupProduct, changed: SetupProduct, account: SetupAccount, now: number,
): PlannedRenewal | MoveDecision {
  const facts = work.factsOf(root.setup.tenantId);
  const goesOn = hasSamePeriods(product.terms, changed.terms) && product.periodEnd !== null && now < product.periodEnd;
  try {
    if (!goesOn || periodRule(changed, account)?.kind === 'HOURS') {
      return planRenewal(facts, { ...changed, anchorAt: now, endedAt: null, assignments: shared(changed) }, account, now);
    }
    const share = restShare(changed, account, now);
    const fees = changed.assignments.filter(({ from, price }) => from === now && price.priceType === 'RECURRING')
      .map(({ price }) => dueFee(facts, changed, always(price as FeePrice), 'change', now, share, product.periodEnd));
    return { start: now, end: product.periodEnd, firstShare: share, fees };
  } catch (error) {
    if (error instanceof TaxRateMissing) return refused([moveError('RATING_FAILED', error.message, ['offeringCode'])], false);
    throw error;
  }
}

/** A change charges the days that are left, also of a price that a first period would pay in full. */
const always = (price: FeePrice): FeePrice => ({ ...price, isProrated: true });
const shared = ({ assignments }: SetupProduct): SetupProduct['assignments'] => assignments.map((assignment) =>
  (assignment.price.priceType === 'RECURRING' ? { ...assignment, price: always(assignment.price) } : assignment));

interface Parties {
  readonly before: SetupProduct;
  readonly after: SetupProduct;
  readonly payer: SetupAccount;
}

function book(
  work: Work, root: RootState, { before, after, payer }: Parties, credits: readonly PlannedCredit[], plan: PlannedRenewal, now: number,
): MoveDecision {
  const position = root.nextPosition();
  bookCredits(work, root, before, payer, credits);
  const goesOn = plan.end === before.periodEnd && after.anchorAt === before.anchorAt;
  const product = goesOn ? after : {
    ...after, anchorAt: now, periodStart: plan.start, periodEnd: plan.end,
    nextRenewalAt: after.terms.autoRenew ? plan.end : null, endedAt: after.terms.autoRenew ? null : plan.end,
  };
  root.switchPrices(before, product, now);
  root.changeProduct(product, goesOn && after.terms.autoRenew ? { endedAt: null, nextRenewalAt: plan.end } : {}, now);
  endAllowances(root, before, now);
  const purses = moneyBuckets(root, payer, payer.currency, now);
  for (const fee of plan.fees) bookFee(work, root, product, payer, purses, asChange(fee, position));
  grantAllowances(work, root, product, plan, position, 'BY_DAYS');
  applyDue(work, root, now);
  return doneWith(root, product.id, position);
}

/** Keyed by its place: an offering may be left and taken up again. */
const asChange = (fee: DueFee, position: bigint): DueFee => ({ ...fee, source: 'change', key: `${fee.key}:${position}` });

/** What is left of the old allowances lapses with them. */
function endAllowances(root: RootState, product: SetupProduct, now: number): void {
  for (const bucket of root.buckets.values()) {
    if (bucket.kind !== 'UNIT' || bucket.productId !== product.id || bucket.state !== 'ACTIVE') continue;
    if (bucket.validUntil !== null && bucket.validUntil <= now) continue;
    bucket.validUntil = now;
    root.moved.add(bucket);
  }
}
