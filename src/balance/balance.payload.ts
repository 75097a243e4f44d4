import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { MoveAnswer } from '../charging';
import { BalanceAmount, balanceAmountOf } from '../ledger';
import { CurrencyCodeScalar, DateTimeScalar, DecimalScalar, encodeId, Money, moneyOf, Node } from '../platform/graphql';
import { amount, currencyOf } from '../platform/money';
import { Payload } from '../tenant';

/** Account and newSpendable are field resolvers: they show what the caller may see now, not what was stored. */
@ObjectType('TopUp', { implements: Node, simpleResolvers: true, description: 'Money that was put into an account.' })
export class TopUp implements Node {
  @Field(() => ID, { description: 'Opaque id of the top-up.' })
  readonly id!: string;

  @Field(() => Money, { description: 'What was credited.' })
  readonly amount!: Money;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was booked.' })
  readonly at!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when the money it went to may be spent, as of this top-up; null where it does not lapse.' })
  readonly spendableUntil!: Date | null;

  readonly accountKey!: bigint;
}

@ObjectType('Transfer', { implements: Node, simpleResolvers: true, description: 'Paid money that went from one account to another.' })
export class Transfer implements Node {
  @Field(() => ID, { description: 'Opaque id of the transfer.' })
  readonly id!: string;

  @Field(() => Money, { description: 'What went over.' })
  readonly amount!: Money;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was booked.' })
  readonly at!: Date;

  readonly accountKey!: bigint;
}

@ObjectType('Adjustment', { implements: Node, simpleResolvers: true, description: 'A correction of one bucket.' })
export class Adjustment implements Node {
  @Field(() => ID, { description: 'Opaque id of the adjustment.' })
  readonly id!: string;

  @Field(() => BalanceAmount, { description: 'What was added; negative where it was taken.' })
  readonly amount!: BalanceAmount;

  @Field(() => BalanceAmount, { description: 'Value of the bucket after it.' })
  readonly balanceAfter!: BalanceAmount;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was booked.' })
  readonly at!: Date;

  readonly accountKey!: bigint;
}

/** A move's money; the caller made sure that the asset is one of money. */
const moneyOfMove = ({ amount: value, asset }: MoveAnswer, sign = 1n): Money => moneyOf(amount(BigInt(value) * sign), currencyOf(asset) ?? asset);

const idOf = (type: 'TopUp' | 'Transfer' | 'Adjustment', { rootId, position }: MoveAnswer): string => encodeId(type, rootId, position);

export const topUpOf = (answer: MoveAnswer): TopUp => Object.assign(new TopUp(), {
  id: idOf('TopUp', answer), amount: moneyOfMove(answer), at: new Date(answer.at),
  spendableUntil: answer.spendableUntil === null ? null : new Date(answer.spendableUntil), accountKey: BigInt(answer.accountId),
});

/** One side is told, the caller's: the other's balance is the other's. */
export const transferOf = (side: MoveAnswer): Transfer => Object.assign(new Transfer(), {
  id: idOf('Transfer', side), amount: moneyOfMove(side, side.amount.startsWith('-') ? -1n : 1n), at: new Date(side.at),
  accountKey: BigInt(side.accountId),
});

export const adjustmentOf = (answer: MoveAnswer): Adjustment => Object.assign(new Adjustment(), {
  id: idOf('Adjustment', answer), amount: balanceAmountOf(BigInt(answer.amount), answer.asset),
  balanceAfter: balanceAmountOf(BigInt(answer.balanceAfter), answer.asset), at: new Date(answer.at), accountKey: BigInt(answer.accountId),
});

export type PaymentState = 'CONFIRMED' | 'USED';
const PaymentStateEnum: { readonly [K in PaymentState]: K } = { CONFIRMED: 'CONFIRMED', USED: 'USED' };
registerEnumType(PaymentStateEnum, {
  name: 'PaymentState',
  description: 'Life of a confirmed payment.',
  valuesConfig: { CONFIRMED: { description: 'Its money waits for a top-up.' }, USED: { description: 'Its money was credited.' } },
});

@ObjectType('Payment', { simpleResolvers: true, description: 'A payment that a channel confirmed.' })
export class Payment {
  @Field(() => ID, { description: 'Opaque id: what a subscriber tops up with.' })
  readonly id!: string;

  @Field(() => Money, { description: 'What was paid.' })
  readonly amount!: Money;

  @Field(() => PaymentStateEnum, { description: 'Whether its money was credited.' })
  readonly state!: PaymentState;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was confirmed.' })
  readonly confirmedAt!: Date;
}

@ObjectType('VoucherBatch', { simpleResolvers: true, description: 'Vouchers that were just made. Their codes are shown this once and kept nowhere.' })
export class VoucherBatch {
  @Field(() => String, { description: 'Name of the batch.' })
  readonly batch!: string;

  @Field(() => Int, { description: 'How many there are.' })
  readonly count!: number;

  @Field(() => DecimalScalar, { description: 'Value of each.' })
  readonly amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'Currency of the value.' })
  readonly currency!: string;

  @Field(() => DateTimeScalar, { description: 'First instant at which they can no longer be used.' })
  readonly validUntil!: Date;

  @Field(() => [String], { description: 'The codes, 16 characters each.' })
  readonly codes!: string[];
}

@ObjectType('BalanceTopUpPayload', { description: 'Outcome of balanceTopUp.' })
export class BalanceTopUpPayload extends Payload {
  @Field(() => TopUp, { nullable: true, description: 'The top-up; null where refused.' })
  readonly topUp!: TopUp | null;
}

@ObjectType('BalanceAdjustPayload', { description: 'Outcome of balanceAdjust.' })
export class BalanceAdjustPayload extends Payload {
  @Field(() => Adjustment, { nullable: true, description: 'The adjustment; null where refused.' })
  readonly adjustment!: Adjustment | null;
}

@ObjectType('BalanceTransferPayload', { description: 'Outcome of balanceTransfer.' })
export class BalanceTransferPayload extends Payload {
  @Field(() => Transfer, { nullable: true, description: 'The transfer; null where refused.' })
  readonly transfer!: Transfer | null;
}

@ObjectType('PaymentConfirmPayload', { description: 'Outcome of paymentConfirm.' })
export class PaymentConfirmPayload extends Payload {
  @Field(() => Payment, { nullable: true, description: 'The payment; null where refused.' })
  readonly payment!: Payment | null;
}

@ObjectType('VoucherBatchCreatePayload', { description: 'Outcome of voucherBatchCreate.' })
export class VoucherBatchCreatePayload extends Payload {
  @Field(() => VoucherBatch, { nullable: true, description: 'The vouchers; null where refused.' })
  readonly voucherBatch!: VoucherBatch | null;
}
