import { ArgsType, Field, ObjectType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { BigIntScalar, connectionOf, DateTimeScalar, DecimalScalar, Money, PageArgs, Quantity } from '../platform/graphql';
import type { Verdict } from './availability.rules';
import { SliceState, SliceStateEnum } from './measurement.input';
import type { MeasurementKind } from './measurement.types';
import { SliceAvailability, VerdictEnum } from './slice-period.type';

export type SliceMetric = 'REGISTERED_DEVICES' | 'VOLUME' | 'AVAILABILITY';
export const SliceMetricEnum = describedEnum<SliceMetric>('SliceMetric', 'What is measured of a slice.', {
  REGISTERED_DEVICES: 'How many devices are registered.',
  VOLUME: 'What is transferred.',
  AVAILABILITY: 'Whether it is available.',
});
export const KIND_OF_METRIC: Readonly<Record<SliceMetric, MeasurementKind>> = { REGISTERED_DEVICES: 'DEVICES', VOLUME: 'VOLUME', AVAILABILITY: 'AVAILABILITY' };
export const METRIC_OF_KIND: Readonly<Record<MeasurementKind, SliceMetric>> = { DEVICES: 'REGISTERED_DEVICES', VOLUME: 'VOLUME', AVAILABILITY: 'AVAILABILITY' };

@ObjectType('SliceUsage', { simpleResolvers: true, description: 'What was measured of use in a slice\'s running period.' })
export class SliceUsage {
  @Field(() => BigIntScalar, { nullable: true, description: 'Devices in the last sample; null where there is none.' })
  readonly registeredNow!: bigint | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Devices in the highest sample so far: what the period would be charged by.' })
  readonly registeredPeak!: bigint | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the last sample was taken.' })
  readonly sampledAt!: Date | null;

  @Field(() => Quantity, { description: 'Both directions, in bytes.' })
  readonly volume!: Quantity;
}

@ObjectType('SliceObjective', { simpleResolvers: true, description: 'An objective of a slice in one period (TMF657).' })
export class SliceObjective extends SliceAvailability {
  @Field(() => String, { description: 'What is promised: "availability".' })
  readonly name!: string;

  @Field(() => DecimalScalar, { description: 'The target in percent.' })
  readonly target!: string;

  @Field(() => DateTimeScalar, { description: 'First instant of the period.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'The first instant after it; null while it has no end.' })
  readonly until!: Date | null;

  @Field(() => VerdictEnum, { nullable: true, description: 'Whether it was kept; null until the period is settled.' })
  readonly verdict!: Verdict | null;

  @Field(() => Money, { description: 'What was credited for the period, without tax.' })
  readonly credit!: Money;
}

@ObjectType('SliceMeasurement', { simpleResolvers: true, description: 'One measurement that was taken in.' })
export class SliceMeasurement {
  @Field(() => SliceMetricEnum, { description: 'What was measured.' })
  readonly metric!: SliceMetric;

  @Field(() => DateTimeScalar, { description: 'When; of a stretch, its start.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { description: 'The end of a stretch; of a sample the same instant.' })
  readonly until!: Date;

  @Field(() => BigIntScalar, { nullable: true, description: 'Registered devices.' })
  readonly registeredDevices!: bigint | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Bytes from devices.' })
  readonly uplinkBytes!: bigint | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Bytes towards devices.' })
  readonly downlinkBytes!: bigint | null;

  @Field(() => SliceStateEnum, { nullable: true, description: 'Whether it was available.' })
  readonly state!: SliceState | null;

  @Field(() => String, { description: 'Name of the sender.' })
  readonly source!: string;

  @Field(() => String, { description: 'The sender\'s id of it.' })
  readonly measurementId!: string;

  @Field(() => DateTimeScalar, { description: 'When it came.' })
  readonly receivedAt!: Date;
}

export const SliceMeasurementConnection = connectionOf(SliceMeasurement, 'SliceMeasurement');

@ArgsType()
export class SliceMeasurementsArgs extends PageArgs {
  @Field(() => SliceMetricEnum, { nullable: true, description: 'Only what was measured of this; null = anything.' })
  metric?: SliceMetric | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only what began at this instant or later.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only what began before this instant.' })
  until?: Date | null;
}
