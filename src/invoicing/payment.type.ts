import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { BigIntScalar, connectionOf, DateTimeScalar, DecimalScalar, encodeId, Money, moneyOf } from '../platform/graphql';
import { amount } from '../platform/money';
import type { BillKey } from './bill.types';
import { rateText } from './bill.type';
import { documentName, seriesNameOf } from './issue.rules';
import type { AllocationRecord, NoteLineRecord, NoteRecord, PaymentRecord } from './sql/read.sql';

export type BillPaymentKind = PaymentRecord['kind'];
export const BillPaymentKindEnum = describedEnum<BillPaymentKind>('BillPaymentKind', 'Where money for bills came from.', {
  PAYMENT: 'Money was received.',
  BILL: 'A bill came out below zero.',
  CREDIT_NOTE: 'A credit note took back more than was left to be paid of its bill.',
});

/** Its bills are a field resolver. */
@ObjectType('BillPayment', { simpleResolvers: true, description: 'Money for bills. What no bill was paid with is credit of the account and pays the next one.' })
export class BillPayment {
  @Field(() => ID, { description: 'Opaque id of the payment.' })
  readonly id!: string;

  @Field(() => BillPaymentKindEnum, { description: 'Where it came from.' })
  readonly kind!: BillPaymentKind;

  @Field(() => Money, { description: 'What was paid.' })
  readonly amount!: Money;

  @Field(() => Money, { description: 'What of it no bill was paid with yet.' })
  readonly unallocated!: Money;

  @Field(() => String, { description: 'The sender\'s own words for it.' })
  readonly reference!: string;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was recorded.' })
  readonly receivedAt!: Date;

  readonly place!: PaymentPlace;
}

/** The key of a payment. */
export interface PaymentPlace {
  readonly rootId: bigint;
  readonly position: bigint;
}

export const BillPaymentConnection = connectionOf(BillPayment, 'BillPayment');

/** Its bill and payment are field resolvers. */
@ObjectType('BillAllocation', { simpleResolvers: true, description: 'What of a payment paid one bill (the AppliedPayment of TMF678).' })
export class BillAllocation {
  @Field(() => Money, { description: 'What the bill was paid with it.' })
  readonly amount!: Money;

  @Field(() => DateTimeScalar, { description: 'Business time of the allocation.' })
  readonly allocatedAt!: Date;

  readonly billKey!: Pick<BillKey, 'accountId' | 'sequence'>;
  readonly payment!: PaymentPlace;
}

@ObjectType('CreditNoteLine', { simpleResolvers: true, description: 'What a credit note takes back of one line of its bill.' })
export class CreditNoteLine {
  @Field(() => ID, { description: 'Id of the bill\'s line.' })
  readonly lineId!: string;

  @Field(() => String, { description: 'The line\'s description.' })
  readonly description!: string;

  @Field(() => Money, { description: 'Without tax.' })
  readonly net!: Money;

  @Field(() => Money, { description: 'The tax on it, at the line\'s own rate.' })
  readonly tax!: Money;

  @Field(() => DecimalScalar, { description: 'Tax rate as a fraction.' })
  readonly taxRate!: string;
}

/** Its lines and its bill are field resolvers. */
@ObjectType('CreditNote', { simpleResolvers: true, description: 'A correction of an issued bill, itself never changed.' })
export class CreditNote {
  @Field(() => ID, { description: 'Opaque id of the note.' })
  readonly id!: string;

  @Field(() => String, { description: 'The whole number as printed, such as "C-2026-000002".' })
  readonly documentNumber!: string;

  @Field(() => String, { description: 'The series of the number.' })
  readonly series!: string;

  @Field(() => BigIntScalar, { description: 'The number within its series, without a gap.' })
  readonly number!: bigint;

  @Field(() => Int, { description: 'How many notes the account had by then: 1, 2, 3 and so on.' })
  readonly sequence!: number;

  @Field(() => DateTimeScalar, { description: 'Business time of issue.' })
  readonly issuedAt!: Date;

  @Field(() => String, { description: 'Why it was made.' })
  readonly reason!: string;

  @Field(() => Money, { description: 'Without tax.' })
  readonly net!: Money;

  @Field(() => Money, { description: 'Tax at the rates of the lines.' })
  readonly tax!: Money;

  @Field(() => Money, { description: 'Net and tax: what the account owes less.' })
  readonly total!: Money;

  readonly billKey!: Pick<BillKey, 'accountId' | 'sequence'>;
}

export function paymentShown(row: PaymentRecord): BillPayment {
  const [rootId, position] = [BigInt(row.root_id), BigInt(row.position)];
  return Object.assign(new BillPayment(), {
    id: encodeId('BillPayment', rootId, position), kind: row.kind, amount: moneyOf(amount(BigInt(row.amount)), row.currency),
    unallocated: moneyOf(amount(BigInt(row.amount) - BigInt(row.allocated)), row.currency), reference: row.reference, receivedAt: row.received_at,
    place: { rootId, position },
  });
}

export const allocationShown = (row: AllocationRecord): BillAllocation => Object.assign(new BillAllocation(), {
  amount: moneyOf(amount(BigInt(row.amount)), row.currency), allocatedAt: row.allocated_at,
  billKey: { accountId: BigInt(row.account_id), sequence: row.bill_sequence }, payment: { rootId: BigInt(row.root_id), position: BigInt(row.payment_position) },
});

export function noteShown(row: NoteRecord): CreditNote {
  const money = (text: string): Money => moneyOf(amount(BigInt(text)), row.currency);
  return Object.assign(new CreditNote(), {
    id: encodeId('CreditNote', row.account_id, row.sequence), documentNumber: documentName(row.series, BigInt(row.number)), series: seriesNameOf(row.series),
    number: BigInt(row.number), sequence: row.sequence, issuedAt: row.issued_at, reason: row.reason, net: money(row.net), tax: money(row.tax), total: money(row.total),
    billKey: { accountId: BigInt(row.account_id), sequence: row.bill_sequence },
  });
}

export const noteLineShown = (row: NoteLineRecord): CreditNoteLine => ({
  lineId: encodeId('AppliedCustomerBillingRate', row.account_id, row.bill_sequence, row.line_no), description: row.description,
  net: moneyOf(amount(BigInt(row.net)), row.currency), tax: moneyOf(amount(BigInt(row.tax)), row.currency), taxRate: rateText(row.tax_rate),
});
