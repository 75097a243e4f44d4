import { Field, ID, InputType } from 'type-graphql';
import { DateTimeScalar, MoneyInput } from '../platform/graphql';

const KEY = 'Your own key of this request, 1 to 128 printable characters: a repeat with the same key does nothing and gets the same answer.';

@InputType('BalanceTopUpInput', { description: 'A top-up with exactly one funding: a voucher, a confirmed payment, or (agents and channels) an amount.' })
export class BalanceTopUpInput {
  @Field(() => ID, { description: 'The account to top up.' })
  accountId!: string;

  @Field(() => String, { nullable: true, description: 'Code of a voucher; blanks, dashes and small letters do not matter.' })
  voucherCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of a payment that its channel confirmed for this account.' })
  paymentId?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Money that an agent or a channel funds, within its limits, with at most the minor digits of its currency (ISO 4217); never given by a subscriber.' })
  amount?: MoneyInput | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether the amount is given as promotional money; care agents only.' })
  promotional!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When promotional money lapses; null = it does not.' })
  promotionalUntil?: Date | null;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@InputType('PaymentConfirmInput', { description: 'A payment that the channel has received.' })
export class PaymentConfirmInput {
  @Field(() => String, { description: 'The channel\'s own id of the payment, 1 to 100 printable characters without a card number; unique in the channel.' })
  externalId!: string;

  @Field(() => ID, { description: 'The account that was paid for.' })
  accountId!: string;

  @Field(() => MoneyInput, { description: 'What was paid, in the account\'s currency, with at most its minor digits (ISO 4217).' })
  amount!: MoneyInput;
}
