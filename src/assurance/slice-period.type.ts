import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { BigIntScalar, connectionOf, DateTimeScalar, DecimalScalar, encodeId, PageArgs } from '../platform/graphql';
import { divideRounded, formatScaled } from '../platform/money';
import type { Fraction } from '../platform/time';
import { Payload } from '../tenant';
import { availabilityOf, coverageOf, Verdict } from './availability.rules';
import type { PeriodFacts, PeriodRevision } from './slice-period';

export const VerdictEnum = describedEnum<Verdict>('SliceVerdict', 'Whether a period kept its availability objective.', {
  MET: 'It did.',
  MISSED: 'It did not; a band of the objective says what is credited.',
  CASE: 'Too little of it was measured: a person decides.',
  NOT_MEASURED: 'All of it was agreed maintenance, so that nothing was promised.',
});

/** Minutes are decimals with at most three digits behind the point; shares are percents, rounded down so that what was missed never looks met. */
@ObjectType('SliceAvailability', { simpleResolvers: true, description: 'What was measured of availability in a period: measured = period - maintenance - gaps.' })
export class SliceAvailability {
  @Field(() => DecimalScalar, { nullable: true, description: '(measured - down) ÷ measured in percent, rounded down to six decimals; null where nothing was measured.' })
  readonly availabilityPercent!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'measured ÷ (period - maintenance) in percent, rounded down to six decimals; null where all was maintenance.' })
  readonly coveragePercent!: string | null;

  @Field(() => DecimalScalar, { description: 'Minutes that reports cover.' })
  readonly measuredMinutes!: string;

  @Field(() => DecimalScalar, { description: 'Minutes of these that were down.' })
  readonly downMinutes!: string;

  @Field(() => DecimalScalar, { description: 'Minutes that no report covers.' })
  readonly gapMinutes!: string;

  @Field(() => DecimalScalar, { description: 'Minutes of agreed maintenance.' })
  readonly maintenanceMinutes!: string;
}

@ObjectType('SlicePeriod', { simpleResolvers: true, description: 'A period of a slice that was settled, as its last revision says.' })
export class SlicePeriod {
  @Field(() => ID, { description: 'Id of the product that is the slice.' })
  readonly productId!: string;

  @Field(() => DateTimeScalar, { description: 'Its first instant.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { description: 'The first instant after it.' })
  readonly until!: Date;

  @Field(() => Int, { description: 'How often it was settled: samples that came late, or a decision, make another revision.' })
  readonly revision!: number;

  @Field(() => BigIntScalar, { nullable: true, description: 'Highest number of registered devices in a sample; null where there was none.' })
  readonly registeredPeak!: bigint | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When that sample was taken.' })
  readonly peakAt!: Date | null;

  @Field(() => BigIntScalar, { description: 'Samples of registered devices.' })
  readonly samples!: bigint;

  @Field(() => BigIntScalar, { nullable: true, description: 'Samples that the interval of the offering asks for; null where devices are not counted.' })
  readonly expectedSamples!: bigint | null;

  @Field(() => SliceAvailability, { nullable: true, description: 'What was measured of availability; null where nothing is promised.' })
  readonly availability!: SliceAvailability | null;

  @Field(() => VerdictEnum, { nullable: true, description: 'Whether the objective was kept; null where nothing is promised.' })
  readonly verdict!: Verdict | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Percent of the flat fee that is credited; null where a person is to decide, or nothing is promised.' })
  readonly creditPercent!: string | null;

  @Field(() => String, { nullable: true, description: 'Who decided a case; null where nobody did.' })
  readonly decidedBy!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was decided so.' })
  readonly decisionReason!: string | null;

  @Field(() => Boolean, { description: 'Whether what follows from it is charged; false where the device count waits in quarantine.' })
  readonly isSettled!: boolean;

  readonly startMs!: number;
  readonly endMs!: number;
  readonly productKey!: bigint;
}

export const SlicePeriodConnection = connectionOf(SlicePeriod, 'SlicePeriod');

@ArgsType()
export class SlicePeriodsArgs extends PageArgs {
  @Field(() => VerdictEnum, { nullable: true, description: 'Only periods of this verdict.' })
  verdict?: Verdict | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those that a person decided, or only those that none did.' })
  isDecided?: boolean | null;
}

@InputType('SlicePeriodSettleInput', { description: 'A period that is over, to be settled before the bill run does.' })
export class SlicePeriodSettleInput {
  @Field(() => ID, { description: 'The product that is the slice.' })
  productId!: string;

  @Field(() => DateTimeScalar, { description: 'The instant at which the period ended.' })
  periodEnd!: Date;

  @Field(() => String, { description: 'Key of this wish: a repeat with it changes nothing.' })
  idempotencyKey!: string;
}

@InputType('SlicePeriodDecideInput', { description: 'What a person decides of a period that was measured too little.' })
export class SlicePeriodDecideInput {
  @Field(() => ID, { description: 'The product that is the slice.' })
  productId!: string;

  @Field(() => DateTimeScalar, { description: 'The first instant of the period.' })
  periodStart!: Date;

  @Field(() => DecimalScalar, { description: 'Percent of the flat fee that is credited, from 0 to the cap of the objective.' })
  creditPercent!: string;

  @Field(() => String, { description: 'Why, 3 to 500 characters.' })
  reason!: string;

  @Field(() => String, { description: 'Key of this decision: a repeat with it changes nothing.' })
  idempotencyKey!: string;
}

@ObjectType('SlicePeriodSettlePayload', { simpleResolvers: true, description: 'Outcome of slicePeriodSettle.' })
export class SlicePeriodSettlePayload extends Payload {
  @Field(() => SlicePeriod, { nullable: true, description: 'The period.' })
  readonly period!: SlicePeriod | null;
}

@ObjectType('SlicePeriodDecidePayload', { simpleResolvers: true, description: 'Outcome of slicePeriodDecide.' })
export class SlicePeriodDecidePayload extends Payload {
  @Field(() => SlicePeriod, { nullable: true, description: 'The period.' })
  readonly period!: SlicePeriod | null;
}

const minutes = (ms: bigint): string => formatScaled(divideRounded(ms * 1000n, 60_000n, 'HALF_UP'), 3);
const percent = (share: Fraction | null): string | null => share && formatScaled(divideRounded(share.numerator * 100_000_000n, share.denominator, 'DOWN'), 6);

export function availabilityShown(availability: PeriodFacts['availability']): SliceAvailability | null {
  if (!availability) return null;
  const { measured } = availability;
  return {
    availabilityPercent: percent(availabilityOf(measured)), coveragePercent: percent(coverageOf(measured)), measuredMinutes: minutes(measured.measured),
    downMinutes: minutes(measured.down), gapMinutes: minutes(measured.gaps), maintenanceMinutes: minutes(measured.maintenance),
  };
}

export const periodShown = ({ productId, start, end, revision, facts, isSettled }: PeriodRevision): SlicePeriod => Object.assign(new SlicePeriod(), {
  productId: encodeId('Product', productId), from: new Date(start), until: new Date(end), revision, registeredPeak: facts.devices.peak,
  peakAt: facts.devices.peakAt === null ? null : new Date(facts.devices.peakAt), samples: facts.devices.samples, expectedSamples: facts.devices.expected,
  availability: availabilityShown(facts.availability), verdict: facts.availability?.verdict ?? null, creditPercent: facts.creditPercent,
  decidedBy: facts.decision?.by ?? null, decisionReason: facts.decision?.reason ?? null, isSettled, startMs: start, endMs: end, productKey: productId,
});
