import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountBalanceView, BucketView } from '../charging';
import { BalanceAmount, balanceAmountOf, BucketKey } from '../ledger';
import { BigIntScalar, DateTimeScalar, encodeId, Node } from '../platform/graphql';
import { floorToMultiple } from '../platform/money';
import { availableIn, type BucketKind } from './bucket.types';

const KINDS: Readonly<Record<BucketKind, string>> = {
  MONEY: 'Prepaid money.',
  PROMOTION: 'Money that was given: spent first, never transferred or refunded.',
  CREDIT: 'The exposure of a postpaid account; its value is the exposure, below zero.',
  UNIT: 'Units of an allowance.',
};
export const BucketKindEnum = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, kind])) as { [K in BucketKind]: K };
registerEnumType(BucketKindEnum, {
  name: 'BucketKind',
  description: 'What a bucket holds.',
  valuesConfig: Object.fromEntries(Object.entries(KINDS).map(([kind, description]) => [kind, { description }])) as
    { [K in BucketKind]: { description: string } },
});

/** Product, account, allowance and entries are field resolvers on the view below. */
@ObjectType('Bucket', { implements: Node, simpleResolvers: true, description: 'Money or units of an account, as they stand now (TMF654).' })
export class Bucket extends Node {
  @Field(() => BucketKindEnum, { description: 'What it holds.' })
  readonly kind!: BucketKind;

  @Field(() => BalanceAmount, { description: 'What is in it, holds included; of an exposure what is owed, below zero.' })
  readonly value!: BalanceAmount;

  @Field(() => BalanceAmount, { nullable: true, description: 'What was put in for its period; null for money that comes by top-ups and for an exposure.' })
  readonly granted!: BalanceAmount | null;

  @Field(() => BalanceAmount, { nullable: true, description: 'What of the grant is used, or how much is owed; null for money that comes by top-ups.' })
  readonly used!: BalanceAmount | null;

  @Field(() => BalanceAmount, { description: 'What is held for usage under way.' })
  readonly reserved!: BalanceAmount;

  @Field(() => BalanceAmount, { nullable: true, description: 'What can still be taken now, of an allowance in its whole steps, credit included; null where that is unlimited.' })
  readonly usable!: BalanceAmount | null;

  @Field(() => DateTimeScalar, { description: 'First instant at which it can be spent.' })
  readonly validFrom!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which it can no longer be spent; null while it has no end.' })
  readonly validUntil!: Date | null;

  @Field(() => Boolean, { description: 'Whether every member of the account\'s sharing group may draw on it.' })
  readonly shared!: boolean;

  @Field(() => BigIntScalar, { description: 'Number of its ledger entries: raised by every move.' })
  readonly version!: bigint;

  /** Keys of the row, for field resolvers. */
  readonly key!: BucketKey;
  readonly accountKey!: bigint;
  readonly productKey!: bigint | null;
  readonly allowanceKey!: bigint | null;
}

/** The opaque id of a bucket, for every room that hands one out. */
export const bucketNodeId = (rootId: bigint, bucketId: number): string => encodeId('Bucket', rootId, bucketId);

/** The buckets of a balance, in the order of their ids. */
export const bucketsOf = (view: AccountBalanceView): Bucket[] =>
  [...view.buckets].sort((a, b) => a.id - b.id).map((bucket) => bucketOf(bucket, view.at));

export function bucketOf(view: BucketView, at: number): Bucket {
  const amountOf = (value: bigint): BalanceAmount => balanceAmountOf(value, view.asset);
  const isGranted = view.kind === 'UNIT' || view.kind === 'PROMOTION';
  const usable = usableAt(view, at);
  const used = usedOf(view);
  return Object.assign(new Bucket(), {
    id: bucketNodeId(view.rootId, view.id), kind: view.kind, value: amountOf(view.value), granted: isGranted ? amountOf(view.granted) : null,
    used: used === null ? null : amountOf(used), reserved: amountOf(view.reserved), usable: usable === null ? null : amountOf(usable),
    validFrom: new Date(view.validFrom), validUntil: view.validUntil === null ? null : new Date(view.validUntil), shared: view.isShared,
    version: view.version, key: { shard: view.shard, rootId: view.rootId, bucketId: view.id }, accountKey: view.accountId,
    productKey: view.productId, allowanceKey: view.allowanceId,
  });
}

function usedOf({ kind, granted, value }: BucketView): bigint | null {
  if (kind === 'MONEY') return null;
  return kind === 'CREDIT' ? -value : granted - value;
}

function usableAt(view: BucketView, at: number): bigint | null {
  const isOpen = at >= view.validFrom && (view.validUntil === null || at < view.validUntil);
  const available = isOpen ? availableIn(view) : 0n;
  // What is less than a step is never taken: it counts as used up (money-rules 3.2).
  return available === null || view.step === null ? available : floorToMultiple(available, view.step);
}
