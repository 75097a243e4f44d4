import { createHash } from 'node:crypto';
import { AllowanceTerms, FeePrice } from '../../catalog';
import { holdsAt, SetupAccount, SetupProduct, Suspension } from '../../guiding';
import { ceilToMultiple, divideRounded, minBigint, quantity, Quantity } from '../../platform/money';
import { DAY_MS, dateOfEpochDay, Fraction, localParts, Period, periodOf, PeriodRule, shareOfPeriod } from '../../platform/time';
import { TenantFacts } from '../work/facts';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { bookFee, canPay, DueFee, dueFee, grossOf } from './fees';
import { removeDevices } from './devices';
import { releaseIdentifiers } from './identifiers';
import { lapse } from './lapse';
import { moneyBuckets } from './serving';
import { switchTerms } from './switch-terms';

/** A prepaid fee that cannot be paid is tried again once a day for this long, then the product ends (money-rules 5.9). */
const UNPAID_DAYS = 30;

/** One move books at most this many periods of a start in the past. */
export const MAX_PAST_PERIODS = 1_000;

/** How a product's time is cut; null where it has no periods. */
export function periodRule(
  product: { readonly terms: Pick<SetupProduct['terms'], 'periodKind' | 'periodLength'>; readonly anchorAt: number },
  account: Pick<SetupAccount, 'billCycleDay' | 'timeZone'>,
): PeriodRule | null {
  const { periodKind, periodLength } = product.terms;
  switch (periodKind) {
    case 'NONE': return null;
    case 'BILL_CYCLE': return { kind: 'BILL_CYCLE', day: account.billCycleDay };
    case 'MONTH': return { kind: 'BILL_CYCLE', day: dayOfMonth(account.timeZone, product.anchorAt) };
    case 'HOUR': return { kind: 'HOURS', hours: periodLength, firstUse: product.anchorAt };
    default: return { kind: periodKind };
  }
}

const dayOfMonth = (zone: string, at: number): number => new Date(localParts(zone, at).epochDay * DAY_MS).getUTCDate();

/** One renewal as it would be: its period, its shares of the natural one, and what it costs. */
export interface PlannedRenewal {
  readonly start: number;
  readonly end: number | null;
  /** Below one for a first period that starts inside its natural one; null = a whole one. */
  readonly firstShare: Fraction | null;
  readonly fees: readonly DueFee[];
}

/** The renewal that starts at `start`: first period of a product, or the next; it never runs beyond the product's end. */
export function planRenewal(facts: TenantFacts, product: SetupProduct, account: SetupAccount, start: number): PlannedRenewal {
  const rule = periodRule(product, account);
  const natural = rule && periodOf(rule, account.timeZone, start);
  const byDays = natural && rule.kind !== 'HOURS' ? natural : null;
  const firstShare = byDays && start > byDays.start ? shareOf(byDays, account.timeZone, start, null) : null;
  const endsAt = product.endedAt !== null && natural && product.endedAt < natural.end ? product.endedAt : null;
  const feeShare = byDays && endsAt !== null ? shareOf(byDays, account.timeZone, start, endsAt) : firstShare;
  const fees = product.assignments
    .filter((assignment) => assignment.price.priceType === 'RECURRING' && holdsAt(assignment, start))
    .map((assignment) => dueFee(facts, product, assignment.price as FeePrice, 'renewal', start, feeShare, endsAt ?? (natural ? natural.end : null)));
  return { start, end: endsAt ?? (natural ? natural.end : null), firstShare, fees };
}

/** The share of the natural period that is left of the running one from an instant on, its day included; null = all of it. */
export function restShare(product: SetupProduct, account: SetupAccount, from: number): Fraction | null {
  const rule = periodRule(product, account);
  const { periodStart, periodEnd, endedAt } = product;
  if (!rule || periodStart === null || periodEnd === null) return null;
  const end = endedAt !== null && endedAt < periodEnd ? endedAt : periodEnd;
  if (rule.kind === 'HOURS') return { numerator: BigInt(end - from), denominator: BigInt(periodEnd - periodStart) };
  return shareOf(periodOf(rule, account.timeZone, periodStart), account.timeZone, from, end);
}

/** A change of offering that waited for the period's end happens with the renewal. */
const switchDue = (product: SetupProduct, at: number): SetupProduct =>
  (product.nextTerms === null ? product : switchTerms(product, product.nextTerms, at));

/** By days of the natural period; the day of the start counts, and the last day is served. */
export function shareOf(natural: Period, zone: string, start: number, endsAt: number | null): Fraction {
  const startDate = dateOfEpochDay(localParts(zone, start).epochDay);
  const endDate = endsAt === null ? natural.endDate : dateOfEpochDay(localParts(zone, endsAt - 1).epochDay + 1);
  return shareOfPeriod({ startDate, endDate }, natural);
}

/** Every fee from a product's start until now: what must be paid at once for a start in the past; null beyond MAX_PAST_PERIODS. */
export function feesUntil(facts: TenantFacts, product: SetupProduct, account: SetupAccount, now: number): readonly DueFee[] | null {
  const fees: DueFee[] = [];
  let periods = 0;
  for (let start: number | null = product.startedAt; start !== null && start <= now;) {
    if ((periods += 1) > MAX_PAST_PERIODS) return null;
    const plan: PlannedRenewal = planRenewal(facts, product, account, start);
    fees.push(...plan.fees);
    start = product.terms.autoRenew ? plan.end : null;
  }
  return fees;
}

/**
 * Renews a product: fee first, grant second, under the key (product, period). A prepaid fee that cannot be paid grants
 * nothing and suspends the product. `due` is the instant at which the period should start, or at which it is tried again.
 */
export function renew(work: Work, root: RootState, product: SetupProduct, due: number, now: number): void {
  const account = root.setup.accounts.get(product.accountId)!;
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  if (product.endedAt !== null && due >= product.endedAt) return void root.changeProduct(product, { nextRenewalAt: null });
  const restart = product.unpaidSince === null ? { product, start: due } : restartOf(product, account, due);
  const from = { ...restart, product: switchDue(restart.product, restart.start) };
  const plan = planRenewal(work.factsOf(root.setup.tenantId), from.product, account, from.start);
  // Past periods of a product that is bought just now are paid with the money of now.
  const purses = moneyBuckets(root, payer, payer.currency, root.newProducts.has(product.id) ? now : due);
  const isPayable = canPay(purses, grossOf(plan.fees)) && plan.fees.every(({ price }) => price.currency === payer.currency);
  if (!isPayable) return suspendUnpaid(work, root, product, due);
  const position = recordRenewal(work, root, from.product, plan);
  for (const fee of plan.fees) bookFee(work, root, product, payer, purses, fee);
  grantAllowances(work, root, from.product, plan, position);
  if (from.product.terms !== product.terms) root.switchPrices(product, from.product, from.start);
  root.changeProduct(from.product, renewed(from.product, plan, due), from.start);
  // Its end is known now, so its numbers are free from then on even if nobody comes by until they are given to another.
  if (!from.product.terms.autoRenew && plan.end !== null) work.extra.push(releaseIdentifiers(root, product.id, plan.end));
}

function renewed(product: SetupProduct, plan: PlannedRenewal, due: number): Partial<SetupProduct> {
  const { autoRenew } = product.terms;
  return {
    periodStart: plan.start, periodEnd: plan.end, nextRenewalAt: autoRenew ? plan.end : null, unpaidSince: null,
    endedAt: autoRenew || plan.end === null ? product.endedAt : plan.end,
    suspensions: product.suspensions.map((s) => (isOpenUnpaid(s) ? { ...s, until: due > s.from ? due : s.from + 1 } : s)),
    state: product.state === 'SUSPENDED' && !stillSuspended(product) ? 'ACTIVE' : product.state,
  };
}

const isOpenUnpaid = (s: Suspension): boolean => s.reason === 'RENEWAL_UNPAID' && s.until === null;
const stillSuspended = (product: SetupProduct): boolean =>
  product.suspensions.some((s) => s.reason !== 'RENEWAL_UNPAID' && s.until === null);

/** A late payment starts its period on the day it came (hours: at once), or (switch) keeps the old anniversary. */
function restartOf(product: SetupProduct, account: SetupAccount, paidAt: number): { product: SetupProduct; start: number } {
  const rule = periodRule(product, account);
  if (product.terms.paidRenewalStarts === 'ANNIVERSARY' && rule) {
    return { product, start: periodOf(rule, account.timeZone, paidAt).start };
  }
  const day = periodOf({ kind: 'DAY' }, account.timeZone, paidAt).start;
  const start = rule?.kind === 'HOURS' || (product.periodEnd !== null && day < product.periodEnd) ? paidAt : day;
  return { product: { ...product, anchorAt: start }, start };
}

/** Tried again every day; after thirty days the product ends, as of that day. */
function suspendUnpaid(work: Work, root: RootState, product: SetupProduct, due: number): void {
  const since = product.unpaidSince ?? due;
  const endsAt = since + UNPAID_DAYS * DAY_MS;
  const isBarred = product.terms.unpaidRenewal === 'SUSPEND';
  const suspensions = !isBarred || product.suspensions.some(isOpenUnpaid) ? product.suspensions
    : [...product.suspensions, { reason: 'RENEWAL_UNPAID' as const, level: 'ALL' as const, from: due, until: null }];
  if (due >= endsAt) {
    root.changeProduct(product, { state: 'TERMINATED', endedAt: endsAt, nextRenewalAt: null, nextTerms: null, unpaidSince: since, suspensions }, endsAt);
    work.extra.push(releaseIdentifiers(root, product.id, endsAt));
    if (product.terms.isSlice) work.extra.push(removeDevices(root, product.id, endsAt));
    return;
  }
  const again = due + DAY_MS;
  root.changeProduct(product, {
    state: isBarred && product.state !== 'PENDING_TERMINATE' ? 'SUSPENDED' : product.state, unpaidSince: since, nextRenewalAt: again < endsAt ? again : endsAt, suspensions,
  }, due);
}

function recordRenewal(work: Work, root: RootState, product: SetupProduct, plan: PlannedRenewal): bigint {
  const position = root.nextPosition();
  const key = `${product.id}:${new Date(plan.start).toISOString()}`;
  work.requests.push({
    shard: root.shard, tenantId: root.setup.tenantId, operation: 'RENEWAL', caller: 'system', key, rootId: root.rootId,
    position, bodyHash: createHash('sha256').update(key).digest(),
    answer: JSON.stringify({ productId: product.id.toString(), from: plan.start, until: plan.end, fees: plan.fees.map((fee) => fee.key) }),
  });
  return position;
}

/** @param share BY_DAYS: also an allowance whose first grant is full holds only the days that are left (money-rules 3.8). */
export function grantAllowances(
  work: Work, root: RootState, product: SetupProduct, plan: PlannedRenewal, position: bigint, share: 'AS_TERMS' | 'BY_DAYS' = 'AS_TERMS',
): void {
  for (const terms of product.terms.allowances) {
    rollOver(work, root, product, terms, plan, position);
    const units = grantOf(share === 'BY_DAYS' ? { ...terms, firstGrant: 'PRORATED' } : terms, plan.firstShare);
    if (units === 0n) continue;
    const bucket = root.openBucket({
      accountId: product.accountId, productId: product.id, allowanceId: BigInt(terms.id), kind: 'UNIT', asset: terms.unit,
      priority: terms.priority, isShared: terms.isShared, validFrom: plan.start, validUntil: plan.end,
    });
    bucket.granted = units;
    work.move(bucket, root, position, { kind: 'GRANT', amount: units, contra: 'allowance_grant' });
  }
}

/** A prorated first grant is rounded up to a whole step, and never more than a whole one. */
export function grantOf(terms: AllowanceTerms, share: Fraction | null): Quantity {
  if (!share || terms.firstGrant === 'FULL') return terms.quantity;
  const part = divideRounded(terms.quantity * share.numerator, share.denominator, 'UP');
  return minBigint(quantity(terms.step ? ceilToMultiple(part, terms.step) : part), terms.quantity);
}

/** What may roll over stays in its old bucket, whose validity moves to the new period's end: so the oldest is spent first. */
function rollOver(
  work: Work, root: RootState, product: SetupProduct, terms: AllowanceTerms, plan: PlannedRenewal, position: bigint,
): void {
  if (terms.renewal !== 'ROLL_OVER') return;
  let room = terms.rollOverMaximum ?? null;
  const old = [...root.buckets.values()].filter((bucket) => bucket.kind === 'UNIT' && bucket.state === 'ACTIVE'
    && bucket.productId === product.id && bucket.allowanceId === BigInt(terms.id) && bucket.validUntil !== null
    && bucket.validUntil <= plan.start && bucket.value > 0n);
  for (const bucket of old.reverse()) {
    const kept = room === null || bucket.value <= room ? bucket.value : room;
    if (kept < bucket.value) lapse(work, root, bucket, bucket.value - kept, position);
    if (room !== null) room = quantity(room - kept);
    if (kept === 0n) continue;
    bucket.validUntil = plan.end;
    root.moved.add(bucket);
  }
}
