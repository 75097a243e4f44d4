import { Field, InputType, ObjectType } from 'type-graphql';
import { Amount, formatAmount } from '../money';
import { CurrencyCodeScalar, DecimalScalar } from './scalars';

/** Money as the API shows it: a number never travels without its currency. */
@ObjectType('Money', { simpleResolvers: true, description: 'An amount of money in one currency.' })
export class Money {
  @Field(() => DecimalScalar, { description: 'Amount in units of the currency, exact to six decimals.' })
  readonly amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'Currency of the amount.' })
  readonly currency!: string;
}

/** Money as a caller states it. */
@InputType('MoneyInput', { description: 'An amount of money in one currency.' })
export class MoneyInput {
  @Field(() => DecimalScalar, { description: 'Amount in units of the currency, with at most six decimals.' })
  amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'Currency of the amount.' })
  currency!: string;
}

/** An amount of the ledger as the API shows it. */
export const moneyOf = (amount: Amount, currency: string): Money => ({ amount: formatAmount(amount, currency), currency });
