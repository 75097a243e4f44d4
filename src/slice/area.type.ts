import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql';
import { BigIntScalar, connectionOf, DateTimeScalar, PageArgs } from '../platform/graphql';
import { Payload } from '../tenant';
import type { Capacity, LockedArea } from './reservation.types';

/** A stretch of time: epoch ms, half-open, null = without end. */
export interface Window {
  readonly from: number;
  readonly until: number | null;
}

@ObjectType('SliceCapacity', { simpleResolvers: true, description: 'An amount of what an area has.' })
export class SliceCapacity {
  @Field(() => BigIntScalar, { description: 'Guaranteed throughput towards devices, in kbit/s.' })
  readonly downlinkKbps!: bigint;

  @Field(() => BigIntScalar, { description: 'Guaranteed throughput from devices, in kbit/s.' })
  readonly uplinkKbps!: bigint;

  @Field(() => BigIntScalar, { description: 'Devices at once.' })
  readonly devices!: bigint;
}

/** What is reserved and free are field resolvers on the key and the window below. */
@ObjectType('SliceArea', { simpleResolvers: true, description: 'A part of the network with so much capacity for slices.' })
export class SliceArea {
  @Field(() => String, { description: 'Its name for programs; orders name it.' })
  readonly code!: string;

  @Field(() => String, { description: 'Its name for people.' })
  readonly name!: string;

  @Field(() => Int, { description: 'Raised by every change of it.' })
  readonly version!: number;

  @Field(() => SliceCapacity, { description: 'What it has.' })
  readonly capacity!: SliceCapacity;

  readonly areaKey!: string;
  readonly window!: Window;
}

export const SliceAreaConnection = connectionOf(SliceArea, 'SliceArea');

export const sliceCapacityOf = ({ DOWNLINK_KBPS, UPLINK_KBPS, DEVICES }: Capacity): SliceCapacity =>
  ({ downlinkKbps: DOWNLINK_KBPS, uplinkKbps: UPLINK_KBPS, devices: DEVICES });

export const sliceAreaOf = ({ id, code, name, version, capacity }: LockedArea, window: Window): SliceArea =>
  Object.assign(new SliceArea(), { code, name, version, capacity: sliceCapacityOf(capacity), areaKey: id, window });

@ArgsType()
export class SliceAreasArgs extends PageArgs {
  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant of the time that `reserved` and `free` are asked for; null = now.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant after it; null = only the instant `from` where that is not given either, else all the time to come.' })
  until?: Date | null;
}

@InputType('SliceAreaSetInput', { description: 'An area as it is to be.' })
export class SliceAreaSetInput {
  @Field(() => String, { description: 'Its name for programs, 1 to 100 printable ASCII characters without blanks; a known one is changed.' })
  code!: string;

  @Field(() => String, { description: 'Its name for people.' })
  name!: string;

  @Field(() => BigIntScalar, { description: 'Throughput towards devices that may be guaranteed in it, in kbit/s, from 0.' })
  downlinkKbps!: bigint;

  @Field(() => BigIntScalar, { description: 'Throughput from devices that may be guaranteed in it, in kbit/s, from 0.' })
  uplinkKbps!: bigint;

  @Field(() => BigIntScalar, { description: 'Devices that slices may have in it at once, from 0.' })
  devices!: bigint;

  @Field(() => Int, { nullable: true, description: 'Version of the area that you saw; refused where it has another by now. Null = whichever it has.' })
  expectedVersion?: number | null;
}

@ObjectType('SliceAreaSetPayload', { description: 'Outcome of sliceAreaSet.' })
export class SliceAreaSetPayload extends Payload {
  @Field(() => SliceArea, { nullable: true, description: 'The area as it is; null where refused.' })
  readonly area!: SliceArea | null;
}
