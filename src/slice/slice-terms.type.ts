import { Field, Int, ObjectType } from 'type-graphql';
import { BigIntScalar, DecimalScalar } from '../platform/graphql';
import {
  type BitRateUnit, BitRateUnitEnum, type DelayUnit, DelayUnitEnum, DeviceVelocityEnum, SliceIsolationEnum, SlicePayerEnum, SliceSharingEnum,
} from './slice.enums';
import type { ServiceProfile, SlicePayer, SliceTerms } from './slice.types';

@ObjectType('Snssai', { simpleResolvers: true, description: 'What a slice is known by in the network (3GPP S-NSSAI).' })
export class SnssaiType {
  @Field(() => Int, { description: 'Slice/service type, 0 to 255.' })
  readonly sst!: number;

  @Field(() => String, { nullable: true, description: 'Slice differentiator, six upper-case hex digits; null = none, which is not "000000".' })
  readonly sd!: string | null;
}

@ObjectType('BitRate', { simpleResolvers: true, description: 'A throughput.' })
export class BitRate {
  @Field(() => BigIntScalar, { description: 'Whole number of units.' })
  readonly amount!: bigint;

  @Field(() => BitRateUnitEnum, { description: 'Its unit.' })
  readonly unit!: BitRateUnit;
}

@ObjectType('Delay', { simpleResolvers: true, description: 'A delay.' })
export class Delay {
  @Field(() => Int, { description: 'Whole number of units.' })
  readonly amount!: number;

  @Field(() => DelayUnitEnum, { description: 'Its unit.' })
  readonly unit!: DelayUnit;
}

@ObjectType('ServiceProfile', { simpleResolvers: true, description: 'What a slice gives (3GPP ServiceProfile, GSMA NG.116).' })
export class ServiceProfileType {
  @Field(() => BitRate, { description: 'Throughput of the whole slice towards its devices that is guaranteed.' })
  readonly downlinkThroughputGuaranteed!: BitRate;

  @Field(() => BitRate, { description: 'Throughput of the whole slice from its devices that is guaranteed.' })
  readonly uplinkThroughputGuaranteed!: BitRate;

  @Field(() => BitRate, { nullable: true, description: 'Most of the whole slice towards its devices; null = no bound.' })
  readonly downlinkThroughputMaximum!: BitRate | null;

  @Field(() => BitRate, { nullable: true, description: 'Most of the whole slice from its devices; null = no bound.' })
  readonly uplinkThroughputMaximum!: BitRate | null;

  @Field(() => BitRate, { nullable: true, description: 'Most of one device towards it; null = no bound.' })
  readonly downlinkThroughputPerDevice!: BitRate | null;

  @Field(() => BitRate, { nullable: true, description: 'Most of one device from it; null = no bound.' })
  readonly uplinkThroughputPerDevice!: BitRate | null;

  @Field(() => BigIntScalar, { description: 'Most devices at once.' })
  readonly maxNumberOfUEs!: bigint;

  @Field(() => BigIntScalar, { nullable: true, description: 'Most data sessions at once; null = no bound.' })
  readonly maxNumberOfPduSessions!: bigint | null;

  @Field(() => Delay, { nullable: true, description: 'Most latency, one way; null = none promised.' })
  readonly maxLatency!: Delay | null;

  @Field(() => Delay, { nullable: true, description: 'Most jitter; null = none promised.' })
  readonly maxJitter!: Delay | null;

  @Field(() => DeviceVelocityEnum, { nullable: true, description: 'Speed at which devices are still served; null = not stated.' })
  readonly deviceVelocity!: ServiceProfile['deviceVelocity'];

  @Field(() => SliceIsolationEnum, { nullable: true, description: 'How far it is kept apart from others; null = not stated.' })
  readonly isolation!: ServiceProfile['isolation'];

  @Field(() => SliceSharingEnum, { description: 'Whether its instance may carry other slices too.' })
  readonly sharing!: ServiceProfile['sharing'];

  @Field(() => Boolean, { description: 'Whether it goes before others in an emergency.' })
  readonly isMissionCritical!: boolean;

  @Field(() => DecimalScalar, { nullable: true, description: 'Availability that is promised, in percent of the measured time; null = none.' })
  readonly availabilityPercent!: string | null;
}

@ObjectType('DeviceCounting', { simpleResolvers: true, description: 'What the number of devices is read from.' })
export class DeviceCountingType {
  @Field(() => String, { description: 'Name of the source whose samples count.' })
  readonly source!: string;

  @Field(() => Int, { description: 'Seconds from one sample to the next.' })
  readonly intervalSeconds!: number;
}

@ObjectType('CreditBand', { simpleResolvers: true, description: 'A credit where availability was below a bound.' })
export class CreditBandType {
  @Field(() => DecimalScalar, { description: 'The bound, in percent.' })
  readonly below!: string;

  @Field(() => DecimalScalar, { description: 'Percent of the period\'s flat fee that is given back.' })
  readonly creditPercent!: string;
}

@ObjectType('AvailabilityObjective', { simpleResolvers: true, description: 'What availability is promised, and what a period below it gives back (TMF657).' })
export class AvailabilityObjectiveType {
  @Field(() => DecimalScalar, { description: 'Availability that is promised, in percent of the measured time.' })
  readonly targetPercent!: string;

  @Field(() => DecimalScalar, { description: 'Least part of the period that must have been measured, in percent: below it a person decides.' })
  readonly minimumCoveragePercent!: string;

  @Field(() => [CreditBandType], { description: 'By falling bounds; the last band that availability is below decides.' })
  readonly bands!: readonly CreditBandType[];

  @Field(() => DecimalScalar, { description: 'Most that a period gives back, in percent of its flat fee.' })
  readonly capPercent!: string;

  @Field(() => Boolean, { description: 'Whether what is given back also lowers what partners share in.' })
  readonly lowersSharing!: boolean;
}

@ObjectType('SliceTerms', { simpleResolvers: true, description: 'What makes an offering version a slice; a launched version never changes.' })
export class SliceTermsType {
  @Field(() => SnssaiType, { description: 'What it is known by in the network.' })
  readonly snssai!: SnssaiType;

  @Field(() => String, { nullable: true, description: 'Country and network code of the network that carries it; null = the operator\'s own.' })
  readonly plmn!: string | null;

  @Field(() => SlicePayerEnum, { description: 'Whose account pays what an admitted device uses in it.' })
  readonly payer!: SlicePayer;

  @Field(() => ServiceProfileType, { description: 'What it gives.' })
  readonly profile!: ServiceProfileType;

  @Field(() => DeviceCountingType, { nullable: true, description: 'How its devices are counted; null = they are not.' })
  readonly counting!: DeviceCountingType | null;

  @Field(() => AvailabilityObjectiveType, { nullable: true, description: 'What availability is promised; null = none.' })
  readonly objective!: AvailabilityObjectiveType | null;
}

const whole = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
const rate = (kbps: string): BitRate => ({ amount: BigInt(kbps), unit: 'KBIT_PER_SECOND' });
const rateOrNull = (kbps: string | null): BitRate | null => (kbps === null ? null : rate(kbps));
const delay = (ms: number | null): Delay | null => (ms === null ? null : { amount: ms, unit: 'MILLISECOND' });

export const serviceProfileOf = ({ profile, objective }: SliceTerms): ServiceProfileType => ({
  downlinkThroughputGuaranteed: rate(profile.downlinkGuaranteedKbps), uplinkThroughputGuaranteed: rate(profile.uplinkGuaranteedKbps),
  downlinkThroughputMaximum: rateOrNull(profile.downlinkMaximumKbps), uplinkThroughputMaximum: rateOrNull(profile.uplinkMaximumKbps),
  downlinkThroughputPerDevice: rateOrNull(profile.downlinkPerDeviceKbps), uplinkThroughputPerDevice: rateOrNull(profile.uplinkPerDeviceKbps),
  maxNumberOfUEs: BigInt(profile.maximumDevices), maxNumberOfPduSessions: whole(profile.maximumPduSessions), maxLatency: delay(profile.latencyMilliseconds),
  maxJitter: delay(profile.jitterMilliseconds), deviceVelocity: profile.deviceVelocity, isolation: profile.isolation, sharing: profile.sharing,
  isMissionCritical: profile.isMissionCritical, availabilityPercent: objective?.targetPercent ?? null,
});

/** Terms as the API shows them. */
export const sliceTermsTypeOf = (terms: SliceTerms): SliceTermsType => ({
  snssai: terms.snssai, plmn: terms.plmn, payer: terms.payer, profile: serviceProfileOf(terms), counting: terms.counting, objective: terms.objective,
});
