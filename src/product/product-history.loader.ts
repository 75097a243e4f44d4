import DataLoader from 'dataloader';
import { Field, Int, ObjectType } from 'type-graphql';
import type { RequestContext } from '../context';
import {
  connectionOf, DateTimeScalar, encodeCursor, foreignCursor, OwnedPlace, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholePart,
} from '../platform/graphql';
import { shardOfId } from '../platform/root';
import { ProductStateEnum } from './product.enums';
import { Product, ProductSuspension } from './product.type';
import type { ProductState } from './product.types';
import { HistoryRow, SELECT_HISTORY_PAGES, SELECT_SUSPENSION_PAGES, SuspensionRow } from './sql/history.sql';

@ObjectType('ProductStep', { simpleResolvers: true, description: 'A step of a product\'s life: what it was from an instant on.' })
export class ProductStep {
  @Field(() => ProductStateEnum, { description: 'Its state from then on.' })
  readonly state!: ProductState;

  @Field(() => DateTimeScalar, { description: 'From when on.' })
  readonly at!: Date;

  @Field(() => Int, { description: 'The product\'s version with it.' })
  readonly version!: number;

  /** Its offering is a field resolver on this key. */
  readonly offeringVersionKey!: string;
}

export const ProductStepConnection = connectionOf(ProductStep, 'ProductStep');
export const ProductSuspensionConnection = connectionOf(ProductSuspension, 'ProductSuspension');

const stepOf = (row: HistoryRow): ProductStep => Object.assign(new ProductStep(), {
  state: row.state, at: row.at, version: row.version, offeringVersionKey: row.offering_version_id,
});

/** Pages of products' steps, the oldest first; asked for products that the caller was shown. */
export function historyPageLoader({ loader, services }: RequestContext, page: PageArgs): DataLoader<Product, Page<ProductStep>, string> {
  const place = placeOf(page.after, 'productStep', 1);
  return loader(`product.history.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (products: readonly Product[]) => {
    const { rows } = await services.pool.query<HistoryRow>(SELECT_HISTORY_PAGES, [...places(products), page.first, place?.keys[0] ?? '0']);
    return pagesByOwner(products, place, keyOf, (product) => pageOf(rows.filter((row) => row.product_id === keyOf(product)), page, stepOf,
      (row) => encodeCursor('productStep', row.product_id, `${row.version}`)));
  }, { cacheKeyFn: ({ id }) => id }));
}

/** Pages of products' suspensions, those that are over among them, the oldest first. */
export function suspensionPageLoader({ loader, services }: RequestContext, page: PageArgs): DataLoader<Product, Page<ProductSuspension>, string> {
  const place = placeOf(page.after, 'productSuspension', 2);
  return loader(`product.suspensionHistory.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (products: readonly Product[]) => {
    const { rows } = await services.pool.query<SuspensionRow>(SELECT_SUSPENSION_PAGES, [...places(products), page.first, ...(place?.keys ?? ['0', ''])]);
    return pagesByOwner(products, place, keyOf, (product) => pageOf(rows.filter((row) => row.product_id === keyOf(product)), page,
      ({ reason, level, valid_from: since, valid_until: until }): ProductSuspension => ({ reason, level, since, until }),
      (row) => encodeCursor('productSuspension', row.product_id, row.from_us, row.reason)));
  }, { cacheKeyFn: ({ id }) => id }));
}

const keyOf = ({ productKey }: Product): string => productKey.toString();
const places = (products: readonly Product[]): unknown[] =>
  [products.map(({ productKey }) => shardOfId(productKey)), products.map(({ productKey }) => productKey.toString())];

function placeOf(cursor: string | null | undefined, scope: string, keyCount: number): OwnedPlace | null {
  const place = ownedPlace(cursor, scope, keyCount);
  if (place === null) return null;
  const number = wholePart(place.keys[0]);
  if (number === null || number >= 2n ** 62n || place.keys.join('').includes('\0')) throw foreignCursor();
  return place;
}
