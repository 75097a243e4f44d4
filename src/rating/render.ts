import type { PriceRate, PriceStep, UsagePriceVersion } from '../catalog/price.types';
import { amount, Amount, divideRounded, formatAmount, MONEY_SCALE, pow10, quantity, Quantity, Unit, ZERO_AMOUNT } from '../platform/money';
import { ExplainedPiece, RatingExplanation } from './explain';
import { checked, parseFee, parsePrice, parseQuantity } from './texts';

export type RatingRule =
  'PRICE' | 'FREE_UNITS' | 'STEP' | 'TIERS' | 'CONNECT_FEE' | 'MINIMUM' | 'MAXIMUM' | 'ROUNDING';

/** One sentence of an explanation; the amounts of all sentences sum to the charge. */
export interface RatingStep {
  readonly rule: RatingRule;
  readonly detail: string;
  readonly quantity?: { readonly amount: string; readonly unit: Unit };
  readonly amount?: { readonly amount: string; readonly currency: string };
}

/** A sentence whose money is still a number. */
interface Part {
  readonly rule: RatingRule;
  readonly detail: string;
  readonly quantity?: Quantity;
  readonly amount?: Amount;
}

/** Tells stored facts in plain sentences, in the order in which the rules were applied. The version must be theirs. */
export function renderRatingSteps(facts: RatingExplanation, version: UsagePriceVersion): RatingStep[] {
  const parts = [choicePart(facts, version), ...freeParts(facts, version), ...usedParts(facts, version)];
  if (facts.f !== undefined) {
    parts.push({ rule: 'CONNECT_FEE', detail: 'Connect fee, once a session.', amount: amount(BigInt(facts.f)) });
  }
  parts.push(...closingParts(facts, version, sumOf(parts)));
  return parts.map((part) => ({
    rule: part.rule,
    detail: part.detail,
    ...(part.quantity !== undefined && { quantity: { amount: part.quantity.toString(), unit: version.unit } }),
    ...(part.amount !== undefined && {
      amount: { amount: formatAmount(part.amount, version.currency), currency: version.currency },
    }),
  }));
}

const sumOf = (parts: readonly Part[]): Amount =>
  parts.reduce((sum, part) => amount(sum + (part.amount ?? 0n)), ZERO_AMOUNT);

function choicePart(facts: RatingExplanation, version: UsagePriceVersion): Part {
  const rate = version.definition.rates[facts.r];
  const place = facts.x === undefined ? '' : facts.x === '*' ? ', the rate for all other destinations' : `, prefix ${facts.x}`;
  return { rule: 'PRICE', detail: `${version.name}, version ${version.version}: ${rate.zone}${place}.` };
}

function freeParts(facts: RatingExplanation, { definition, unit }: UsagePriceVersion): Part[] {
  const free = BigInt(definition.freeUnits ?? '0') - BigInt(facts.o ?? '0');
  const used = BigInt(facts.q);
  if (free <= 0n || used === 0n) return [];
  const detail = `The first ${count(definition.freeUnits ?? '0', unit)} of a session are free.`;
  return [{ rule: 'FREE_UNITS', detail, quantity: quantity(free < used ? free : used), amount: ZERO_AMOUNT }];
}

function usedParts(facts: RatingExplanation, version: UsagePriceVersion): Part[] {
  const parts = facts.p.map((piece) => piecePart(piece, version.definition.rates[facts.r], version));
  const { tiers } = version.definition;
  if (!tiers || facts.p.length === 0) return parts;
  const billed = facts.p.reduce((sum, piece) => sum + BigInt(piece[2]), 0n);
  const before = count(facts.c ?? '0', version.unit);
  const detail = `${count(`${billed}`, version.unit)} after ${before} in the cycle, by ${tiers.mode.toLowerCase()} tiers.`;
  const charged = amount(BigInt(facts.a) - BigInt(facts.f ?? '0'));
  return [...parts, { rule: 'TIERS', detail, quantity: quantity(billed), amount: charged }];
}

function piecePart([step, used, billed, window]: ExplainedPiece, rate: PriceRate, version: UsagePriceVersion): Part {
  const { unit, per, currency, definition } = version;
  const tariff = window === undefined ? rate : checked(rate.windows?.find(({ name }) => name === window) ?? null, window);
  const { from, amount: price, increment } = tariff.steps[step];
  const where = [window && ` in window ${window}`, from !== '0' && ` from ${count(from, unit)} of the session on`];
  const billing = `${count(used, unit)}${where.filter(Boolean).join('')}, billed as ${count(billed, unit)} in increments of ${count(increment, unit)}`;
  const units = quantity(BigInt(used));
  if (definition.tiers) return { rule: 'STEP', detail: `${billing}.`, quantity: units };
  const detail = `${billing} at ${price} ${currency} per ${count(`${per}`, unit)}.`;
  return { rule: 'STEP', detail, quantity: units, amount: pieceAmount(tariff.steps[step], billed, per) };
}

/** The piece's share at six decimals; what that leaves out is told with the rounding. */
function pieceAmount(step: PriceStep, billed: string, per: bigint): Amount {
  const price = checked(parsePrice(step.amount), step.amount);
  const units = checked(parseQuantity(billed), billed);
  return amount(divideRounded(price.unscaled * units * pow10(MONEY_SCALE), per * pow10(price.scale), 'HALF_UP'));
}

/** What stands between the sum of the parts and the charge: a bound of the session, or the one rounding. */
function closingParts(facts: RatingExplanation, { definition }: UsagePriceVersion, sum: Amount): Part[] {
  const due = amount(BigInt(facts.a));
  const gap = amount(due - sum);
  if (gap === 0n || facts.p.length === 0) return [];
  const { minimumCharge, maximumCharge, rounding } = definition;
  if (gap < 0n && maximumCharge !== undefined && parseFee(maximumCharge) === due) {
    return [{ rule: 'MAXIMUM', detail: `A session costs at most ${maximumCharge}.`, amount: gap }];
  }
  if (gap > 0n && minimumCharge !== undefined && parseFee(minimumCharge) === due) {
    return [{ rule: 'MINIMUM', detail: `A session costs at least ${minimumCharge}.`, amount: gap }];
  }
  const { digits, mode } = rounding ?? { digits: MONEY_SCALE, mode: 'HALF_UP' };
  const way = mode.toLowerCase().replace('_', ' ');
  return [{ rule: 'ROUNDING', detail: `Rounded once, on the total, to ${digits} decimals, ${way}.`, amount: gap }];
}

const WORDS: Readonly<Record<Unit, readonly [one: string, many: string]>> = {
  SECOND: ['second', 'seconds'], BYTE: ['byte', 'bytes'], EVENT: ['event', 'events'],
};

const count = (units: string, unit: Unit): string => `${units} ${WORDS[unit][units === '1' ? 0 : 1]}`;
