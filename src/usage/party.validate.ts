import { INTERNATIONAL_PLAN } from './dial-plan';
import type { Measure } from './measure.validate';
import { normaliseNumber, normaliseParty, NumberKind } from './number.rules';
import { checkedText, UsageFault } from './text.rules';
import type { UsageInput, UsageSubscriberInput } from './usage.input';
import { IdentifierKind, UsageEvent } from './usage.types';
import type { UsageRules } from './usage.validate';

interface Parties extends Pick<UsageEvent, 'subscriber' | 'otherParty' | 'otherNetwork' | 'emergency'> {
  /** What the dial plan found the other party's number to be; null without one. A price may ask for it by this name. */
  readonly numberKind: NumberKind | null;
}

const KIND_OF_KEY: readonly (readonly [keyof UsageSubscriberInput, IdentifierKind])[] = [
  ['msisdn', 'MSISDN'], ['imsi', 'IMSI'], ['sipUri', 'SIP_URI'], ['deviceId', 'DEVICE_ID'], ['lineId', 'LINE_ID'], ['iccid', 'ICCID'],
];
const LONGEST_NUMBER = 64;
const LONGEST_KEY = 255;
const LONGEST_NETWORK = 32;

/**
 * Who used, and whom they reached, in the one spelling that identifiers and prefixes are kept in. An emergency call is
 * never refused for what its subscriber's key looks like: it needs no account.
 * @throws UsageFault
 */
export function readParty(input: UsageInput, measure: Measure, rules: UsageRules): Parties {
  const other = otherOf(input, measure, rules);
  return { ...other, subscriber: subscriberOf(input.subscriber, other.emergency, rules) };
}

function otherOf(input: UsageInput, { field }: Measure, rules: UsageRules): Omit<Parties, 'subscriber'> {
  if (field !== 'voice' && field !== 'sms' && field !== 'mms') return { otherParty: null, otherNetwork: null, emergency: false, numberKind: null };
  const { otherParty, otherNetwork } = input[field]!;
  const network = typeof otherNetwork === 'string' ? checkedText(otherNetwork, LONGEST_NETWORK, [field, 'otherNetwork']) : null;
  if (typeof otherParty !== 'string') return { otherParty: null, otherNetwork: network, emergency: false, numberKind: null };
  const { number, kind } = normaliseParty(checkedText(otherParty, LONGEST_NUMBER, [field, 'otherParty']), rules.plan ?? INTERNATIONAL_PLAN);
  if (kind === 'INVALID') throw new UsageFault([field, 'otherParty'], 'Must be a number that the dial plan knows, a service code, or a sender\'s name of at most 11 characters.');
  // In both directions: a rescue service that calls back is as free as the call to it.
  return { otherParty: number, otherNetwork: network, emergency: kind === 'EMERGENCY', numberKind: kind };
}

function subscriberOf(keys: UsageSubscriberInput, emergency: boolean, rules: UsageRules): UsageEvent['subscriber'] {
  const given = KIND_OF_KEY.filter(([key]) => typeof keys[key] === 'string');
  if (given.length !== 1) throw new UsageFault(['subscriber'], 'Must hold exactly one key.');
  const [key, kind] = given[0]!;
  const text = checkedText(keys[key]!, LONGEST_KEY, ['subscriber', key]);
  const value = kind === 'MSISDN' ? msisdnOf(text, rules) : rules.normaliseIdentifier(kind, text);
  if (value === null && !emergency) throw new UsageFault(['subscriber', key], `Must be an identifier of kind ${kind}.`);
  return { kind, value: value ?? text };
}

function msisdnOf(text: string, { plan, normaliseIdentifier }: UsageRules): string | null {
  const { number, kind } = normaliseNumber(text, plan ?? INTERNATIONAL_PLAN);
  return kind === 'NATIONAL' || kind === 'INTERNATIONAL' ? normaliseIdentifier('MSISDN', number) : null;
}
