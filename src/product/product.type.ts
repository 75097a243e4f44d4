import { Field, Int, ObjectType } from 'type-graphql';
import { ProductOffering, ProductOfferingPrice } from '../catalog';
import { ValidityRange } from '../party';
import { connectionOf, DateTimeScalar, encodeId, Node } from '../platform/graphql';
import { SuspensionLevelEnum, SuspensionReasonEnum } from './product.enums';
import type { ProductState, SuspensionLevel, SuspensionReason } from './product.types';
import type { ProductRow } from './sql/product.sql';

@ObjectType('ProductSuspension', { simpleResolvers: true, description: 'One reason that keeps a product from being used.' })
export class ProductSuspension {
  @Field(() => SuspensionReasonEnum, { description: 'Why.' })
  readonly reason!: SuspensionReason;

  @Field(() => SuspensionLevelEnum, { description: 'What it stops.' })
  readonly level!: SuspensionLevel;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  readonly since!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when; null while its end is not known.' })
  readonly until!: Date | null;
}

@ObjectType('AssignedPrice', { simpleResolvers: true, description: 'A version of a price, and the time for which a product pays it.' })
export class AssignedPrice {
  @Field(() => ProductOfferingPrice, { description: 'The price.' })
  readonly price!: ProductOfferingPrice;

  @Field(() => ValidityRange, { description: 'When the product pays it; the price in force at a usage\'s own time decides.' })
  readonly valid!: ValidityRange;
}

/** What of a product time changes: it is asked for as it stands now, not as the last touch left its row. */
export interface ProductStanding {
  readonly state: ProductState;
  readonly endedAt: Date | null;
  readonly period: ValidityRange | null;
  readonly renewsAt: Date | null;
  readonly suspensions: ProductSuspension[];
}

@ObjectType('PendingProductChange', { simpleResolvers: true, description: 'A change of offering that waits for the end of the period.' })
export class PendingProductChange {
  @Field(() => ProductOffering, { description: 'What the product will be.' })
  readonly offering!: ProductOffering;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When: the renewal of the product; null while that is not known.' })
  readonly at!: Date | null;
}

/** Account, offering, prices, and what time changes are field resolvers on the keys below. */
@ObjectType('Product', { implements: Node, simpleResolvers: true, description: 'An offering as an account has it (TMF637).' })
export class Product extends Node {
  @Field(() => DateTimeScalar, { description: 'First instant at which it can be used.' })
  readonly startedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'End of the time for which the customer committed; null where he did not, or it is not known.' })
  readonly contractEndsAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The customer\'s own number of the order that made it; null where none was given.' })
  readonly purchaseOrderNumber!: string | null;

  @Field(() => Int, { description: 'Raised by every change of the product that was booked.' })
  readonly version!: number;

  /** As the last touch left it. */
  readonly stored!: ProductStanding;
  /** Keys of the row, for field resolvers. */
  readonly productKey!: bigint;
  readonly accountKey!: bigint;
  readonly offeringVersionKey!: string;
  readonly nextVersionKey!: string | null;
  readonly attachedKey!: bigint | null;
  readonly bundleKey!: bigint | null;
  readonly tenantId!: number;
}

export const ProductConnection = connectionOf(Product, 'Product');

/** The opaque id of a product, for every room that hands one out. */
export const productId = (key: bigint): string => encodeId('Product', key);

export function productOf(row: ProductRow): Product {
  const key = BigInt(row.id);
  return Object.assign(new Product(), {
    id: productId(key), startedAt: row.started_at, stored: storedOf(row), contractEndsAt: row.contract_ends_at, version: row.version,
    purchaseOrderNumber: row.purchase_order, productKey: key, accountKey: BigInt(row.account_id), offeringVersionKey: row.offering_version_id, nextVersionKey: row.next_offering_version_id,
    attachedKey: row.attached_to === null ? null : BigInt(row.attached_to), bundleKey: row.bundled_in === null ? null : BigInt(row.bundled_in),
    tenantId: row.tenant_id,
  });
}

const storedOf = (row: ProductRow): ProductStanding => ({
  state: row.state, endedAt: row.ended_at, period: row.period_start && { from: row.period_start, until: row.period_end },
  renewsAt: row.next_renewal_at, suspensions: [],
});
