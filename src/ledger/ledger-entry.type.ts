import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import {
  BigIntScalar, connectionOf, DateTimeScalar, DecimalScalar, encodeId,
} from '../platform/graphql';
import { currencyOf, formatScaled, MONEY_SCALE, minorDigits } from '../platform/money';
import type { EntryKind } from './entry.types';
import type { EntryRecord } from './sql/select-entries';

const KINDS: Readonly<Record<EntryKind, string>> = {
  CHARGE: 'Usage was charged.',
  REFUND: 'A charge was given back, in part or whole.',
  FEE: 'A one-time or recurring fee.',
  TOP_UP: 'Money came in by a voucher, a payment or an agent.',
  ADJUST: 'A correction by an agent or by finance.',
  TRANSFER: 'Money went to, or came from, another account.',
  GRANT: 'An allowance of a period was put in.',
  ROLL_OVER: 'Units left over were carried into the next period.',
  EXPIRE: 'What was left lapsed.',
  REVIVE: 'What had lapsed came back.',
  MIGRATE: 'What the account had in another system was brought here.',
  PAYMENT: 'Bills were paid.',
  CREDIT_NOTE: 'A bill was corrected by a credit note.',
  ROUNDING: 'A bill was rounded to the currency\'s minor unit.',
};
export const EntryKindEnum = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, kind])) as { [K in EntryKind]: K };
registerEnumType(EntryKindEnum, {
  name: 'LedgerEntryKind',
  description: 'Why a bucket moved.',
  valuesConfig: Object.fromEntries(Object.entries(KINDS).map(([kind, description]) => [kind, { description }])) as
    { [K in EntryKind]: { description: string } },
});

/** A bucket holds money or units, so its numbers travel with the one word that says which. */
@ObjectType('BalanceAmount', { simpleResolvers: true, description: 'A number of a bucket: money in its currency, or a count in its unit.' })
export class BalanceAmount {
  @Field(() => DecimalScalar, { description: 'The number, exact; whole for units.' })
  readonly amount!: string;

  @Field(() => String, { description: 'Currency code of ISO 4217, or BYTE, SECOND or EVENT.' })
  readonly unit!: string;
}

/** A number of an asset of the ledger ("EUR/6", "BYTE") as the API shows it. */
export function balanceAmountOf(value: bigint, asset: string): BalanceAmount {
  const currency = currencyOf(asset);
  return currency === null ? { amount: value.toString(), unit: asset }
    : { amount: formatScaled(value, MONEY_SCALE, minorDigits(currency)), unit: currency };
}

@ObjectType('LedgerEntry', { simpleResolvers: true, description: 'One move of one bucket: both sides of the double entry in one row, never changed.' })
export class LedgerEntry {
  @Field(() => ID, { description: 'Opaque id of the entry.' })
  readonly id!: string;

  @Field(() => BigIntScalar, { description: 'The bucket\'s version after this move: 1, 2, 3 and so on without a hole.' })
  readonly version!: bigint;

  @Field(() => EntryKindEnum, { description: 'Why the bucket moved.' })
  readonly kind!: EntryKind;

  @Field(() => BalanceAmount, { description: 'What was added to the bucket; negative where it was taken.' })
  readonly amount!: BalanceAmount;

  @Field(() => BalanceAmount, { nullable: true, description: 'The tax that is part of the amount; null where none is.' })
  readonly tax!: BalanceAmount | null;

  @Field(() => BalanceAmount, { description: 'Value of the bucket after this move.' })
  readonly balanceAfter!: BalanceAmount;

  @Field(() => String, { description: 'Account of the chart on the other side.' })
  readonly contraAccount!: string;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was booked.' })
  readonly bookedAt!: Date;

  /** Keys of the row, for field resolvers. */
  readonly place!: EntryPlace;
}

/** Where in a root's order something happened. */
export interface EntryPlace {
  readonly shard: number;
  readonly rootId: bigint;
  readonly position: bigint;
}

export const LedgerEntryConnection = connectionOf(LedgerEntry, 'LedgerEntry');

export function ledgerEntryOf(row: EntryRecord): LedgerEntry {
  const { asset } = row;
  const tax = BigInt(row.tax);
  return {
    id: encodeId('LedgerEntry', row.root_id, row.bucket_id, row.version), version: BigInt(row.version), kind: row.kind as EntryKind,
    amount: balanceAmountOf(BigInt(row.amount), asset), tax: tax === 0n ? null : balanceAmountOf(tax, asset),
    balanceAfter: balanceAmountOf(BigInt(row.balance_after), asset), contraAccount: row.contra, bookedAt: row.booked_at,
    place: { shard: row.shard, rootId: BigInt(row.root_id), position: BigInt(row.position) },
  };
}
