import { isCurrency, parseAmount } from '../platform/money';
import { definitionOf } from './definition.rules';
import { OfferingDraft, PriceDraft } from './draft.types';
import { UsagePriceVersion } from './price.types';
import { CODE_FORM, isCode, isText, Path, Problems } from './problem.rules';
import { PriceType } from './terms.types';

/** The rater's own check of a usage price: `path` like "definition.rates[0].steps[1].from". */
export type UsagePriceCheck = (version: UsagePriceVersion) => readonly { readonly path: string; readonly message: string }[];

/** Largest fee of one occurrence, in millionths: a mistyped amount is stopped here. */
const LARGEST_FEE = 1_000_000_000n * 1_000_000n;
const ACCOUNT_NAME = /^[a-z][a-z0-9_]{0,59}$/;

/** Adds everything wrong with one price of a draft. */
export function checkPrice(problems: Problems, price: PriceDraft, path: Path, offering: OfferingDraft, check: UsagePriceCheck): void {
  problems.need(isCode(price.code), [...path, 'code'], `The code ${CODE_FORM}`);
  problems.need(isText(price.name, 200), [...path, 'name'], 'The name must be 1 to 200 printable characters and hold no card number.');
  problems.need(isCode(price.taxClass), [...path, 'taxClass'], `The tax class ${CODE_FORM}`);
  problems.need(ACCOUNT_NAME.test(price.revenueAccount), [...path, 'revenueAccount'],
    'The revenue account must be 1 to 60 small letters, digits and underscores, starting with a letter.');
  const isMoney = problems.need(isCurrency(price.currency), [...path, 'currency'], 'The currency must be a code of ISO 4217 in use.');
  const kinds = kindsOf(price);
  if (!problems.need(kinds.length === 1, path, 'A price is exactly one of oneTime, recurring and usage.')) return;
  checkRecognition(problems, price, kinds[0], path, offering);
  if (price.oneTime) checkFee(problems, price.oneTime.amount, [...path, 'oneTime', 'amount']);
  if (price.recurring) checkRecurring(problems, price.recurring.amount, [...path, 'recurring'], offering);
  if (price.usage && isMoney) checkUsage(problems, price, [...path, 'usage'], check);
}

function kindsOf(price: PriceDraft): PriceType[] {
  return [...(price.oneTime ? ['ONE_TIME' as const] : []), ...(price.recurring ? ['RECURRING' as const] : []),
    ...(price.usage ? ['USAGE' as const] : [])];
}

/** The kind of a checked price. */
export const priceTypeOf = (price: PriceDraft): PriceType => kindsOf(price)[0];

function checkRecognition(problems: Problems, price: PriceDraft, kind: PriceType, path: Path, { periodKind }: OfferingDraft): void {
  const overPeriod = price.recognition === 'OVER_PERIOD';
  problems.need(!overPeriod || (kind !== 'USAGE' && periodKind !== 'NONE'), [...path, 'recognition'],
    'Only a fee of an offering with a period is earned over the period.');
  problems.need(!price.listPriced || kind === 'USAGE', [...path, 'listPriced'], 'Only a usage price can be a list price.');
}

function checkFee(problems: Problems, text: string, path: Path): void {
  const amount = parseAmount(text);
  problems.need(amount !== null && amount >= 0n && amount <= LARGEST_FEE, path,
    'The amount must be a decimal from 0 to 1000000000 with at most six decimals.');
}

function checkRecurring(problems: Problems, amount: string, path: Path, { periodKind }: OfferingDraft): void {
  checkFee(problems, amount, [...path, 'amount']);
  problems.need(periodKind !== 'NONE', path, 'A recurring price needs an offering with a period.');
}

function checkUsage(problems: Problems, price: PriceDraft, path: Path, check: UsagePriceCheck): void {
  for (const { path: place, message } of check(provisionalVersion(price))) {
    problems.need(false, [...path, ...pathParts(place)], `${lastName(place)} ${message}`);
  }
}

/** The version as the rater would see it; it has no ids before it is stored. */
function provisionalVersion(price: PriceDraft): UsagePriceVersion {
  const usage = price.usage;
  if (!usage) throw new Error('Only a usage price is shown to the rater.');
  return {
    id: '0', priceId: '0', version: 0, name: price.name, currency: price.currency, unit: usage.unit, per: usage.per,
    taxClass: price.taxClass, taxIncluded: price.taxIncluded, revenueAccount: price.revenueAccount,
    recognition: price.recognition, listPriced: price.listPriced, priceType: 'USAGE', definition: definitionOf(usage),
  };
}

/** "definition.rates[0].steps" becomes rates, 0, steps: the definition is the input's `usage` member itself. */
function pathParts(place: string): string[] {
  const parts = place.split(/[.[\]]+/).filter((part) => part !== '');
  return parts[0] === 'definition' ? parts.slice(1) : parts;
}

const lastName = (place: string): string => pathParts(place).findLast((part) => !/^\d+$/.test(part)) ?? 'The price';
