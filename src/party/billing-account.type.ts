import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, CurrencyCodeScalar, DateTimeScalar, encodeId, Money, moneyOf, Node } from '../platform/graphql';
import type { RootRef } from '../platform/root';
import { creditLimitOf } from './account.rules';
import type { AccountState, BillingAccountEntity, CreditLimitKind, PaymentMode } from './billing-account.entity';
import { AccountStateEnum, CreditLimitKindEnum, PaymentModeEnum } from './party.enums';

@ObjectType('CreditLimit', { simpleResolvers: true, description: 'How far the exposure of an account may go.' })
export class CreditLimitType {
  @Field(() => CreditLimitKindEnum, { description: 'Whether there is an amount.' })
  readonly kind!: CreditLimitKind;

  @Field(() => Money, { nullable: true, description: 'The largest exposure, tax included; null where unlimited.' })
  readonly amount!: Money | null;
}

/** Other rooms add fields by resolvers of their own; they find the row's keys in `accountId` and `root`. */
@ObjectType('BillingAccount', { implements: Node, simpleResolvers: true, description: 'Where charges land (TMF666).' })
export class BillingAccount extends Node {
  @Field(() => String, { description: 'The account\'s name, as its owner knows it.' })
  readonly name!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The one currency of its money.' })
  readonly currency!: string;

  @Field(() => String, { description: 'IANA time zone in which its days and bill periods begin.' })
  readonly timeZone!: string;

  @Field(() => Int, { description: 'Day of the month on which its bill period begins, 1 to 31; a shorter month takes its last day.' })
  readonly billCycleDay!: number;

  @Field(() => PaymentModeEnum, { description: 'How its usage is paid.' })
  readonly paymentMode!: PaymentMode;

  @Field(() => CreditLimitType, { nullable: true, description: 'How far its exposure may go; null for a prepaid account, which has none.' })
  readonly creditLimit!: CreditLimitType | null;

  @Field(() => AccountStateEnum, { description: 'Life of the account.' })
  readonly state!: AccountState;

  @Field(() => Int, { description: 'Raised by every change of the account\'s own data; hand it back as expectedVersion.' })
  readonly version!: number;

  @Field(() => DateTimeScalar, { description: 'When the account was recorded.' })
  readonly createdAt!: Date;

  /** Key of the row, for field resolvers. */
  readonly accountId!: bigint;
  readonly root!: RootRef;
  readonly customerId!: bigint;
  readonly parentId!: bigint | null;
  readonly payerId!: bigint;
}

export const BillingAccountConnection = connectionOf(BillingAccount, 'BillingAccount');

/** The opaque id of a billing account, for every room that hands one out. */
export const billingAccountId = (accountId: bigint): string => encodeId('BillingAccount', accountId);

export function billingAccountOf(row: BillingAccountEntity): BillingAccount {
  const { name, currency, timeZone, billCycleDay, paymentMode, state, version, createdAt, customerId, parentId, payerId } = row;
  return Object.assign(new BillingAccount(), {
    id: billingAccountId(row.id), name, currency, timeZone, billCycleDay, paymentMode, creditLimit: shownLimit(row), state, version,
    createdAt, accountId: row.id, root: { shard: row.shard, rootId: row.rootId }, customerId, parentId, payerId,
  });
}

function shownLimit(row: BillingAccountEntity): CreditLimitType | null {
  const limit = creditLimitOf(row);
  return limit && { kind: limit.kind, amount: limit.kind === 'AMOUNT' ? moneyOf(limit.amount, row.currency) : null };
}
