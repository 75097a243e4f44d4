import { Field, ID, ObjectType } from 'type-graphql';
import { IdentifierKindEnum, ValidityRange } from '../party';
import { connectionOf, DateTimeScalar } from '../platform/graphql';
import { productId, type ProductState } from '../product';
import { ProductStateEnum } from '../product/product.enums';
import type { IdentifierKind } from '../usage/usage.types';
import { SlicePayerEnum } from './slice.enums';
import { ServiceProfileType, serviceProfileOf, SnssaiType } from './slice-terms.type';
import type { SlicePayer, SliceTerms } from './slice.types';

@ObjectType('SliceDevice', { simpleResolvers: true, description: 'A device that is admitted to a slice, and for which time.' })
export class SliceDevice {
  @Field(() => IdentifierKindEnum, { description: 'What kind of key the device is known by.' })
  readonly kind!: IdentifierKind;

  @Field(() => String, { description: 'The key, in its one stored spelling.' })
  readonly identifier!: string;

  @Field(() => DateTimeScalar, { description: 'First instant at which it is in the slice.' })
  readonly admittedFrom!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which it no longer is; null while it has no end.' })
  readonly admittedUntil!: Date | null;

  @Field(() => SlicePayerEnum, { description: 'Whose account pays what it uses in the slice.' })
  readonly payer!: SlicePayer;
}

export const SliceDeviceConnection = connectionOf(SliceDevice, 'SliceDevice');

/** Product and devices are field resolvers on the keys below; rooms above add what is measured and what follows from it. */
@ObjectType('SliceProduct', { simpleResolvers: true, description: 'A network slice as an account has it.' })
export class SliceProduct {
  @Field(() => ID, { description: 'Id of the product.' })
  readonly id!: string;

  @Field(() => SnssaiType, { description: 'What it is known by in the network.' })
  readonly snssai!: SnssaiType;

  @Field(() => String, { nullable: true, description: 'Country and network code of the network that carries it; null = the operator\'s own.' })
  readonly plmn!: string | null;

  @Field(() => ProductStateEnum, { description: 'Life cycle, as it stands now.' })
  readonly state!: ProductState;

  @Field(() => ValidityRange, { description: 'The time for which it is there: as ordered, and from its beginning on as it is.' })
  readonly window!: ValidityRange;

  @Field(() => String, { description: 'Code of the area whose capacity it holds.' })
  readonly area!: string;

  @Field(() => String, { nullable: true, description: 'The customer\'s own number of the order; null where none was given.' })
  readonly purchaseOrderNumber!: string | null;

  @Field(() => ServiceProfileType, { description: 'What it gives.' })
  readonly profile!: ServiceProfileType;

  @Field(() => SlicePayerEnum, { description: 'Whose account pays what an admitted device uses in it.' })
  readonly payer!: SlicePayer;

  /** Keys of its rows, and its terms, for field resolvers. */
  readonly productKey!: bigint;
  readonly shard!: number;
  readonly rootId!: bigint;
  readonly accountKey!: bigint;
  readonly tenantId!: number;
  readonly terms!: SliceTerms;
}

/** 64-bit ids are text. */
export interface SliceProductRow {
  readonly id: string; readonly shard: number; readonly root_id: string; readonly account_id: string; readonly tenant_id: number;
  readonly state: ProductState; readonly window_from: Date; readonly window_until: Date | null; readonly purchase_order: string | null;
  readonly offering_version_id: string; readonly area: string;
}

export const sliceProductOf = (row: SliceProductRow, terms: SliceTerms): SliceProduct => Object.assign(new SliceProduct(), {
  id: productId(BigInt(row.id)), snssai: terms.snssai, plmn: terms.plmn, state: row.state, window: { from: row.window_from, until: row.window_until },
  area: row.area, purchaseOrderNumber: row.purchase_order, profile: serviceProfileOf(terms), payer: terms.payer, productKey: BigInt(row.id),
  shard: row.shard, rootId: BigInt(row.root_id), accountKey: BigInt(row.account_id), tenantId: row.tenant_id, terms,
});
