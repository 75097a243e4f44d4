import { createHash } from 'node:crypto';
import { AllowanceTerms, FeePrice } from '../../catalog';
import { holdsAt, SetupAccount, SetupProduct } from '../../guiding';
import { ceilToMultiple, divideRounded, quantity, Quantity } from '../../platform/money';
import { Fraction, localParts, Period, periodOf, PeriodRule, shareOfPeriod } from '../../platform/time';
import { TenantFacts } from '../work/facts';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { bookFee, canPay, DueFee, dueFee, grossOf } from './fees';
import { moneyBuckets } from './serving';

const DAY = 86_400_000;
/** A prepaid fee that cannot be paid is tried again once a day for this long, then the product ends (money-rules 5.9). */
const UNPAID_DAYS = 30;

/** How a product's time is cut; null where it has no periods. */
export function periodRule(product: SetupProduct, account: SetupAccount): PeriodRule | null {
  const { periodKind, periodLength } = product.terms;
  switch (periodKind) {
    case 'NONE': return null;
    case 'BILL_CYCLE': return { kind: 'BILL_CYCLE', day: account.billCycleDay };
    case 'MONTH': return { kind: 'BILL_CYCLE', day: dayOfMonth(account.timeZone, product.anchorAt) };
    case 'HOUR': return { kind: 'HOURS', hours: periodLength, firstUse: product.anchorAt };
    default: return { kind: periodKind };
  }
}

const dayOfMonth = (zone: string, at: number): number => new Date(localParts(zone, at).epochDay * DAY).getUTCDate();

/** One renewal as it would be: its period, its share of the natural one, and what it costs. */
export interface PlannedRenewal {
  readonly start: number;
  readonly end: number | null;
  /** Below one for a first period that starts inside its natural one. */
  readonly share: Fraction | null;
  readonly fees: readonly DueFee[];
}

/** The renewal that starts at `start`: first period of a product, or the next. */
export function planRenewal(facts: TenantFacts, product: SetupProduct, account: SetupAccount, start: number): PlannedRenewal {
  const rule = periodRule(product, account);
  const natural = rule && periodOf(rule, account.timeZone, start);
  const share = natural && start > natural.start && rule.kind !== 'HOURS' ? shareFrom(natural, account.timeZone, start) : null;
  const fees = product.assignments
    .filter((assignment) => assignment.price.priceType === 'RECURRING' && holdsAt(assignment, start))
    .map((assignment) => dueFee(facts, product, assignment.price as FeePrice, 'renewal', start, share));
  return { start, end: natural ? natural.end : null, share, fees };
}

function shareFrom(natural: Period, zone: string, start: number): Fraction {
  const startDate = new Date(localParts(zone, start).epochDay * DAY).toISOString().slice(0, 10);
  return shareOfPeriod({ startDate, endDate: natural.endDate }, natural);
}

/**
 * Renews a product: fee first, grant second, under the key (product, period). A prepaid fee that cannot be paid grants
 * nothing and suspends the product. `now` is the batch's time, `due` the instant at which the period should start.
 */
export function renew(work: Work, root: RootState, product: SetupProduct, due: number, now: number): void {
  const account = root.setup.accounts.get(product.accountId)!;
  const payer = root.setup.accounts.get(account.payerId) ?? account;
  if (product.endedAt !== null && due >= product.endedAt) return void root.changeProduct(product, { nextRenewalAt: null });
  const restarts = product.unpaidSince !== null;
  const from = restarts ? restartOf(product, account, now) : { product, start: due };
  const plan = planRenewal(work.factsOf(root.setup.tenantId), from.product, account, from.start);
  const purses = moneyBuckets(root, payer, payer.currency, now);
  if (!canPay(purses, grossOf(plan.fees))) return suspendUnpaid(root, product, due, now);
  recordRenewal(work, root, from.product, plan);
  for (const fee of plan.fees) bookFee(work, root, product, payer, purses, fee);
  grantAllowances(work, root, from.product, plan);
  root.changeProduct(from.product, {
    periodStart: plan.start, periodEnd: plan.end, nextRenewalAt: product.terms.autoRenew ? plan.end : null, unpaidSince: null,
    endedAt: product.terms.autoRenew || plan.end === null ? product.endedAt : plan.end,
    suspensions: product.suspensions.map((s) => (s.reason === 'RENEWAL_UNPAID' && s.until === null ? { ...s, until: Math.max(now, s.from + 1) } : s)),
    state: product.state === 'SUSPENDED' && !stillSuspended(product) ? 'ACTIVE' : product.state,
  });
}

const stillSuspended = (product: SetupProduct): boolean =>
  product.suspensions.some((s) => s.reason !== 'RENEWAL_UNPAID' && s.until === null);

/** A late payment starts its period on the day it came, or (switch) keeps the old anniversary. */
function restartOf(product: SetupProduct, account: SetupAccount, now: number): { product: SetupProduct; start: number } {
  if (product.terms.paidRenewalStarts === 'ANNIVERSARY') {
    const rule = periodRule(product, account);
    return { product, start: rule ? Math.max(periodOf(rule, account.timeZone, now).start, product.startedAt) : now };
  }
  const start = periodOf({ kind: 'DAY' }, account.timeZone, now).start;
  return { product: { ...product, anchorAt: start }, start };
}

function suspendUnpaid(root: RootState, product: SetupProduct, due: number, now: number): void {
  const since = product.unpaidSince ?? due;
  const suspended = product.suspensions.some((s) => s.reason === 'RENEWAL_UNPAID' && s.until === null);
  const suspensions = suspended ? product.suspensions
    : [...product.suspensions, { reason: 'RENEWAL_UNPAID' as const, level: 'ALL' as const, from: due, until: null }];
  if (now >= since + UNPAID_DAYS * DAY) {
    root.changeProduct(product, { state: 'TERMINATED', endedAt: since + UNPAID_DAYS * DAY, nextRenewalAt: null, unpaidSince: since, suspensions });
    return;
  }
  root.changeProduct(product, { state: 'SUSPENDED', unpaidSince: since, nextRenewalAt: now + DAY, suspensions });
}

function recordRenewal(work: Work, root: RootState, product: SetupProduct, plan: PlannedRenewal): void {
  const key = `${product.id}:${new Date(plan.start).toISOString()}`;
  work.requests.push({
    shard: root.shard, tenantId: root.setup.tenantId, operation: 'RENEWAL', caller: 'system', key, rootId: root.rootId,
    position: root.nextPosition(), bodyHash: createHash('sha256').update(key).digest(),
    answer: JSON.stringify({ productId: product.id.toString(), from: plan.start, until: plan.end, fees: plan.fees.map((fee) => fee.key) }),
  });
}

function grantAllowances(work: Work, root: RootState, product: SetupProduct, plan: PlannedRenewal): void {
  for (const terms of product.terms.allowances) {
    rollOver(work, root, product, terms, plan);
    const units = grantOf(terms, plan.share);
    if (units === 0n) continue;
    const bucket = root.openBucket({
      accountId: product.accountId, productId: product.id, allowanceId: BigInt(terms.id), kind: 'UNIT', asset: terms.unit,
      priority: terms.priority, isShared: terms.isShared, validFrom: plan.start, validUntil: plan.end,
    });
    bucket.granted = units;
    work.move(bucket, root, root.position, { kind: 'GRANT', amount: units, contra: 'allowance_grant' });
  }
}

/** A prorated first grant is rounded up to a whole step. */
function grantOf(terms: AllowanceTerms, share: Fraction | null): Quantity {
  if (!share || terms.firstGrant === 'FULL') return terms.quantity;
  const part = divideRounded(terms.quantity * share.numerator, share.denominator, 'UP');
  return quantity(terms.step ? ceilToMultiple(part, terms.step) : part);
}

/** What may roll over stays in its old bucket, whose validity moves to the new period's end: so the oldest is spent first. */
function rollOver(work: Work, root: RootState, product: SetupProduct, terms: AllowanceTerms, plan: PlannedRenewal): void {
  if (terms.renewal !== 'ROLL_OVER') return;
  let room = terms.rollOverMaximum ?? null;
  const old = [...root.buckets.values()].filter((bucket) => bucket.kind === 'UNIT' && bucket.state === 'ACTIVE'
    && bucket.productId === product.id && bucket.allowanceId === BigInt(terms.id) && bucket.validUntil !== null
    && bucket.validUntil <= plan.start && bucket.value > 0n);
  for (const bucket of old.reverse()) {
    const kept = room === null || bucket.value <= room ? bucket.value : room;
    if (kept < bucket.value) lapse(work, root, bucket, bucket.value - kept);
    if (room !== null) room = quantity(room - kept);
    if (kept === 0n) continue;
    bucket.validUntil = plan.end;
    root.moved.add(bucket);
  }
}

/** Units that lapse unused: a ledger move, remembered on the bucket because late usage may still take them. */
export function lapse(work: Work, root: RootState, bucket: Parameters<Work['move']>[0], units: bigint): void {
  bucket.expired += units;
  work.move(bucket, root, root.position, { kind: 'EXPIRE', amount: -units, contra: 'expired_units' });
}
