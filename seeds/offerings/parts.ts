import type { AllowanceDraft, ConditionDraft, OfferingDraft, PriceDraft, RateDraft, StepDraft, UsagePriceDraft } from '../../src/catalog';

/** Words to write tariffs in: prices are in euro with 23 % tax included; minutes, megabytes (decimal) and messages. */
export const MB = 1_000_000n;
export const GB = 1_000n * MB;
export const minutes = (count: bigint): bigint => count * 60n;

const head = (code: string, name: string, revenueAccount: string) => ({
  code, name, currency: 'EUR', taxClass: 'standard', taxIncluded: true, revenueAccount, recognition: 'AT_POINT' as const, listPriced: false,
});

/** A fee of each period, earned over it; a partial first period pays by days. */
export const monthlyFee = (amount: string, revenueAccount: string): PriceDraft => ({
  ...head('fee', 'Monthly fee', revenueAccount), recognition: 'OVER_PERIOD', recurring: { amount, isProrated: true },
});

/** A fee paid once at the start. */
export const onceFee = (code: string, name: string, amount: string, revenueAccount: string): PriceDraft => ({
  ...head(code, name, revenueAccount), oneTime: { amount },
});

const usage = (code: string, name: string, account: string, draft: Omit<UsagePriceDraft, 'timeZone' | 'conditions'>,
  conditions: readonly ConditionDraft[]): PriceDraft => ({
  ...head(code, name, account), usage: { ...draft, timeZone: 'Europe/Dublin', conditions },
});

/** Calls that the subscriber makes, at prices a minute. */
export const calls = (code: string, name: string, rates: readonly RateDraft[], conditions: readonly ConditionDraft[] = []): PriceDraft =>
  voice(code, name, rates, [MADE, ...conditions]);

/** Messages that the subscriber sends, at prices apiece. */
export const messages = (code: string, name: string, rates: readonly RateDraft[], conditions: readonly ConditionDraft[] = []): PriceDraft =>
  texts(code, name, rates, [MADE, ...conditions]);

/** What the subscriber is called and sent costs nothing, wherever it comes from. */
export const received = (): PriceDraft[] => [
  voice('received-calls', 'Calls received', [rate('Received', [], steps('0', 1n))], [RECEIVED]),
  texts('received-messages', 'Messages received', [rate('Received', [], steps('0', 1n))], [RECEIVED]),
];

/** Steering the network's services, as by *100#, costs nothing. */
export const serviceCodes = (): PriceDraft =>
  calls('service-codes', 'Service codes', [rate('Service codes', [], steps('0', 1n))], [where('numberKind', 'SERVICE_CODE')]);

const voice = (code: string, name: string, rates: readonly RateDraft[], conditions: readonly ConditionDraft[]): PriceDraft =>
  usage(code, name, 'voice', { usageKind: 'VOICE', unit: 'SECOND', per: 60n, rates }, conditions);

const texts = (code: string, name: string, rates: readonly RateDraft[], conditions: readonly ConditionDraft[]): PriceDraft =>
  usage(code, name, 'messaging', { usageKind: 'SMS', unit: 'EVENT', per: 1n, rates }, conditions);

/** Data at a price a megabyte, in increments of `increment` bytes. */
export const data = (code: string, name: string, amount: string, increment: bigint, more: Partial<UsagePriceDraft> = {}): PriceDraft =>
  usage(code, name, 'data', {
    usageKind: 'DATA', unit: 'BYTE', per: MB, rates: [rate('Data', [], steps(amount, increment))], ...more,
  }, more.conditions ?? []);

/** One price in one increment from the session's start. */
export const steps = (amount: string, increment: bigint): StepDraft[] => [{ from: 0n, amount, increment }];

/** The first minute whole, then by the second. */
export const firstMinuteWhole = (amount: string): StepDraft[] => [
  { from: 0n, amount, increment: 60n }, { from: 60n, amount, increment: 1n },
];

export const rate = (zone: string, prefixes: readonly string[], priced: readonly StepDraft[], more: Partial<RateDraft> = {}): RateDraft => ({
  zone, prefixes, connectFee: '0', steps: priced, ...more,
});

/** The condition that the event's attribute has one of the values. */
export const where = (attribute: string, ...values: string[]): ConditionDraft => ({ attribute, in: values });

/** The caller pays: prices and allowances of destinations are for what the subscriber makes, not for what reaches him. */
export const MADE = where('direction', 'OUTGOING');
const RECEIVED = where('direction', 'INCOMING');

type AllowanceCore = Pick<AllowanceDraft, 'code' | 'name' | 'usageKind' | 'unit' | 'quantity'>;

/** Units of each period: full from the first day, reset at renewal, then money. */
export const allowance = (core: AllowanceCore, more: Partial<AllowanceDraft> = {}): AllowanceDraft => ({
  step: null, priority: 100, prefixes: [], conditions: [], isShared: false, firstGrant: 'FULL', renewal: 'RESET',
  rollOverMaximum: null, whenUsedUp: 'CHARGE', ...core, ...more,
});

/** A monthly offering of the base kind; each offering says what differs. */
export const monthly = (core: Pick<OfferingDraft, 'code' | 'name' | 'description'> & Partial<OfferingDraft>): OfferingDraft => ({
  priority: 100, paymentModes: ['POSTPAID', 'HYBRID'], periodKind: 'BILL_CYCLE', periodLength: 1, autoRenew: true,
  unpaidRenewal: 'SUSPEND', paidRenewalStarts: 'WHEN_PAID', prices: [], allowances: [], ...core,
});
