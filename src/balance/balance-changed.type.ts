import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountBalanceView } from '../charging';
import type { EntryPlace } from '../ledger';
import { CursorScalar, DateTimeScalar, Money, moneyOf } from '../platform/graphql';
import { encodeRootCursor } from '../live';
import { Bucket, bucketsOf } from './bucket.type';

const REASONS = {
  SNAPSHOT: 'The balance as it stands, at the beginning.',
  CHANGE: 'The balance after one or more changes.',
  RESYNC: 'The balance as it stands, after a resumed connection.',
} as const;
export type BalanceChangeReason = keyof typeof REASONS;
const BalanceChangeReasonEnum: { readonly [K in BalanceChangeReason]: K } = { SNAPSHOT: 'SNAPSHOT', CHANGE: 'CHANGE', RESYNC: 'RESYNC' };
registerEnumType(BalanceChangeReasonEnum, {
  name: 'BalanceChangeReason',
  description: 'Why a balance is shown.',
  valuesConfig: Object.fromEntries(Object.entries(REASONS).map(([reason, description]) => [reason, { description }])) as
    { [K in BalanceChangeReason]: { description: string } },
});

/** Its cause is a field resolver on the place below. */
@ObjectType('BalanceChanged', { simpleResolvers: true, description: 'The whole balance of an account, newer than the one before.' })
export class BalanceChanged {
  @Field(() => CursorScalar, { description: 'Hand it back as `after` to resume.' })
  readonly cursor!: string;

  @Field(() => BalanceChangeReasonEnum, { description: 'Why it is shown.' })
  readonly reason!: BalanceChangeReason;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was read.' })
  readonly at!: Date;

  @Field(() => Money, { nullable: true, description: 'What can be spent now, credit included, tax included; null where credit is unlimited.' })
  readonly spendable!: Money | null;

  @Field(() => [Bucket], { description: 'The live buckets, and the shared ones of the sharing group.' })
  readonly buckets!: Bucket[];

  readonly place!: EntryPlace;
  readonly accountKey!: bigint;
}

export function balanceChangedOf(view: AccountBalanceView, reason: BalanceChangeReason): BalanceChanged {
  const { shard, rootId, accountId, position, spendable, currency, at } = view;
  return Object.assign(new BalanceChanged(), {
    cursor: encodeRootCursor(rootId, position), reason, at: new Date(at),
    spendable: spendable === null ? null : moneyOf(spendable, currency), buckets: bucketsOf(view), place: { shard, rootId, position },
    accountKey: accountId,
  });
}
