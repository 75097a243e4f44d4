import { OfferingTerms, PriceVersion } from '../../catalog';
import { holdsAt, PriceAssignment, SetupProduct } from '../../guiding';
import { CompiledPrice, compilePrice } from '../../rating';

/** The dated prices that a product of these terms pays from an instant on; a list price is never assigned. */
export function pricesFrom(
  terms: OfferingTerms, from: number, compile: (price: PriceVersion) => CompiledPrice | null = compiled,
): PriceAssignment[] {
  const assigned = [...terms.recurring, ...terms.usage.filter((price) => !price.listPriced)];
  return assigned.map((price) => ({ priceId: price.priceId, price, compiled: compile(price), from, until: null }));
}

const compiled = (price: PriceVersion): CompiledPrice | null => (price.priceType === 'USAGE' ? compilePrice(price) : null);

/** Whether periods of both are cut alike, so that a running one goes on. */
export const hasSamePeriods = (a: OfferingTerms, b: OfferingTerms): boolean =>
  a.periodKind === b.periodKind && a.periodLength === b.periodLength;

/** The product as it is with other terms from an instant on: other prices, and what it was remembered. */
export function switchTerms(product: SetupProduct, terms: OfferingTerms, at: number): SetupProduct {
  const before = product.assignments.map((assignment) => (holdsAt(assignment, at) ? { ...assignment, until: at } : assignment));
  return {
    ...product, terms, nextTerms: null, formerTerms: [...product.formerTerms, { terms: product.terms, until: at }],
    anchorAt: hasSamePeriods(product.terms, terms) ? product.anchorAt : at,
    assignments: [...before, ...pricesFrom(terms, at)],
  };
}
