import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { encodeCursor, foreignCursor, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholePart } from '../platform/graphql';
import { shardOfId } from '../platform/root';
import { Product, productOf } from './product.type';
import { ComponentProductRow, SELECT_COMPONENT_PAGES } from './sql/product.sql';

const SCOPE = 'bundleComponent';

/** Pages of the components of bundles, in the order in which they were made; asked for products that the caller was shown. */
export function componentPageLoader({ loader, services }: RequestContext, page: PageArgs): DataLoader<Product, Page<Product>, string> {
  const place = ownedPlace(page.after, SCOPE, 1);
  const after = place === null ? 0n : wholePart(place.keys[0]);
  if (after === null) throw foreignCursor();
  return loader(`product.components.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (bundles: readonly Product[]) => {
    const { rows } = await services.pool.query<ComponentProductRow>(SELECT_COMPONENT_PAGES, [
      bundles.map(({ productKey }) => shardOfId(productKey)), bundles.map(keyOf), after.toString(), page.first]);
    return pagesByOwner(bundles, place, keyOf, (bundle) => pageOf(rows.filter((row) => row.bundle_key === keyOf(bundle)), page, productOf,
      (row) => encodeCursor(SCOPE, row.bundle_key, row.id)));
  }, { cacheKeyFn: keyOf }));
}

const keyOf = ({ productKey }: Product): string => productKey.toString();
