import { Field, ObjectType } from 'type-graphql';
import { DateTimeScalar, Money, moneyOf, quantityOf } from '../platform/graphql';
import { formatScaled, quantity } from '../platform/money';
import { AppliedCustomerBillingRate, BillingPeriod, BillKindEnum, type BillLineKind, BillTax, type LineRule } from './bill.type';
import type { Bill, BillKind, BillLine } from './bill.types';

@ObjectType('BillPreview', { simpleResolvers: true, description: 'The bill of the period under way, if it ended now. Nothing is written, and every later charge changes it.' })
export class BillPreview {
  @Field(() => BillKindEnum, { description: 'Bill or statement.' })
  readonly kind!: BillKind;

  @Field(() => BillingPeriod, { description: 'The bill cycle under way.' })
  readonly period!: BillingPeriod;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was read.' })
  readonly asOf!: Date;

  @Field(() => Money, { description: 'Sum of the lines, without tax.' })
  readonly net!: Money;

  @Field(() => Money, { description: 'Sum of the taxes.' })
  readonly tax!: Money;

  @Field(() => Money, { description: 'Net and tax.' })
  readonly total!: Money;

  @Field(() => Money, { description: 'What prepaid money paid of it.' })
  readonly paidFromPrepaid!: Money;

  @Field(() => Money, { description: 'Corrections given since the last bill.' })
  readonly corrections!: Money;

  @Field(() => Money, { description: 'Total less prepaid money and corrections.' })
  readonly amountDue!: Money;

  @Field(() => [BillTax], { description: 'Taxes, one a code, rate and tax sense.' })
  readonly taxes!: BillTax[];

  readonly accountKey!: string;

  readonly allLines!: readonly AppliedCustomerBillingRate[];
}

/** A line that was computed and does not stand; `bounds` say where its charges are looked for. */
export function computedLine(line: BillLine, number: number, currency: string, bounds: Pick<LineRule, 'shard' | 'rootId' | 'readFrom' | 'position' | 'cycleEnd' | 'previousEnd' | 'previousPosition'>): AppliedCustomerBillingRate {
  const taxRate = formatScaled(line.taxRate.unscaled, line.taxRate.scale);
  return Object.assign(new AppliedCustomerBillingRate(), {
    id: null, number, description: line.description, kind: line.kind as BillLineKind, purchaseOrderNumber: line.purchaseOrder, period: { from: line.period.startDate, until: line.period.endDate },
    quantity: quantityOf(quantity(line.quantity), line.unit), net: moneyOf(line.netRounded, currency), amount: moneyOf(line.amount, currency),
    isTaxIncluded: line.taxIncluded, taxCode: line.taxCode, taxRate, chargeCount: line.chargeCount,
    rule: {
      ...bounds, userAccountId: line.userAccountId, productId: line.productId, priceVersionId: line.priceVersionId?.toString() ?? null, kind: line.kind,
      periodStart: new Date(line.period.start).toISOString(), periodEnd: new Date(line.period.end).toISOString(), taxCode: line.taxCode, taxRate,
    },
  });
}

export const taxesOfBill = ({ taxes, currency }: Bill): BillTax[] => taxes.map((item) => ({
  code: item.taxCode, rate: formatScaled(item.taxRate.unscaled, item.taxRate.scale), isIncluded: item.taxIncluded, base: moneyOf(item.base, currency),
  amount: moneyOf(item.amount, currency),
}));
