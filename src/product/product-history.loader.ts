import DataLoader from 'dataloader';
import { Field, Int, ObjectType } from 'type-graphql';
import type { RequestContext } from '../context';
import {
  connectionOf, DateTimeScalar, decodeCursor, encodeCursor, Page, PageArgs, pageOf, requestError, wholePart,
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
  const [after = '0'] = placeOf(page.after, 'productStep', 1) ?? [];
  return loader(`product.history.${page.first}.${after}`, () => new DataLoader(async (products: readonly Product[]) => {
    const { rows } = await services.pool.query<HistoryRow>(SELECT_HISTORY_PAGES, [...places(products), page.first, after]);
    return products.map(({ productKey }) => pageOf(rows.filter((row) => row.product_id === productKey.toString()), page, stepOf,
      (row) => encodeCursor('productStep', `${row.version}`)));
  }, { cacheKeyFn: ({ id }) => id }));
}

/** Pages of products' suspensions, those that are over among them, the oldest first. */
export function suspensionPageLoader({ loader, services }: RequestContext, page: PageArgs): DataLoader<Product, Page<ProductSuspension>, string> {
  const after = placeOf(page.after, 'productSuspension', 2);
  return loader(`product.suspensionHistory.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (products: readonly Product[]) => {
    const { rows } = await services.pool.query<SuspensionRow>(SELECT_SUSPENSION_PAGES, [...places(products), page.first, ...(after ?? ['0', ''])]);
    return products.map(({ productKey }) => pageOf(rows.filter((row) => row.product_id === productKey.toString()), page,
      ({ reason, level, valid_from: since, valid_until: until }): ProductSuspension => ({ reason, level, since, until }),
      (row) => encodeCursor('productSuspension', row.from_us, row.reason)));
  }, { cacheKeyFn: ({ id }) => id }));
}

const places = (products: readonly Product[]): unknown[] =>
  [products.map(({ productKey }) => shardOfId(productKey)), products.map(({ productKey }) => productKey.toString())];

function placeOf(cursor: string | null | undefined, scope: string, parts: number): string[] | null {
  if (cursor === null || cursor === undefined) return null;
  const place = decodeCursor(cursor, scope);
  const number = wholePart(place?.[0]);
  if (place?.length === parts && number !== null && number < 2n ** 62n && !place.join('').includes('\0')) return place;
  throw requestError('BAD_USER_INPUT', 'The cursor is not one of this list.');
}
