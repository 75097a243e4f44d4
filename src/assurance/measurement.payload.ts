import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import type { UsageResult } from '../charging';
import { UsageOutcome, outcomeOf } from '../charging/usage-charge.payload';
import { type ErrorCode, ErrorCodeEnum } from '../platform/errors';
import { connectionOf, CursorScalar, DateTimeScalar } from '../platform/graphql';
import { Payload } from '../tenant';
import { AsideReasonEnum } from './measurement.input';
import type { MeasurementResult, MeasurementStatus } from './measurement.intake';
import type { AsideReason } from './measurement.types';

export const MeasurementStatusEnum = describedEnum<MeasurementStatus>('SliceMeasurementStatus', 'What became of a measurement.', {
  ACCEPTED: 'Taken in for the first time.',
  DUPLICATE: 'Taken in before; the first one stands.',
  CONFLICT: 'The same id came before with other content: put aside, nothing is overwritten.',
  INVALID: 'Cannot be read as it is; nothing was stored.',
  UNGUIDED: 'No one product could be found for it: put aside, to be driven again.',
});

@ObjectType('SliceMeasurementError', { simpleResolvers: true, description: 'Why a measurement was not taken in.' })
export class MeasurementError {
  @Field(() => ErrorCodeEnum, { description: 'Stable code for programs.' })
  readonly code!: ErrorCode;

  @Field(() => String, { description: 'One plain sentence for people.' })
  readonly message!: string;

  @Field(() => [String], { description: 'Path of the field at fault from the input down; empty where no field is.' })
  readonly path!: readonly string[];
}

@ObjectType('SliceMeasurementResult', { simpleResolvers: true, description: 'What became of one measurement.' })
export class MeasurementOutcome {
  @Field(() => String, { description: 'The sender\'s id of it.' })
  readonly measurementId!: string;

  @Field(() => MeasurementStatusEnum, { description: 'What became of it.' })
  readonly status!: MeasurementStatus;

  @Field(() => Boolean, { description: 'Whether its period was settled before it came: what it changes comes on the next bill.' })
  readonly isLate!: boolean;

  @Field(() => UsageOutcome, { nullable: true, description: 'What its volume was charged, or why it was not; null for what is no volume, or was not taken in.' })
  readonly usage!: UsageOutcome | null;

  @Field(() => MeasurementError, { nullable: true, description: 'Why it was not taken in; null where it was.' })
  readonly error!: MeasurementError | null;
}

@ObjectType()
export abstract class MeasurementCounts extends Payload {
  @Field(() => Int, { description: 'Measurements taken in for the first time.' })
  readonly accepted!: number;

  @Field(() => Int, { description: 'Measurements that were taken in before.' })
  readonly duplicates!: number;

  @Field(() => Int, { description: 'Measurements put aside, conflicts among them.' })
  readonly putAside!: number;

  @Field(() => Int, { description: 'Measurements that cannot be read, and were not stored.' })
  readonly invalid!: number;

  @Field(() => [MeasurementOutcome], { description: 'One result a measurement, in the order asked.' })
  readonly results!: readonly MeasurementOutcome[];
}

@ObjectType('SliceMeasurementReportPayload', { simpleResolvers: true, description: 'Outcome of sliceMeasurementReport.' })
export class MeasurementReportPayload extends MeasurementCounts {}

@ObjectType('UnguidedSliceMeasurementRedrivePayload', { simpleResolvers: true, description: 'Outcome of unguidedSliceMeasurementRedrive.' })
export class UnguidedRedrivePayload extends MeasurementCounts {
  @Field(() => CursorScalar, { nullable: true, description: 'The last measurement tried; hand it back as `after`. Null where nothing was left.' })
  readonly endCursor!: string | null;
}

@ObjectType('UnguidedSliceMeasurement', { simpleResolvers: true, description: 'A measurement put aside, to be driven again once what kept it is mended.' })
export class UnguidedMeasurement {
  @Field(() => String, { description: 'The sender\'s id of it.' })
  readonly measurementId!: string;

  @Field(() => String, { description: 'Name of the sender.' })
  readonly source!: string;

  @Field(() => String, { nullable: true, description: 'The S-NSSAI that it names, such as "1-00AB3F"; null where it names a product.' })
  readonly snssai!: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the product that it names; null where it names an S-NSSAI.' })
  readonly productId!: string | null;

  @Field(() => String, { nullable: true, description: 'The tenant that it names; null where it names none.' })
  readonly tenantIdentifier!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was measured; of a stretch, its start.' })
  readonly measuredAt!: Date;

  @Field(() => AsideReasonEnum, { description: 'Why it was put aside, as of the last attempt.' })
  readonly reason!: AsideReason;

  @Field(() => String, { description: 'The reason as one plain sentence.' })
  readonly message!: string;

  @Field(() => Int, { description: 'How often it was tried.' })
  readonly attempts!: number;

  @Field(() => DateTimeScalar, { description: 'When it came first.' })
  readonly receivedAt!: Date;
}

export const UnguidedMeasurementConnection = connectionOf(UnguidedMeasurement, 'UnguidedSliceMeasurement');

/** The result as the API shows it; paths begin with the measurement's place. */
export const shownResult = ({ measurementId, status, isLate, usage, error }: MeasurementResult, at: readonly string[]): MeasurementOutcome => ({
  measurementId, status, isLate, usage: usageShown(usage), error: error && { ...error, path: [...at, ...error.path] },
});
const usageShown = (usage: UsageResult | null): UsageOutcome | null => usage && outcomeOf(usage);

/** Counts the results of a call; together they are all of them. */
export function countsOf(results: readonly MeasurementOutcome[]): Pick<MeasurementCounts, 'accepted' | 'duplicates' | 'putAside' | 'invalid'> {
  const counts = { accepted: 0, duplicates: 0, putAside: 0, invalid: 0 };
  for (const { status } of results) counts[COUNTED_AS[status]] += 1;
  return counts;
}
const COUNTED_AS = {
  ACCEPTED: 'accepted', DUPLICATE: 'duplicates', CONFLICT: 'putAside', UNGUIDED: 'putAside', INVALID: 'invalid',
} as const satisfies Record<MeasurementStatus, string>;
