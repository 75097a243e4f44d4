import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { describedEnum } from '../catalog';
import { CursorScalar, PageArgs } from '../platform/graphql';
import { SnssaiInput } from '../slice/slice-terms.input';
import type { AsideReason } from './measurement.types';

export type SliceState = 'UP' | 'DOWN';
export const SliceStateEnum = describedEnum<SliceState>('SliceAvailabilityState', 'Whether a slice did what it is for.', {
  UP: 'It did.',
  DOWN: 'It did not; where reports differ, this one holds.',
});

export const AsideReasonEnum = describedEnum<AsideReason>('UnguidedMeasurementReason', 'Why a measurement was put aside.', {
  UNKNOWN_SLICE: 'No product is a slice of this name.',
  NOT_ACTIVE: 'No product of the slice was active then.',
  AMBIGUOUS: 'Several products of the slice were active then.',
  CONFLICT: 'The same id came before with other content.',
  TOO_LATE: 'It is older than the late limit.',
});

/* Instants and counts come as plain text and are read item by item: a scalar that refuses one would refuse the whole call. */

@InputType('RegisteredDevicesInput', { description: 'How many devices were registered in the slice at an instant (theNumberOfRegisteredSubscribers, TS 28.201).' })
export class RegisteredDevicesInput {
  @Field(() => String, { description: 'The instant, RFC 3339 with a zone, such as "2026-11-21T08:30:00Z".' })
  at!: string;

  @Field(() => String, { description: 'Whole number of devices as text, from "0".' })
  count!: string;
}

@InputType('SliceVolumeInput', { description: 'What was transferred in the slice in a stretch of time.' })
export class SliceVolumeInput {
  @Field(() => String, { description: 'Its start, RFC 3339 with a zone; it is charged at this instant.' })
  from!: string;

  @Field(() => String, { description: 'Its end, RFC 3339 with a zone.' })
  until!: string;

  @Field(() => String, { description: 'Bytes from devices, a whole number as text.' })
  uplinkBytes!: string;

  @Field(() => String, { description: 'Bytes towards devices, a whole number as text.' })
  downlinkBytes!: string;
}

@InputType('SliceAvailabilityInput', { description: 'Whether the slice was available in a stretch of time. What no report covers is a gap.' })
export class SliceAvailabilityInput {
  @Field(() => String, { description: 'Its start, RFC 3339 with a zone.' })
  from!: string;

  @Field(() => String, { description: 'Its end, RFC 3339 with a zone, at most 31 days later.' })
  until!: string;

  @Field(() => SliceStateEnum, { description: 'Whether it was available.' })
  state!: SliceState;
}

@InputType('SliceMeasurementInput', { description: 'One measurement: of which slice, and exactly one of what was measured.' })
export class SliceMeasurementInput {
  @Field(() => String, { description: 'The sender\'s own id of it, 1 to 128 printable ASCII characters: the same id of the same source is taken in once.' })
  measurementId!: string;

  @Field(() => ID, { nullable: true, description: 'Id of the product that is the slice; else snssai.' })
  productId?: string | null;

  @Field(() => SnssaiInput, { nullable: true, description: 'The slice by its S-NSSAI; else productId.' })
  snssai?: SnssaiInput | null;

  @Field(() => String, { nullable: true, description: 'With snssai: the tenant of the slice, which is the customer\'s external id (TS 28.201). Not needed where the slice has one product.' })
  tenantIdentifier?: string | null;

  @Field(() => RegisteredDevicesInput, { nullable: true, description: 'Registered devices.' })
  registeredDevices?: RegisteredDevicesInput | null;

  @Field(() => SliceVolumeInput, { nullable: true, description: 'Transferred volume.' })
  volume?: SliceVolumeInput | null;

  @Field(() => SliceAvailabilityInput, { nullable: true, description: 'Availability.' })
  availability?: SliceAvailabilityInput | null;
}

@InputType('SliceMeasurementReportInput', { description: 'Measurements of one source.' })
export class SliceMeasurementReportInput {
  @Field(() => String, { description: 'Name of the sender, 1 to 64 printable ASCII characters; with it a measurementId is unique.' })
  source!: string;

  @Field(() => [SliceMeasurementInput], { description: 'The measurements, 1 to 500.' })
  measurements!: SliceMeasurementInput[];
}

@InputType('UnguidedSliceMeasurementRedriveInput', { description: 'What is driven again: the oldest that are put aside.' })
export class UnguidedRedriveInput {
  @Field(() => AsideReasonEnum, { nullable: true, description: 'Only what was put aside for this reason.' })
  reason?: AsideReason | null;

  @Field(() => CursorScalar, { nullable: true, description: 'Begin behind the `endCursor` of an earlier call, so that what stays put aside is not tried again and again.' })
  after?: string | null;
}

@ArgsType()
export class UnguidedPageArgs extends PageArgs {
  @Field(() => AsideReasonEnum, { nullable: true, description: 'Only what was put aside for this reason.' })
  reason?: AsideReason | null;
}
