import { Field, Int, ObjectType } from 'type-graphql';
import { type ChargeKind, ChargeKindEnum } from '../charging/charge.type';
import { BigIntScalar, connectionOf, CurrencyCodeScalar, DateScalar, DateTimeScalar, DecimalScalar, encodeId, Money, moneyOf, Node, Quantity, quantityOf } from '../platform/graphql';
import { amount, quantity, Unit } from '../platform/money';
import { type LineModel, ShareBasisEnum, ShareModelEnum, StatementStateEnum } from './share.enums';
import type { ShareBasis } from './share.rules';
import type { StatementState } from './statement.rules';

@ObjectType('SharePeriod', { simpleResolvers: true, description: 'A calendar month of the tenant\'s zone.' })
export class SharePeriod {
  @Field(() => DateScalar, { description: 'First day.' })
  readonly from!: string;

  @Field(() => DateScalar, { description: 'First day after it.' })
  readonly until!: string;
}

@ObjectType('SharedBasis', { simpleResolvers: true, description: 'The money that shares are taken of.' })
export class SharedBasis {
  @Field(() => ShareBasisEnum, { description: 'Without or with tax.' })
  readonly kind!: ShareBasis;

  @Field(() => Money, { description: 'The amount, exact.' })
  readonly amount!: Money;
}

@ObjectType('SharedCharge', { simpleResolvers: true, description: 'A charge as a partner sees it: what was used, and not by whom.' })
export class SharedCharge {
  @Field(() => ChargeKindEnum, { description: 'What was charged.' })
  readonly kind!: ChargeKind;

  @Field(() => Quantity, { description: 'How much was used; negative where the charge was given back.' })
  readonly quantity!: Quantity;

  @Field(() => DateTimeScalar, { description: 'When the usage began or the fee fell due; its instant decides which agreement version shares.' })
  readonly startedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'Business time at which it was booked; its day decides the period.' })
  readonly bookedAt!: Date;

  @Field(() => Boolean, { description: 'Whether it takes an earlier charge back, in part or whole.' })
  readonly isRefund!: boolean;
}

@ObjectType('RevenueShare', { simpleResolvers: true, description: 'The partner\'s share of one charge.' })
export class RevenueShare {
  @Field(() => BigIntScalar, { description: 'Its number within the line, from 1: name it where you ask about it.' })
  readonly number!: bigint;

  @Field(() => Money, { description: 'The share, to six decimals.' })
  readonly share!: Money;

  @Field(() => SharedBasis, { description: 'What it is taken of.' })
  readonly basis!: SharedBasis;

  @Field(() => SharedCharge, { description: 'The charge.' })
  readonly charge!: SharedCharge;
}

export const RevenueShareConnection = connectionOf(RevenueShare, 'RevenueShare');

/** A line; offering, adjusted statement and shares are field resolvers. */
@ObjectType('RevenueShareLine', { simpleResolvers: true, description: 'What is owed by one item of an agreement, offering and kind of charge.' })
export class RevenueShareLine {
  @Field(() => Int, { description: 'Its number on the statement, from 1.' })
  readonly number!: number;

  @Field(() => ChargeKindEnum, { description: 'The kind of the charges.' })
  readonly kind!: ChargeKind;

  @Field(() => ShareModelEnum, { description: 'How the share is reckoned.' })
  readonly model!: LineModel;

  @Field(() => DecimalScalar, { nullable: true, description: 'The percentage, "70" for 70 %; null where the share is none.' })
  readonly percent!: string | null;

  @Field(() => SharedBasis, { description: 'What the shares are taken of: the sum over the charges.' })
  readonly basis!: SharedBasis;

  @Field(() => BigIntScalar, { description: 'How many shares it sums, those of refunds among them.' })
  readonly count!: bigint;

  @Field(() => Money, { description: 'The sum of the shares, rounded once to the minor unit.' })
  readonly share!: Money;

  @Field(() => Money, { description: 'The sum of the shares before rounding.' })
  readonly exactShare!: Money;

  /** Keys, for field resolvers. */
  readonly statementKey!: bigint;
  readonly offeringKey!: string;
  readonly adjustsKey!: bigint | null;
}

export const RevenueShareLineConnection = connectionOf(RevenueShareLine, 'RevenueShareLine');

@ObjectType('RevenueShareDay', { simpleResolvers: true, description: 'What was owed of the charges that were booked on one day.' })
export class RevenueShareDay {
  @Field(() => DateScalar, { description: 'The day in the tenant\'s zone.' })
  readonly date!: string;

  @Field(() => BigIntScalar, { description: 'How many shares.' })
  readonly count!: bigint;

  @Field(() => Money, { description: 'Their exact sum.' })
  readonly share!: Money;
}

/** A statement; partner, lines and days are field resolvers. */
@ObjectType('RevenueShareStatement', { implements: Node, simpleResolvers: true, description: 'What a partner is owed for a period (PartyRevSharingReport of TMF737). Its figures never change.' })
export class RevenueShareStatement extends Node {
  @Field(() => Int, { nullable: true, description: 'Its number: 1, 2, 3 and so on for each partner without a hole; null until it is published.' })
  readonly number!: number | null;

  @Field(() => SharePeriod, { description: 'The period whose bookings it states.' })
  readonly period!: SharePeriod;

  @Field(() => StatementStateEnum, { description: 'Life of the statement.' })
  readonly state!: StatementState;

  @Field(() => Int, { description: 'Always 1 so far: what changes later stands on the next statement.' })
  readonly revision!: number;

  @Field(() => Int, { description: 'Raised by every step of the statement.' })
  readonly version!: number;

  @Field(() => CurrencyCodeScalar, { description: 'Currency of all of its money.' })
  readonly currency!: string;

  @Field(() => Money, { description: 'The sum of its lines.' })
  readonly share!: Money;

  @Field(() => Money, { description: 'What rounding its lines added to the exact shares; negative where it took away.' })
  readonly rounding!: Money;

  @Field(() => Money, { description: 'What the statement before could not take off: zero or less.' })
  readonly carriedIn!: Money;

  @Field(() => Money, { description: 'What the next statement takes off: zero or less.' })
  readonly carriedForward!: Money;

  @Field(() => Money, { description: 'What is to be paid: share and carriedIn, where that is above zero.' })
  readonly payable!: Money;

  @Field(() => DateTimeScalar, { description: 'When the period was closed.' })
  readonly calculatedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was shown to the partner; null until then.' })
  readonly publishedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the partner accepted or disputed it; null until then.' })
  readonly answeredAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why the partner disputes it; null where it does not.' })
  readonly disputeReason!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was settled; null until then.' })
  readonly settledAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Reference of the payment; null until it is settled.' })
  readonly settlementReference!: string | null;

  /** Keys, for field resolvers. */
  readonly statementKey!: bigint;
  readonly partnerKey!: bigint;
}

export const RevenueShareStatementConnection = connectionOf(RevenueShareStatement, 'RevenueShareStatement');

@ObjectType('RunningShareTotal', { simpleResolvers: true, description: 'What a partner is owed so far of the month that runs.' })
export class RunningShareTotal {
  @Field(() => CurrencyCodeScalar, { description: 'Currency of the settlement account.' })
  readonly currency!: string;

  @Field(() => SharePeriod, { description: 'The month that runs.' })
  readonly period!: SharePeriod;

  @Field(() => Money, { description: 'The exact sum of the shares so far.' })
  readonly share!: Money;

  @Field(() => DateTimeScalar, { description: 'Business time of the answer.' })
  readonly asOf!: Date;
}

export interface StatementRecord {
  readonly id: string; readonly partner_id: string; readonly number: number | null; readonly period_from: string; readonly period_until: string;
  readonly state: StatementState; readonly revision: number; readonly version: number; readonly currency: string; readonly share: string;
  readonly rounding: string; readonly carried_in: string; readonly carried_forward: string; readonly payable: string; readonly calculated_at: Date;
  readonly published_at: Date | null; readonly answered_at: Date | null; readonly dispute_reason: string | null; readonly settled_at: Date | null;
  readonly settlement_reference: string | null;
}

const money = (text: string, currency: string): Money => moneyOf(amount(BigInt(text)), currency);

export const statementOf = (row: StatementRecord): RevenueShareStatement => Object.assign(new RevenueShareStatement(), {
  id: encodeId('RevenueShareStatement', row.id), number: row.number, period: { from: row.period_from, until: row.period_until }, state: row.state,
  revision: row.revision, version: row.version, currency: row.currency, share: money(row.share, row.currency), rounding: money(row.rounding, row.currency),
  carriedIn: money(row.carried_in, row.currency), carriedForward: money(row.carried_forward, row.currency), payable: money(row.payable, row.currency),
  calculatedAt: row.calculated_at, publishedAt: row.published_at, answeredAt: row.answered_at, disputeReason: row.dispute_reason, settledAt: row.settled_at,
  settlementReference: row.settlement_reference, statementKey: BigInt(row.id), partnerKey: BigInt(row.partner_id),
});

export interface LineRecord {
  readonly statement_id: string; readonly line: number; readonly kind: ChargeKind; readonly model: LineModel; readonly percent: string | null;
  readonly basis_kind: ShareBasis; readonly basis: string; readonly events: string; readonly share: string; readonly exact: string; readonly currency: string;
  readonly offering_id: string; readonly adjusts_id: string | null;
}

export const lineOf = (row: LineRecord): RevenueShareLine => Object.assign(new RevenueShareLine(), {
  number: row.line, kind: row.kind, model: row.model, percent: row.percent, basis: { kind: row.basis_kind, amount: money(row.basis, row.currency) },
  count: BigInt(row.events), share: money(row.share, row.currency), exactShare: money(row.exact, row.currency), statementKey: BigInt(row.statement_id),
  offeringKey: row.offering_id, adjustsKey: row.adjusts_id === null ? null : BigInt(row.adjusts_id),
});

export interface ShareRecord {
  readonly number: string; readonly kind: ChargeKind; readonly quantity: string; readonly unit: Unit; readonly event_at: Date; readonly booked_at: Date;
  readonly is_refund: boolean; readonly basis_kind: ShareBasis; readonly basis: string; readonly share: string; readonly currency: string;
}

export const shareOf = (row: ShareRecord): RevenueShare => ({
  number: BigInt(row.number), share: money(row.share, row.currency), basis: { kind: row.basis_kind, amount: money(row.basis, row.currency) },
  charge: {
    kind: row.kind, quantity: quantityOf(quantity(BigInt(row.quantity)), row.unit), startedAt: row.event_at, bookedAt: row.booked_at, isRefund: row.is_refund,
  },
});

export interface DayRecord { readonly statement_id: string; readonly date: string; readonly events: string; readonly share: string; readonly currency: string }

export const dayOf = ({ date, events, share, currency }: DayRecord): RevenueShareDay => ({ date, count: BigInt(events), share: money(share, currency) });
