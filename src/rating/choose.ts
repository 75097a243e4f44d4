import type { NumberKind } from '../usage/number.rules';
import { findRate } from './destinations';
import { PreparedPrice, RateMatch } from './prepared.types';
import { ChoiceFailure, ChosenPrice, PriceCandidate, UsageToRate } from './rating.types';

/** What normalisation calls the other party where its text begins with no country code: "112" is not North America. */
const CODES: ReadonlySet<string> = new Set<NumberKind>(['SHORT', 'EMERGENCY', 'SERVICE_CODE', 'ALPHANUMERIC']);

/**
 * The price of a usage among the candidates: of those whose kind, unit and conditions fit and that have a rate for the
 * destination, the first by product priority (lower number; an add-on before a base of the same), longer prefix, more
 * conditions, later product start. What is still equal is settled by product and version, so that the order of the
 * candidates never decides.
 * A prefix of a price that does not ask for the kind of number means numbers: it takes a code only where it is the code.
 * NO_DESTINATION: some price fits but none has a rate for the destination. NO_PRICE: none fits.
 */
export function choosePrice(usage: UsageToRate, candidates: readonly PriceCandidate[]): ChosenPrice | ChoiceFailure {
  let failure: ChoiceFailure = 'NO_PRICE';
  let best: PriceCandidate | null = null;
  let bestMatch: RateMatch | null = null;
  const isCode = isCodeOf(usage);
  for (const candidate of candidates) {
    if (!fits(usage, candidate)) continue;
    const match = findRate(candidate.price.compiled.destinations, usage.otherParty, isCode && !candidate.price.compiled.asksNumberKind);
    if (match === null) failure = 'NO_DESTINATION';
    else if (best === null || bestMatch === null || order(candidate, match, best, bestMatch) < 0) {
      best = candidate;
      bestMatch = match;
    }
  }
  if (best === null || bestMatch === null) return failure;
  return { candidate: best, rateIndex: bestMatch.rateIndex, matchedPrefix: bestMatch.prefix };
}

function fits(usage: UsageToRate, { price }: PriceCandidate): boolean {
  const { version, compiled } = price;
  return version.definition.usageKind === usage.kind && version.unit === usage.unit && conditionsHold(usage, compiled);
}

function conditionsHold(usage: UsageToRate, { conditions }: PreparedPrice): boolean {
  for (const { attribute, accepted } of conditions) {
    const value = attributeOf(usage, attribute);
    if (value === null || !accepted.has(value)) return false;
  }
  return true;
}

/** Whether the other party is a code of the network or a name, whose beginning no country prefix may match. */
export const isCodeOf = (usage: UsageToRate): boolean => CODES.has(attributeOf(usage, 'numberKind') ?? '');

/** An attribute by name; null where the usage lacks it. The two that have a field of their own are read from there first. */
export function attributeOf(usage: UsageToRate, name: string): string | null {
  if (name === 'direction' && usage.direction !== null) return usage.direction;
  if (name === 'otherNetwork' && usage.otherNetwork !== null) return usage.otherNetwork;
  return Object.hasOwn(usage.attributes, name) ? usage.attributes[name] : null;
}

/** Negative where the first goes before the second. */
function order(a: PriceCandidate, aMatch: RateMatch, b: PriceCandidate, bMatch: RateMatch): number {
  return (
    a.productPriority - b.productPriority ||
    addOnFirst(a, b) ||
    bMatch.length - aMatch.length ||
    b.price.compiled.conditions.length - a.price.compiled.conditions.length ||
    b.productStartedAt - a.productStartedAt ||
    compareText(a.productId, b.productId) ||
    compareText(a.price.version.id, b.price.version.id)
  );
}

function addOnFirst(a: PriceCandidate, b: PriceCandidate): number {
  if (a.isAddOn === b.isAddOn) return 0;
  return a.isAddOn ? -1 : 1;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
