import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import type { ChargeKind } from '../charging/charge.type';
import {
  BigIntScalar, connectionOf, DateScalar, DateTimeScalar, DecimalScalar, encodeId, Money, moneyOf, Node, Quantity, quantityOf,
} from '../platform/graphql';
import { amount, formatScaled, parseDecimal, quantity } from '../platform/money';
import type { BillKey, BillKind } from './bill.types';
import { documentName, seriesNameOf } from './issue.rules';
import type { BillRecord, LineRecord, TaxRecord } from './sql/read.sql';

export const BillKindEnum = describedEnum<BillKind>('CustomerBillKind', 'What kind of document it is.', {
  BILL: 'A bill: what an account with credit owes.',
  STATEMENT: 'A statement: what a prepaid account spent; nothing is due.',
});

export type BillLineKind = ChargeKind | 'BROUGHT_OVER';
export const BillLineKindEnum = describedEnum<BillLineKind>('BillLineKind', 'What a line of a bill is about.', {
  VOICE: 'Calls.',
  SMS: 'Short messages.',
  MMS: 'Multimedia messages.',
  DATA: 'Data volume.',
  CONTENT: 'Content and downloads.',
  GENERIC: 'Other usage.',
  RECURRING_FEE: 'Fees of periods.',
  SLA_CREDIT: 'Parts of fees of periods, given back because availability was below what was promised.',
  ONE_TIME_FEE: 'Fees at activation.',
  BROUGHT_OVER: 'What was unbilled in the system before; it has no charges here.',
});

export type BillState = 'SENT' | 'PARTIALLY_PAID' | 'SETTLED';
export const BillStateEnum = describedEnum<BillState>('CustomerBillState', 'Life of an issued bill (TMF678). It follows from its payments and credit notes.', {
  SENT: 'Issued, and nothing was paid of it yet.',
  PARTIALLY_PAID: 'Part of what is due was paid.',
  SETTLED: 'Nothing is left to be paid.',
});

@ObjectType('BillingPeriod', { simpleResolvers: true, description: 'A stretch of local days of the account\'s time zone.' })
export class BillingPeriod {
  @Field(() => DateScalar, { description: 'First day.' })
  readonly from!: string;

  @Field(() => DateScalar, { description: 'The day after the last one.' })
  readonly until!: string;
}

@ObjectType('BillTax', { simpleResolvers: true, description: 'The tax of a bill for one code and rate.' })
export class BillTax {
  @Field(() => String, { description: 'Tax code of the catalog; empty for what bears none.' })
  readonly code!: string;

  @Field(() => DecimalScalar, { description: 'Rate as a fraction: "0.23".' })
  readonly rate!: string;

  @Field(() => Boolean, { description: 'Whether the prices have the tax in them; else it was added to them.' })
  readonly isIncluded!: boolean;

  @Field(() => Money, { description: 'Net amounts that the tax is on.' })
  readonly base!: Money;

  @Field(() => Money, { description: 'The tax, rounded once on the sum of the lines.' })
  readonly amount!: Money;
}

/** Its account, product and charges are field resolvers. */
@ObjectType('AppliedCustomerBillingRate', { simpleResolvers: true, description: 'One line of a bill (TMF678): the exact sum of its charges, rounded once.' })
export class AppliedCustomerBillingRate {
  @Field(() => ID, { nullable: true, description: 'Opaque id of the line; null in a preview, whose lines do not stand yet.' })
  readonly id!: string | null;

  @Field(() => Int, { description: 'Place on the bill: 1, 2, 3 and so on.' })
  readonly number!: number;

  @Field(() => String, { description: 'Offering and price, as they are called in the catalog.' })
  readonly description!: string;

  @Field(() => BillLineKindEnum, { description: 'What it is about.' })
  readonly kind!: BillLineKind;

  @Field(() => String, { nullable: true, description: 'The customer\'s own number of the order that made the product; null without one.' })
  readonly purchaseOrderNumber!: string | null;

  @Field(() => BillingPeriod, { description: 'The charges\' own period: that of a fee, else the bill cycle of the usage, which for late usage lies before the bill\'s.' })
  readonly period!: BillingPeriod;

  @Field(() => Quantity, { description: 'What was used, allowances included; refunds are taken off.' })
  readonly quantity!: Quantity;

  @Field(() => Money, { description: 'Without tax.' })
  readonly net!: Money;

  @Field(() => Money, { description: 'In the price\'s own sense: with its tax where `isTaxIncluded`, else without.' })
  readonly amount!: Money;

  @Field(() => Boolean, { description: 'Whether the price has its tax in it.' })
  readonly isTaxIncluded!: boolean;

  @Field(() => String, { description: 'Tax code; empty where none applies.' })
  readonly taxCode!: string;

  @Field(() => DecimalScalar, { description: 'Tax rate as a fraction.' })
  readonly taxRate!: string;

  @Field(() => BigIntScalar, { description: 'Number of charges in it.' })
  readonly chargeCount!: bigint;

  /** The rule by which its charges are found. */
  readonly rule!: LineRule;
}

/** Where a line's charges stand, and what they have in common. Instants are RFC 3339. */
export interface LineRule {
  readonly shard: number; readonly rootId: bigint; readonly readFrom: string; readonly position: string; readonly cycleEnd: string;
  readonly previousEnd: string; readonly previousPosition: string; readonly userAccountId: bigint; readonly productId: bigint | null;
  readonly priceVersionId: string | null; readonly kind: string; readonly periodStart: string; readonly periodEnd: string; readonly taxCode: string; readonly taxRate: string;
}

export const AppliedCustomerBillingRateConnection = connectionOf(AppliedCustomerBillingRate, 'AppliedCustomerBillingRate');

/** Its account, lines, taxes, payments and credit notes are field resolvers. */
@ObjectType('CustomerBill', { implements: Node, simpleResolvers: true, description: 'An issued bill, or the statement of a prepaid account (TMF678). It is never changed: a credit note corrects it.' })
export class CustomerBill extends Node {
  @Field(() => BillKindEnum, { description: 'Bill or statement.' })
  readonly kind!: BillKind;

  @Field(() => BillStateEnum, { description: 'What became of it.' })
  readonly state!: BillState;

  @Field(() => String, { description: 'The whole number as printed, such as "B-2026-000017".' })
  readonly documentNumber!: string;

  @Field(() => String, { description: 'The series of the number, such as "B-2026": one a kind and year.' })
  readonly series!: string;

  @Field(() => BigIntScalar, { description: 'The number within its series: 1, 2, 3 and so on without a gap.' })
  readonly number!: bigint;

  @Field(() => BillingPeriod, { description: 'The bill cycle.' })
  readonly period!: BillingPeriod;

  @Field(() => DateTimeScalar, { description: 'Business time of issue.' })
  readonly issuedAt!: Date;

  @Field(() => DateScalar, { description: 'Last day for payment; of a statement the day of issue.' })
  readonly dueDate!: string;

  @Field(() => Money, { description: 'Sum of the lines, without tax.' })
  readonly net!: Money;

  @Field(() => Money, { description: 'Sum of the taxes.' })
  readonly tax!: Money;

  @Field(() => Money, { description: 'Net and tax.' })
  readonly total!: Money;

  @Field(() => Money, { description: 'What prepaid money had paid of it when it was used.' })
  readonly paidFromPrepaid!: Money;

  @Field(() => Money, { description: 'Corrections given since the bill before; negative where something was taken.' })
  readonly corrections!: Money;

  @Field(() => Money, { description: 'Total less prepaid money and corrections; below zero it is credit of the account.' })
  readonly amountDue!: Money;

  @Field(() => Money, { description: 'What is left to be paid after payments and credit notes.' })
  readonly remaining!: Money;

  @Field(() => Money, { description: 'Sum of its credit notes.' })
  readonly credited!: Money;

  readonly key!: BillKey;
}

export const CustomerBillConnection = connectionOf(CustomerBill, 'CustomerBill');

export const billId = ({ accountId, sequence }: Pick<BillKey, 'accountId' | 'sequence'>): string => encodeId('CustomerBill', accountId, sequence);

/** A decimal as text without the zeros that a column's scale adds. */
export const rateText = (text: string): string => {
  const rate = parseDecimal(text);
  return rate ? formatScaled(rate.unscaled, rate.scale) : text;
};

export function stateOfBill(due: bigint, allocated: bigint, applied: bigint): BillState {
  if (due - allocated - applied <= 0n) return 'SETTLED';
  return allocated > 0n ? 'PARTIALLY_PAID' : 'SENT';
}

export function billShown(row: BillRecord): CustomerBill {
  const money = (text: string | bigint): Money => moneyOf(amount(BigInt(text)), row.currency);
  const [due, allocated, applied] = [BigInt(row.due), BigInt(row.allocated), BigInt(row.applied)];
  const key = { shard: row.shard, rootId: BigInt(row.root_id), accountId: BigInt(row.account_id), sequence: row.sequence };
  const left = due - allocated - applied;
  return Object.assign(new CustomerBill(), {
    id: billId(key), key, kind: row.kind, state: stateOfBill(due, allocated, applied), documentNumber: documentName(row.series, BigInt(row.number)),
    series: seriesNameOf(row.series), number: BigInt(row.number), period: { from: row.start_date, until: row.end_date }, issuedAt: row.issued_at,
    dueDate: row.due_date, net: money(row.net), tax: money(row.tax), total: money(row.total), paidFromPrepaid: money(row.prepaid),
    corrections: money(row.adjusted), amountDue: money(due), remaining: money(left > 0n ? left : 0n), credited: money(row.credited),
  });
}

export function lineShown(row: LineRecord): AppliedCustomerBillingRate {
  const { currency } = row;
  const money = (text: string): Money => moneyOf(amount(BigInt(text)), currency);
  return Object.assign(new AppliedCustomerBillingRate(), {
    id: encodeId('AppliedCustomerBillingRate', row.account_id, row.bill_sequence, row.line_no), number: row.line_no, description: row.description,
    kind: row.kind as BillLineKind, purchaseOrderNumber: row.purchase_order, period: { from: row.start_date, until: row.end_date }, quantity: quantityOf(quantity(BigInt(row.quantity)), row.unit),
    net: money(row.net), amount: money(row.amount), isTaxIncluded: row.tax_included, taxCode: row.tax_code, taxRate: rateText(row.tax_rate),
    chargeCount: BigInt(row.charge_count),
    rule: {
      shard: row.shard, rootId: BigInt(row.root_id), readFrom: row.read_from, position: row.position, cycleEnd: row.cycle_end.toISOString(),
      previousEnd: row.previous_end.toISOString(), previousPosition: row.previous_position, userAccountId: BigInt(row.user_account_id),
      productId: row.product_id === null ? null : BigInt(row.product_id), priceVersionId: row.price_version_id, kind: row.kind,
      periodStart: row.period_start.toISOString(), periodEnd: row.period_end.toISOString(), taxCode: row.tax_code, taxRate: row.tax_rate,
    },
  });
}

export const taxShown = (row: TaxRecord, currency: string): BillTax => ({
  code: row.tax_code, rate: rateText(row.tax_rate), isIncluded: row.tax_included, base: moneyOf(amount(BigInt(row.base)), currency),
  amount: moneyOf(amount(BigInt(row.amount)), currency),
});
