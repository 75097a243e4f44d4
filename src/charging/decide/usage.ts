import { Bucket, MoneyPlan, MoneyTake, planMoney, planUnits, spreadTax, staysInRange, UnitTake, withOverUse } from '../../balance';
import { guide, GuidedUsage, ownerOf, termsAt, UsageOwner } from '../../guiding';
import { Amount, amount, moneyAsset, quantity, ZERO_AMOUNT, ZERO_QUANTITY } from '../../platform/money';
import { ErrorCode } from '../../platform/errors';
import { ChosenPrice, choosePrice, explainFacts, governingIncrement, PriceCandidate, PricedSpan, priceSpan, PricingSpan } from '../../rating';
import { isDeviceCount } from '../../usage/device-count.rules';
import { storedUsage } from '../../usage/usage.codec';
import { UsageEvent } from '../../usage/usage.types';
import { ChargeUsageOptions, UsageResult } from '../charging.api';
import { ChargeRow } from '../charge.types';
import { TenantFacts, Taxed, taxed } from '../work/facts';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { moneyLeft, reviveFor } from './lapse';
import { asReported, JudgedUsage, judgedAt } from './clock-skew';
import { billCycleOf, billPeriodOf } from './periods';
import { messageOf } from './refusals';
import { moneyBuckets, overUseBuckets, servingBuckets, unitsLeft } from './serving';
import { passesOwnLimit, spendCounter } from './spend';

/** The usage does not belong to this root: the node's picture of who owns the identifier is old. */
export const NOT_OWNED = Symbol('not owned');

/**
 * Rates, pays and books one usage under its root's lock, or says why not. What starts a little ahead of the database's
 * clock began when it was received: both are kept, and no later period is touched before it begins.
 */
export function decideUsage(
  work: Work, root: RootState, reported: UsageEvent, options: ChargeUsageOptions,
): UsageResult | typeof NOT_OWNED {
  const facts = work.factsOf(reported.tenantId);
  const now = work.now(reported.tenantId);
  const misplaced = timeFault(reported, now, facts, options) ?? sizeFault(reported, facts);
  if (misplaced) return quarantine(work, reported, misplaced);
  const event = judgedAt(reported, now);
  const owner = ownerOf(event, root.setup);
  if (!owner) return NOT_OWNED;
  if (event.emergency) return bookEmergency(work, root, owner, event);
  const guided = guide(event, owner, root.products);
  if (typeof guided === 'string') return quarantine(work, event, 'PRODUCT_NOT_ACTIVE');
  if (guided.products.length === 0) {
    // What would serve it is there, and barred.
    return options.delivered ? quarantine(work, event, 'PRODUCT_SUSPENDED') : refuseUsage(work, root, guided, event, 'PRODUCT_SUSPENDED');
  }
  const chosen = choosePrice(event, candidatesOf(guided, facts, event.startedAt));
  if (typeof chosen === 'string') return quarantine(work, event, 'RATING_FAILED');
  return pay(work, root, guided, event, chosen, options);
}

function timeFault(event: UsageEvent, now: number, facts: TenantFacts, options: ChargeUsageOptions): ErrorCode | null {
  const { settings, lateLimits } = facts;
  if (event.startedAt > now + settings.futureToleranceSeconds * 1000) return 'USAGE_IN_FUTURE';
  const span = event.endedAt === null ? 0 : event.endedAt - event.startedAt;
  const isTooLong = event.unit === 'SECOND' && event.quantity > BigInt(settings.maximumUsageSeconds);
  if (isTooLong || span < 0 || span > settings.maximumUsageSeconds * 1000) return 'USAGE_TOO_LONG';
  const named = lateLimits.get(event.source);
  const stated = named === undefined ? settings.lateLimitDays : named;
  const days = options.lateLimitDays === undefined ? stated : options.lateLimitDays;
  return days !== null && event.startedAt < now - days * 86_400_000 ? 'USAGE_TOO_LATE' : null;
}

/** What no session uses is a counter that wrapped; devices are no session's. Time has its own bound, above. */
function sizeFault({ source, unit, quantity: used }: UsageEvent, { settings }: TenantFacts): ErrorCode | null {
  if (unit === 'BYTE') return used > BigInt(settings.maximumUsageBytes) ? 'USAGE_TOO_LONG' : null;
  return unit === 'EVENT' && !isDeviceCount({ source, unit }) && used > BigInt(settings.maximumUsageEvents) ? 'USAGE_TOO_LONG' : null;
}

/** The usage prices in force at the event's time, of every product that serves it (money-rules 1.1, 1.2). */
function candidatesOf(guided: GuidedUsage, facts: TenantFacts, at: number): PriceCandidate[] {
  const candidates: PriceCandidate[] = [];
  for (const product of guided.products) {
    const terms = termsAt(product, at);
    const holder = {
      productPriority: terms.priority, isAddOn: product.attachedTo !== null, productStartedAt: product.startedAt,
      productId: product.id.toString(),
    };
    for (const { compiled, from, until } of product.assignments) {
      if (compiled && at >= from && (until === null || at < until)) candidates.push({ ...holder, price: compiled });
    }
    for (const listed of terms.usage) {
      if (!listed.listPriced) continue;
      const version = facts.listPrices.get(listed.priceId)?.find((v) => at >= v.validFrom && (v.validUntil === null || at < v.validUntil));
      if (version?.compiled) candidates.push({ ...holder, price: version.compiled });
    }
  }
  return candidates;
}

interface Payment {
  readonly units: readonly UnitTake[];
  readonly money: readonly MoneyTake[];
  readonly span: PricingSpan;
  /** Null where allowances paid all of it. */
  readonly priced: PricedSpan | null;
  readonly due: Taxed;
}

function pay(
  work: Work, root: RootState, guided: GuidedUsage, event: JudgedUsage, chosen: ChosenPrice, options: ChargeUsageOptions,
): UsageResult {
  const facts = work.factsOf(event.tenantId);
  const { version } = chosen.candidate.price;
  const serving = servingBuckets(root, guided, event, facts.settings.scopeBeforePriority);
  const plan = planUnits(serving, event.quantity, unitsLeft, (offset) => governingIncrement(event, chosen, offset));
  if (plan.blockedBy && !options.delivered) return refuseUsage(work, root, guided, event, 'BUCKET_BLOCKED');
  // A count is priced by itself: with those of other periods it does not add up.
  const tier = version.definition.tiers && !isDeviceCount(event) ? tierCounter(work, root, guided, chosen, event.startedAt) : null;
  const span: PricingSpan = {
    offset: quantity(event.quantity - plan.remaining), quantity: plan.remaining,
    counterBefore: tier ? quantity(tier.quantity) : ZERO_QUANTITY, chargeConnectFee: true,
  };
  const priced = plan.remaining === 0n && plan.takes.length > 0 ? null : priceSpan(event, chosen, span);
  const due = taxed(facts, version, priced?.amount ?? ZERO_AMOUNT, event.startedAt);
  if (!due) return quarantine(work, event, 'RATING_FAILED');
  if (due.gross !== 0n && version.currency !== guided.payer.currency) return quarantine(work, event, 'CURRENCY_MISMATCH');
  const spend = spendCounter(work, root, guided, event.startedAt);
  if (!options.delivered && passesOwnLimit(guided, spend, due.gross)) return refuseUsage(work, root, guided, event, 'CREDIT_LIMIT_REACHED');
  const money = moneyFor(root, guided, event, due.gross, options.delivered);
  if (typeof money === 'string') return refuseUsage(work, root, guided, event, money);
  if (!money.takes.every(({ bucket, gross }) => staysInRange(bucket, -gross))) return quarantine(work, event, 'RATING_FAILED');
  if (tier && priced) work.count(tier, { amount: due.gross, quantity: priced.counterAdds, events: 1n });
  if (spend && due.gross !== 0n) work.count(spend, { amount: due.gross, quantity: 0n, events: 1n });
  return book(work, root, guided, event, chosen, { units: plan.takes, money: money.takes, span, priced, due });
}

/** Who pays what: never more than is there, unless it was delivered. A price that fell gives back even to a purse whose life has ended. */
function moneyFor(root: RootState, guided: GuidedUsage, event: UsageEvent, gross: Amount, delivered: boolean): MoneyPlan | ErrorCode {
  const { payer } = guided;
  const purses = moneyBuckets(root, payer, payer.currency, event.startedAt);
  const plan = planMoney(purses, gross, moneyLeft);
  if (plan.short === 0n) return plan;
  const last = overUseBuckets(root, payer, payer.currency);
  if (plan.short < 0n) return planMoney(last, gross);
  if (delivered) return withOverUse(plan, last);
  return purses.some((bucket) => bucket.kind === 'CREDIT') ? 'CREDIT_LIMIT_REACHED' : 'INSUFFICIENT_BALANCE';
}

function tierCounter(work: Work, root: RootState, guided: GuidedUsage, chosen: ChosenPrice, at: number): ReturnType<Work['counter']> {
  const { candidate } = chosen;
  return work.counter(root, BigInt(candidate.productId), `price:${candidate.price.version.priceId}`, billCycleOf(guided.payer, at).start);
}

function book(work: Work, root: RootState, guided: GuidedUsage, event: JudgedUsage, chosen: ChosenPrice, payment: Payment): UsageResult {
  const { version } = chosen.candidate.price;
  const { due } = payment;
  const position = root.nextPosition();
  // Written by hand: half the price of stringifying the same facts, thousands of times a second.
  let paid = '';
  const pay = (bucket: Bucket, taken: bigint): void => {
    paid += `${paid ? ',' : ''}[${bucket.id},"${taken}","${bucket.value}"]`;
  };
  for (const { bucket, units } of payment.units) {
    reviveFor(work, root, bucket, { value: units, at: event.startedAt }, position);
    pay(bucket, units);
    work.move(bucket, root, position, { kind: 'CHARGE', amount: -units, contra: 'consumption' });
  }
  const taxes = spreadTax(payment.money, due.gross, due.tax);
  payment.money.forEach(({ bucket, gross }, index) => {
    reviveFor(work, root, bucket, { value: gross, at: event.startedAt }, position);
    pay(bucket, gross);
    work.move(bucket, root, position, {
      kind: 'CHARGE', amount: -gross, contra: version.revenueAccount, tax: taxes[index]!, taxCode: due.taxCode,
    });
  });
  const rated = payment.priced ? `"r":${JSON.stringify(explainFacts(chosen, payment.priced, payment.span))},` : '';
  const charge = usageRow(root, guided, event, position);
  charge.productId = BigInt(chosen.candidate.productId);
  charge.net = due.net;
  charge.tax = due.tax;
  charge.asset = moneyAsset(version.currency);
  charge.priceVersionId = BigInt(version.id);
  const reported = event.reportedAt === undefined ? '' : `,"s":${event.reportedAt}`;
  charge.explanation = `{${rated}"b":[${paid}],"t":${JSON.stringify(due.taxCode)}${reported}}`;
  return charged(work, charge, event, version.currency);
}

type Draft = { -readonly [K in keyof ChargeRow]: ChargeRow[K] };

/** The row of a usage that cost nothing so far; a decision fills in the rest in place, because copies of it add up. */
function usageRow(root: RootState, guided: Pick<GuidedUsage, 'account' | 'payer'>, event: UsageEvent, position: bigint): Draft {
  return {
    shard: root.shard, rootId: root.rootId, position, tenantId: event.tenantId, source: event.source, eventId: event.usageId,
    role: 'RETAIL', party: 0n, bodyHash: event.bodyHash, accountId: guided.account.id, productId: null, kind: event.kind,
    identifier: event.subscriber.value, otherParty: event.otherParty, eventAt: event.startedAt,
    billPeriod: billPeriodOf(root, guided.payer, event.startedAt), unit: event.unit, quantity: event.quantity, net: 0n, tax: 0n,
    asset: moneyAsset(guided.payer.currency), priceVersionId: null, reverses: null, explanation: null, status: 'CHARGED', reason: null, shares: null, reversed: null,
  };
}

function charged(work: Work, charge: ChargeRow, event: UsageEvent, currency: string): UsageResult {
  work.charges.push(charge);
  work.settled.push({ tenantId: event.tenantId, source: event.source, eventId: event.usageId, bodyHash: event.bodyHash });
  const { shard, rootId, position, role } = charge;
  return {
    usageId: event.usageId, status: 'CHARGED', duplicate: false, error: null,
    charge: { shard, rootId, position, role, net: amount(charge.net), tax: amount(charge.tax), currency },
  };
}

/** Emergency usage of a known subscriber: booked, free, whatever the state of account and product (money-rules 1.6). */
function bookEmergency(work: Work, root: RootState, owner: UsageOwner, event: UsageEvent): UsageResult {
  const row = usageRow(root, owner, event, root.nextPosition());
  return charged(work, { ...row, status: 'CHARGED', reason: 'EMERGENCY' }, event, owner.payer.currency);
}

/** A final refusal: stored, so that a repeat gets the same answer, and nothing else is changed. */
function refuseUsage(work: Work, root: RootState, guided: GuidedUsage, event: UsageEvent, code: ErrorCode): UsageResult {
  const row = usageRow(root, guided, event, root.nextPosition());
  work.charges.push({ ...row, status: 'REFUSED', reason: code });
  work.settled.push({ tenantId: event.tenantId, source: event.source, eventId: event.usageId, bodyHash: event.bodyHash });
  return {
    usageId: event.usageId, status: 'REFUSED', duplicate: false, charge: null,
    error: { code, message: messageOf(code), path: [], retryable: false },
  };
}

/** Puts a usage aside with its reason: visible, counted, to be driven again. */
export function quarantine(work: Work, event: UsageEvent, code: ErrorCode): UsageResult {
  work.putAside({
    tenantId: event.tenantId, source: event.source, eventId: event.usageId, bodyHash: event.bodyHash,
    body: JSON.stringify(storedUsage(asReported(event))), reason: code, message: messageOf(code), state: 'OPEN',
  });
  return quarantined(event, code);
}

export const quarantined = (event: UsageEvent, code: ErrorCode): UsageResult => ({
  usageId: event.usageId, status: 'QUARANTINED', duplicate: false, charge: null,
  error: { code, message: messageOf(code), path: [], retryable: true },
});
