import DataLoader from 'dataloader';
import { FeePrice, loadTaxRates, priceVersions, PriceVersion } from '../catalog';
import type { RequestContext } from '../context';
import { Money, moneyOf } from '../platform/graphql';
import { assignmentsLoader } from './product.loader';
import { Product } from './product.type';
import { AssignedFee, renewalFee } from './renewal-fee.rules';
import type { AssignmentRow } from './sql/product.sql';
import { standingLoader } from './standing.loader';

/** What the next renewals of products cost: the prices and tax rates of all of them in one reading each. */
export function renewalFeeLoader(context: RequestContext): DataLoader<Product, Money | null, string> {
  const { services, caller, loader } = context;
  return loader('product.renewalFee', () => new DataLoader(async (products: readonly Product[]) => {
    const standings = await Promise.all(products.map((product) => standingLoader(context).load(product)));
    const assignments = await Promise.all(products.map(({ productKey }) => assignmentsLoader(context).load(productKey)));
    const versions = new Set(assignments.flat().map((row) => row.price_version_id));
    const [prices, rates] = await Promise.all([
      priceVersions(context, [...versions]), loadTaxRates(services.pool, caller.tenantId),
    ]);
    return standings.map(({ renewsAt }, index) => {
      const fees = assignments[index].flatMap((row) => assignedFee(row, prices));
      const gross = renewsAt && renewalFee(fees, rates, renewsAt.getTime());
      return gross === null ? null : moneyOf(gross, fees[0].price.currency);
    });
  }, { cacheKeyFn: ({ id }) => id }));
}

function assignedFee(row: AssignmentRow, prices: ReadonlyMap<string, PriceVersion>): AssignedFee[] {
  const price = prices.get(row.price_version_id);
  const isFee = (found: PriceVersion | undefined): found is FeePrice => found !== undefined && found.priceType !== 'USAGE';
  return isFee(price) ? [{ price, from: row.valid_from.getTime(), until: row.valid_until?.getTime() ?? null }] : [];
}
