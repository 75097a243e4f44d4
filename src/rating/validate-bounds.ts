import type { PriceTiers, UsagePriceDefinition } from '../catalog/price.types';
import { amount, Amount, MONEY_SCALE, pow10, RoundingMode } from '../platform/money';
import { PriceProblem } from './problem';
import { parseFee, parsePrice, parseQuantity } from './texts';

const MODES: readonly RoundingMode[] = ['HALF_UP', 'UP', 'DOWN', 'HALF_EVEN'];

/** What is wrong with rounding, session bounds, free units and tiers. */
export function boundProblems(definition: UsagePriceDefinition): PriceProblem[] {
  return [
    ...roundingProblems(definition),
    ...chargeProblems(definition),
    ...(definition.tiers ? tierProblems(definition.tiers, definition) : []),
  ];
}

function roundingProblems({ rounding }: UsagePriceDefinition): PriceProblem[] {
  if (!rounding) return [];
  const problems: PriceProblem[] = [];
  if (!isDigits(rounding.digits)) problems.push({ path: 'definition.rounding.digits', message: 'must be 0 to 6.' });
  if (!MODES.includes(rounding.mode)) {
    problems.push({ path: 'definition.rounding.mode', message: `must be one of ${MODES.join(', ')}.` });
  }
  return problems;
}

const isDigits = (digits: number): boolean => Number.isInteger(digits) && digits >= 0 && digits <= MONEY_SCALE;

/** A bound with more decimals than the price rounds to could be passed by the rounding. */
function chargeProblems(definition: UsagePriceDefinition): PriceProblem[] {
  const problems: PriceProblem[] = [];
  const read = (name: 'minimumCharge' | 'maximumCharge'): Amount | null => {
    const text = definition[name];
    if (text === undefined) return null;
    const bound = parseFee(text);
    if (bound === null || !fitsRounding(bound, definition)) {
      problems.push({ path: `definition.${name}`, message: 'must be money of no more decimals than the rounding.' });
    }
    return bound;
  };
  const [minimum, maximum] = [read('minimumCharge'), read('maximumCharge')];
  if (minimum !== null && maximum !== null && minimum > maximum) {
    problems.push({ path: 'definition.minimumCharge', message: 'must not be above maximumCharge.' });
  }
  if (definition.freeUnits !== undefined && parseQuantity(definition.freeUnits) === null) {
    problems.push({ path: 'definition.freeUnits', message: 'must be a whole quantity.' });
  }
  return problems;
}

function fitsRounding(value: Amount, { rounding }: UsagePriceDefinition): boolean {
  const digits = rounding?.digits ?? MONEY_SCALE;
  return !isDigits(digits) || value % amount(pow10(MONEY_SCALE - digits)) === 0n;
}

/**
 * Tiers charge the difference of two cumulative amounts; whatever else moved a single charge (a bound, a rounded connect
 * fee, a price of its own on a step) would break the promise that the charges of a period sum to the price of its total.
 */
function tierProblems({ mode, tiers }: PriceTiers, definition: UsagePriceDefinition): PriceProblem[] {
  const problems: PriceProblem[] = [];
  const tell = (path: string, message: string): void => void problems.push({ path: `definition.${path}`, message });
  if (mode !== 'GRADUATED' && mode !== 'VOLUME') tell('tiers.mode', 'must be GRADUATED or VOLUME.');
  if (tiers.length === 0) tell('tiers.tiers', 'must hold at least one tier.');
  tiers.forEach((tier, index) => {
    const path = `tiers.tiers[${index}]`;
    const bound = tier.upTo === null ? null : parseQuantity(tier.upTo);
    const below = index === 0 ? 0n : parseQuantity(tiers[index - 1].upTo ?? '');
    const isLast = index === tiers.length - 1;
    if (isLast && tier.upTo !== null) tell(`${path}.upTo`, 'must be open (null) on the last tier.');
    if (!isLast && bound === null) tell(`${path}.upTo`, 'must be a whole quantity; only the last tier is open.');
    if (!isLast && bound !== null && below !== null && bound <= below) tell(`${path}.upTo`, 'must be above the tier before.');
    if (parsePrice(tier.amount) === null) tell(`${path}.amount`, 'must be a decimal, not negative.');
    if (parseFee(tier.flatAmount) === null) tell(`${path}.flatAmount`, 'must be money, not negative.');
  });
  if (definition.minimumCharge !== undefined) tell('minimumCharge', 'cannot stand beside tiers.');
  if (definition.maximumCharge !== undefined) tell('maximumCharge', 'cannot stand beside tiers.');
  definition.rates.forEach((rate, index) => {
    const tariffs = [rate, ...(rate.windows ?? [])];
    if (tariffs.some((tariff) => tariff.steps.some((step) => parsePrice(step.amount)?.unscaled !== 0n))) {
      tell(`rates[${index}]`, 'must have steps of amount 0: the tiers price the units.');
    }
    const fees = tariffs.map((tariff) => parseFee(tariff.connectFee));
    if (fees.some((fee) => fee !== null && !fitsRounding(fee, definition))) {
      tell(`rates[${index}].connectFee`, 'must have no more decimals than the rounding beside tiers.');
    }
  });
  return problems;
}
