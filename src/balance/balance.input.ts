import { Field, ID, InputType, Int } from 'type-graphql';
import { CurrencyCodeScalar, DateTimeScalar, DecimalScalar, MoneyInput, QuantityInput } from '../platform/graphql';

const KEY = 'Your own key of this request, 1 to 128 printable characters: a repeat with the same key does nothing and gets the same answer.';

@InputType('BalanceAdjustInput', { description: 'A correction of one bucket: exactly one of money and quantity, below zero to take away.' })
export class BalanceAdjustInput {
  @Field(() => ID, { description: 'The bucket.' })
  bucketId!: string;

  @Field(() => MoneyInput, { nullable: true, description: 'For a bucket of money: what to add, in its currency.' })
  money?: MoneyInput | null;

  @Field(() => QuantityInput, { nullable: true, description: 'For a bucket of units: what to add, in its unit; finance only.' })
  quantity?: QuantityInput | null;

  @Field(() => String, { description: 'Why, 3 to 500 characters, without personal data; kept in the audit log.' })
  reason!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@InputType('BalanceTransferInput', { description: 'Paid money from one prepaid account to another.' })
export class BalanceTransferInput {
  @Field(() => ID, { description: 'The account that gives; of a subscriber an own one.' })
  fromAccountId!: string;

  @Field(() => ID, { description: 'The account that receives.' })
  toAccountId!: string;

  @Field(() => MoneyInput, { description: 'How much, in the currency of both accounts, with at most its minor digits (ISO 4217).' })
  amount!: MoneyInput;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@InputType('VoucherBatchCreateInput', { description: 'A batch of vouchers of one value.' })
export class VoucherBatchCreateInput {
  @Field(() => String, { description: 'Your own name of the batch, 1 to 64 printable characters; a name is used once.' })
  batch!: string;

  @Field(() => Int, { description: 'How many, 1 to 10,000.' })
  count!: number;

  @Field(() => DecimalScalar, { description: 'Value of each voucher, with at most the minor digits of the currency (ISO 4217).' })
  amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'Currency of the value.' })
  currency!: string;

  @Field(() => DateTimeScalar, { description: 'First instant at which they can no longer be used.' })
  validUntil!: Date;
}
