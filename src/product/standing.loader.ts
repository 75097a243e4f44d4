import DataLoader from 'dataloader';
import { accountViewLoader, type ProductView } from '../charging';
import type { RequestContext } from '../context';
import type { Product, ProductStanding } from './product.type';

/**
 * What time does to products, as it stands now: renewals and ends that fell due are applied, whether or not something
 * touched the product since (money-rules 5.8). From the reading that shows the balances, so that both tell of one instant.
 */
export function standingLoader(context: RequestContext): DataLoader<Product, ProductStanding, string> {
  return context.loader('product.standing', () => new DataLoader(async (products: readonly Product[]) => {
    const accounts = [...new Set(products.map(({ accountKey }) => accountKey))];
    const views = await Promise.all(accounts.map((account) => accountViewLoader(context).load(account)));
    const found = new Map(views.flatMap((view) => (view === null ? [] : view.products.map((product) => [product.id, standingOf(product)] as const))));
    // A product made after the account was read in this request: nothing has fallen due on it yet.
    return products.map(({ productKey, stored }) => found.get(productKey) ?? stored);
  }, { cacheKeyFn: ({ id }) => id }));
}

const instantOf = (at: number | null): Date | null => (at === null ? null : new Date(at));

function standingOf({ state, endedAt, periodStart, periodEnd, nextRenewalAt, suspensions }: ProductView): ProductStanding {
  return {
    state, endedAt: instantOf(endedAt), renewsAt: instantOf(nextRenewalAt),
    period: periodStart === null ? null : { from: new Date(periodStart), until: instantOf(periodEnd) },
    suspensions: suspensions.map(({ reason, level, from, until }) => ({ reason, level, since: new Date(from), until: instantOf(until) })),
  };
}

/** What this request read before a move is no longer what stands. */
export function forgetStanding(context: RequestContext): void {
  accountViewLoader(context).clearAll();
  standingLoader(context).clearAll();
}
