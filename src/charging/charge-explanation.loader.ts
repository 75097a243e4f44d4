import DataLoader from 'dataloader';
import { loadPriceVersions, PriceVersion } from '../catalog';
import type { RequestContext } from '../context';
import { isoInstant } from '../platform/db';
import { Money, quantityOf } from '../platform/graphql';
import { amount, formatAmount, quantity, Unit } from '../platform/money';
import { RatingExplanation, RatingStep, renderRatingSteps } from '../rating';
import { messageOf } from './decide/refusals';
import { Charge, ChargeExplanation, ChargeExplanationStep, ChargeRule } from './charge.type';
import { moneyOfPart, PaidPart, paidParts } from './charge-payment.loader';

/** Price versions never change, and what hangs on a charge is as visible as the charge. */
function versionLoader({ loader, services }: RequestContext): DataLoader<string, PriceVersion> {
  return loader('charging.priceVersion', () => new DataLoader(async (keys: readonly string[]) => {
    const found = await loadPriceVersions(services.pool, keys.map(BigInt));
    return keys.map((key) => found.get(key) ?? new Error(`Price version ${key} made a charge and is not there.`));
  }));
}

const creditWords = (percent: string | undefined): string => (percent === undefined ? 'a part of what was left of the fee' : `${percent} percent of the fee`);

/** Tells why a charge is what it is; the amounts of the steps sum to its gross. */
export async function explain(charge: Charge, context: RequestContext): Promise<ChargeExplanation> {
  if (charge.refusedBecause !== null) return one('REFUSAL', messageOf(charge.refusedBecause));
  if (charge.kind === 'SLA_CREDIT') return one('REFUND', `Availability was not what was promised: ${creditWords(charge.explained.c)}.`, charge.gross);
  if (charge.reverses !== null) return one('REFUND', `Given back: ${words(charge.reason ?? '')}.`, charge.gross);
  if (charge.reason === 'EMERGENCY') return one('EMERGENCY', 'Emergency usage is free.', charge.gross);
  const [parts, version] = await Promise.all([paidParts(charge, context), versionOf(charge, context)]);
  const steps = [
    ...parts.filter((part) => moneyOfPart(part) === null).map(allowanceStep),
    ...priceSteps(charge, version),
    ...clockSteps(charge),
    ...taxSteps(charge, version),
    ...parts.filter((part) => moneyOfPart(part) !== null).map((part) => paymentStep(part, charge.currency)),
  ];
  return { summary: summaryOf(charge, parts), steps };
}

const versionOf = async ({ priceVersionKey }: Charge, context: RequestContext): Promise<PriceVersion | null> =>
  (priceVersionKey === null ? null : versionLoader(context).load(priceVersionKey));

const one = (rule: ChargeRule, detail: string, gross: Money | null = null): ChargeExplanation =>
  ({ summary: detail, steps: [{ rule, detail, quantity: null, amount: gross }] });

const words = (code: string): string => code.toLowerCase().replaceAll('_', ' ');

function allowanceStep({ bucket, asset, amount: units }: PaidPart): ChargeExplanationStep {
  const detail = `${bucket.name ?? 'An allowance'} was used first.`;
  return { rule: 'ALLOWANCE', detail, quantity: quantityOf(quantity(units), asset as Unit), amount: null };
}

function priceSteps(charge: Charge, version: PriceVersion | null): ChargeExplanationStep[] {
  if (version === null) return [];
  if (version.priceType !== 'USAGE') {
    const value = version.taxIncluded ? charge.gross : charge.net;
    return [{ rule: 'FEE', detail: `${version.name}, version ${version.version}.`, quantity: null, amount: value }];
  }
  const { r } = charge.explained;
  return r === undefined ? [] : renderRatingSteps(r as RatingExplanation, version).map(ratingStep);
}

const ratingStep = ({ rule, detail, quantity: units, amount: money }: RatingStep): ChargeExplanationStep => ({
  rule, detail, quantity: units ? quantityOf(quantity(BigInt(units.amount)), units.unit) : null, amount: money ?? null,
});

/** A sender whose clock ran ahead: the usage is judged by when it was received. */
const clockSteps = ({ explained: { s: reportedAt } }: Charge): ChargeExplanationStep[] => (reportedAt === undefined ? [] : [{
  rule: 'CLOCK', detail: `Reported to start at ${isoInstant(reportedAt)}, ahead of our clock; taken to start when it was received.`,
  quantity: null, amount: null,
}]);

/** Tax adds to a price without it; in a price with it, it is told and adds nothing. */
function taxSteps({ explained, taxAmount, tax, currency }: Charge, version: PriceVersion | null): ChargeExplanationStep[] {
  if (version === null || explained.t === undefined || taxAmount === 0n) return [];
  const text = `${tax.amount} ${currency}`;
  return [version.taxIncluded
    ? { rule: 'TAX', detail: `${text} of it is tax, code ${explained.t}.`, quantity: null, amount: null }
    : { rule: 'TAX', detail: `Tax, code ${explained.t}.`, quantity: null, amount: tax }];
}

const PURSES = { MONEY: 'prepaid money', PROMOTION: 'promotional money', CREDIT: 'the postpaid account', UNIT: 'an allowance' } as const;

function paymentStep(part: PaidPart, currency: string): ChargeExplanationStep {
  const paid = formatAmount(amount(part.amount), currency);
  return { rule: 'PAYMENT', detail: `${paid} ${currency} from ${PURSES[part.bucket.kind]}.`, quantity: null, amount: null };
}

const WORDS: Readonly<Record<Unit, readonly [one: string, many: string]>> = {
  SECOND: ['second', 'seconds'], BYTE: ['byte', 'bytes'], EVENT: ['event', 'events'],
};
const count = (units: bigint, unit: Unit): string => `${units} ${WORDS[unit][units === 1n ? 0 : 1]}`;

function summaryOf({ quantity: used, gross, explained, priceVersionKey }: Charge, parts: readonly PaidPart[]): string {
  const units = parts.filter((part) => moneyOfPart(part) === null).reduce((sum, part) => sum + part.amount, 0n);
  const price = `${gross.amount} ${gross.currency}`;
  if (explained.r === undefined && units === 0n && priceVersionKey !== null) return `A fee of ${price}.`;
  const covered = units === 0n ? '' : `, ${count(units, used.unit)} of them from allowances`;
  return `${count(used.amount, used.unit)}${covered}: ${price}.`;
}
