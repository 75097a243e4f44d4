import { Field, InputType, registerEnumType } from 'type-graphql';
import type { Unit } from '../platform/money';
import { UsageUnit } from '../platform/graphql';
import type { CallDirection } from './usage.types';

export const CallDirectionEnum: { readonly [D in CallDirection]: D } = { OUTGOING: 'OUTGOING', INCOMING: 'INCOMING' };
registerEnumType(CallDirectionEnum, {
  name: 'CallDirection',
  description: 'Who began it.',
  valuesConfig: {
    OUTGOING: { description: 'The subscriber.' },
    INCOMING: { description: 'The other party.' },
  },
});

/*
 * Instants and counts come as plain text and are read item by item: a scalar that refuses one of them would refuse the
 * whole call with it.
 */

@InputType('UsageQuantityInput', { description: 'How much was used.' })
export class UsageQuantityInput {
  @Field(() => String, { description: 'Whole number of units as text, from "0" to "9223372036854775807".' })
  amount!: string;

  @Field(() => UsageUnit, { description: 'Unit that is counted.' })
  unit!: Unit;
}

@InputType('UsageSubscriberInput', { description: 'Whose usage it is: exactly one key.' })
export class UsageSubscriberInput {
  @Field(() => String, { nullable: true, description: 'Number as dialled or in E.164, such as "+353861234567".' })
  msisdn?: string | null;

  @Field(() => String, { nullable: true, description: 'IMSI of the SIM, 14 or 15 digits.' })
  imsi?: string | null;

  @Field(() => String, { nullable: true, description: 'SIP address, such as "sip:ann@example.org".' })
  sipUri?: string | null;

  @Field(() => String, { nullable: true, description: 'Id of a device.' })
  deviceId?: string | null;

  @Field(() => String, { nullable: true, description: 'Id of a fixed line.' })
  lineId?: string | null;

  @Field(() => String, { nullable: true, description: 'Number of the SIM card.' })
  iccid?: string | null;
}

@InputType('VoiceUsageInput', { description: 'A call.' })
export class VoiceUsageInput {
  @Field(() => CallDirectionEnum, { description: 'Who called.' })
  direction!: CallDirection;

  @Field(() => String, { nullable: true, description: 'Number of the other party as dialled or in E.164, a service code such as "*100#", or a name of up to 11 characters; null where it was withheld.' })
  otherParty?: string | null;

  @Field(() => String, { nullable: true, description: 'Network of the other party after porting, such as "23415"; null where the sender does not know.' })
  otherNetwork?: string | null;

  @Field(() => Boolean, { defaultValue: true, description: 'False for a call that nobody took: its quantity is zero, whatever is stated.' })
  answered?: boolean;

  @Field(() => UsageQuantityInput, { description: 'How long it was, in seconds.' })
  quantity!: UsageQuantityInput;
}

@InputType('MessageUsageInput', { description: 'A short or multimedia message.' })
export class MessageUsageInput {
  @Field(() => CallDirectionEnum, { defaultValue: 'OUTGOING', description: 'Who sent it.' })
  direction?: CallDirection;

  @Field(() => String, { nullable: true, description: 'Number of the other party as dialled or in E.164, or a sender\'s name of up to 11 characters such as "AMAZON".' })
  otherParty?: string | null;

  @Field(() => String, { nullable: true, description: 'Network of the other party after porting; null where the sender does not know.' })
  otherNetwork?: string | null;

  @Field(() => UsageQuantityInput, { nullable: true, description: 'How many, as events; null is one.' })
  quantity?: UsageQuantityInput | null;
}

@InputType('DataUsageInput', { description: 'Data volume: the total, or both directions; given all three, the total is charged.' })
export class DataUsageInput {
  @Field(() => UsageQuantityInput, { nullable: true, description: 'Total volume in bytes.' })
  quantity?: UsageQuantityInput | null;

  @Field(() => String, { nullable: true, description: 'Bytes sent by the subscriber, a whole number as text.' })
  uplinkVolume?: string | null;

  @Field(() => String, { nullable: true, description: 'Bytes received by the subscriber, a whole number as text.' })
  downlinkVolume?: string | null;
}

@InputType('ContentUsageInput', { description: 'Content and downloads.' })
export class ContentUsageInput {
  @Field(() => UsageQuantityInput, { nullable: true, description: 'How many, as events; null is one.' })
  quantity?: UsageQuantityInput | null;
}

@InputType('GenericUsageInput', { description: 'Any other usage, in a unit of its own.' })
export class GenericUsageInput {
  @Field(() => UsageQuantityInput, { description: 'How much was used.' })
  quantity!: UsageQuantityInput;
}

@InputType('UsageAttributeInput', { description: 'A fact that a condition of a price may ask for.' })
export class UsageAttributeInput {
  @Field(() => String, { description: 'Name, such as "ratingGroup", "dnn" or "servingNetwork": a letter, then up to 63 letters, digits and "_ . -".' })
  name!: string;

  @Field(() => String, { description: 'Value, at most 256 characters.' })
  value!: string;
}

@InputType('UsageInput', { description: 'One occurrence of use (TMF635): who, when, and exactly one of the kinds.' })
export class UsageInput {
  @Field(() => String, { description: 'The sender\'s own id of it, 1 to 128 printable ASCII characters: the same id of the same source is charged once.' })
  usageId!: string;

  @Field(() => UsageSubscriberInput, { description: 'Whose usage it is.' })
  subscriber!: UsageSubscriberInput;

  @Field(() => String, { description: 'Start, an RFC 3339 instant with a zone, such as "2026-11-21T08:30:00.000Z".' })
  startedAt!: string;

  @Field(() => String, { nullable: true, description: 'End, an RFC 3339 instant with a zone; null where there is none.' })
  endedAt?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Charging id of the session or event that it is part of (TS 32.255 chargingId; a number of TS 32.298 as text), 1 to 64 printable ASCII '
      + 'characters: a record (CDR) of it that comes later is compared with it, and not charged. Null = none.',
  })
  chargingId?: string | null;

  @Field(() => VoiceUsageInput, { nullable: true, description: 'A call.' })
  voice?: VoiceUsageInput | null;

  @Field(() => MessageUsageInput, { nullable: true, description: 'Short messages.' })
  sms?: MessageUsageInput | null;

  @Field(() => MessageUsageInput, { nullable: true, description: 'Multimedia messages.' })
  mms?: MessageUsageInput | null;

  @Field(() => DataUsageInput, { nullable: true, description: 'Data volume.' })
  data?: DataUsageInput | null;

  @Field(() => ContentUsageInput, { nullable: true, description: 'Content and downloads.' })
  content?: ContentUsageInput | null;

  @Field(() => GenericUsageInput, { nullable: true, description: 'Anything else.' })
  generic?: GenericUsageInput | null;

  @Field(() => [UsageAttributeInput], { nullable: true, description: 'Further facts, at most 32, each name once.' })
  attributes?: UsageAttributeInput[] | null;
}
