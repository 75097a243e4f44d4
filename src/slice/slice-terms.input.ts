import { Field, InputType, Int } from 'type-graphql';
import { ProductOfferingDraftInput } from '../catalog';
import { BigIntScalar, DecimalScalar } from '../platform/graphql';
import {
  type BitRateUnit, BitRateUnitEnum, type DelayUnit, DelayUnitEnum, DeviceVelocityEnum, SliceIsolationEnum, SlicePayerEnum, SliceSharingEnum,
} from './slice.enums';
import type { BitRateDraft, DelayDraft, ObjectiveDraft, ServiceProfileDraft, SliceTermsDraft } from './slice-terms.draft';
import type { ServiceProfile, SlicePayer } from './slice.types';

@InputType('SnssaiInput', { description: 'What a slice is known by in the network (3GPP S-NSSAI).' })
export class SnssaiInput {
  @Field(() => Int, { description: 'Slice/service type, 0 to 255: 1 broadband, 2 low latency, 3 things, 4 vehicles; from 128 on the operator\'s own.' })
  sst!: number;

  @Field(() => String, { nullable: true, description: 'Slice differentiator, six hex digits such as "00AB3F"; absent = none, which is not "000000".' })
  sd?: string | null;
}

@InputType('BitRateInput', { description: 'A throughput.' })
export class BitRateInput implements BitRateDraft {
  @Field(() => BigIntScalar, { description: 'Whole number of units, from 0.' })
  amount!: bigint;

  @Field(() => BitRateUnitEnum, { defaultValue: BitRateUnitEnum.KBIT_PER_SECOND, description: 'Its unit.' })
  unit!: BitRateUnit;
}

@InputType('DelayInput', { description: 'A delay.' })
export class DelayInput implements DelayDraft {
  @Field(() => Int, { description: 'Whole number of units, 0 to 60000.' })
  amount!: number;

  @Field(() => DelayUnitEnum, { defaultValue: DelayUnitEnum.MILLISECOND, description: 'Its unit.' })
  unit!: DelayUnit;
}

@InputType('ServiceProfileInput', { description: 'What the slice gives (3GPP ServiceProfile, GSMA NG.116). What is guaranteed, and the devices, are reserved of an area by every order.' })
export class ServiceProfileInput implements ServiceProfileDraft {
  @Field(() => BitRateInput, { description: 'Throughput of the whole slice towards its devices that is guaranteed.' })
  downlinkThroughputGuaranteed!: BitRateInput;

  @Field(() => BitRateInput, { description: 'Throughput of the whole slice from its devices that is guaranteed.' })
  uplinkThroughputGuaranteed!: BitRateInput;

  @Field(() => BitRateInput, { nullable: true, description: 'Most of the whole slice towards its devices; absent = no bound.' })
  downlinkThroughputMaximum?: BitRateInput | null;

  @Field(() => BitRateInput, { nullable: true, description: 'Most of the whole slice from its devices; absent = no bound.' })
  uplinkThroughputMaximum?: BitRateInput | null;

  @Field(() => BitRateInput, { nullable: true, description: 'Most of one device towards it; absent = no bound.' })
  downlinkThroughputPerDevice?: BitRateInput | null;

  @Field(() => BitRateInput, { nullable: true, description: 'Most of one device from it; absent = no bound.' })
  uplinkThroughputPerDevice?: BitRateInput | null;

  @Field(() => BigIntScalar, { description: 'Most devices at once, from 0.' })
  maxNumberOfUEs!: bigint;

  @Field(() => BigIntScalar, { nullable: true, description: 'Most data sessions at once; absent = no bound.' })
  maxNumberOfPduSessions?: bigint | null;

  @Field(() => DelayInput, { nullable: true, description: 'Most latency, one way; absent = none promised.' })
  maxLatency?: DelayInput | null;

  @Field(() => DelayInput, { nullable: true, description: 'Most jitter; absent = none promised.' })
  maxJitter?: DelayInput | null;

  @Field(() => DeviceVelocityEnum, { nullable: true, description: 'Speed at which devices are still served; absent = not stated.' })
  deviceVelocity?: ServiceProfile['deviceVelocity'];

  @Field(() => SliceIsolationEnum, { nullable: true, description: 'How far it is kept apart from others; absent = not stated.' })
  isolation?: ServiceProfile['isolation'];

  @Field(() => SliceSharingEnum, { defaultValue: SliceSharingEnum.SHARED, description: 'Whether its instance may carry other slices too.' })
  sharing!: ServiceProfile['sharing'];

  @Field(() => Boolean, { defaultValue: false, description: 'Whether it goes before others in an emergency.' })
  isMissionCritical!: boolean;
}

@InputType('DeviceCountingInput', { description: 'What the number of devices is read from.' })
export class DeviceCountingInput {
  @Field(() => String, { description: 'Name of the source whose samples count, 1 to 64 printable ASCII characters.' })
  source!: string;

  @Field(() => Int, { description: 'Seconds from one sample to the next, 60 to 86400.' })
  intervalSeconds!: number;
}

@InputType('CreditBandInput', { description: 'A credit where availability was below a bound.' })
export class CreditBandInput {
  @Field(() => DecimalScalar, { description: 'The bound in percent, such as "99.5": not above the target, and below that of the band before.' })
  below!: string;

  @Field(() => DecimalScalar, { description: 'Percent of the period\'s flat fee that is given back, 0 to 100: more than in the band before.' })
  creditPercent!: string;
}

@InputType('AvailabilityObjectiveInput', { description: 'What availability is promised, and what a period below it gives back.' })
export class AvailabilityObjectiveInput implements ObjectiveDraft {
  @Field(() => DecimalScalar, { description: 'Availability that is promised, in percent of the measured time, such as "99.95".' })
  targetPercent!: string;

  @Field(() => DecimalScalar, { description: 'Least part of the period that must have been measured, in percent: below it a person decides.' })
  minimumCoveragePercent!: string;

  @Field(() => [CreditBandInput], { description: 'By falling bounds, 1 to 20; the last band that availability is below decides.' })
  bands!: CreditBandInput[];

  @Field(() => DecimalScalar, { description: 'Most that a period gives back, in percent of its flat fee.' })
  capPercent!: string;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether what is given back also lowers what partners share in.' })
  lowersSharing!: boolean;
}

@InputType('SliceTermsInput', { description: 'What makes an offering version a slice.' })
export class SliceTermsInput implements SliceTermsDraft {
  @Field(() => SnssaiInput, { description: 'What it is known by in the network.' })
  snssai!: SnssaiInput;

  @Field(() => String, { nullable: true, description: 'Country and network code of the network that carries it, five or six digits; absent = the operator\'s own.' })
  plmn?: string | null;

  @Field(() => SlicePayerEnum, { description: 'Whose account pays what an admitted device uses in it.' })
  payer!: SlicePayer;

  @Field(() => ServiceProfileInput, { description: 'What it gives.' })
  profile!: ServiceProfileInput;

  @Field(() => DeviceCountingInput, { nullable: true, description: 'How its devices are counted; absent = they are not.' })
  counting?: DeviceCountingInput | null;

  @Field(() => AvailabilityObjectiveInput, { nullable: true, description: 'What availability is promised; absent = none.' })
  objective?: AvailabilityObjectiveInput | null;
}

@InputType('SliceOfferingDraftInput', { description: 'A new version of a slice offering: the offering, and what makes it a slice.' })
export class SliceOfferingDraftInput {
  @Field(() => ProductOfferingDraftInput, { description: 'The offering: by periods that renew, with a recurring price, for postpaid accounts.' })
  offering!: ProductOfferingDraftInput;

  @Field(() => SliceTermsInput, { description: 'What makes it a slice.' })
  slice!: SliceTermsInput;
}
