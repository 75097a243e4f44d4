import { DialPlan, ShortCode } from './dial-plan';

/**
 * What a dialled text turned out to be:
 * - INTERNATIONAL, NATIONAL: `number` is E.164 without "+"; NATIONAL is the plan's own country.
 * - SHORT, EMERGENCY: `number` is the code as dialled.
 * - SERVICE_CODE: `number` is what was dialled to steer a service of the network ("*100#").
 * - ALPHANUMERIC: `number` is the name under which a sender shows ("AMAZON").
 * - INVALID: `number` holds whatever digits there were; nothing may be priced by it.
 */
export type NumberKind = 'INTERNATIONAL' | 'NATIONAL' | 'SHORT' | 'EMERGENCY' | 'SERVICE_CODE' | 'ALPHANUMERIC' | 'INVALID';

export interface NormalNumber {
  readonly number: string;
  readonly kind: NumberKind;
}

/** E.164 allows 15 digits; what is shorter than seven with its country code is no subscriber's number. */
const E164_MIN = 7;
const E164_MAX = 15;

const WRITTEN = /^\+?[\d\s().\-/]+$/;
const SEPARATORS = /[\s().\-/]+/g;
/** "*100#", "*21*0851234567#" (TS 22.030), "*86". */
const SERVICE_CODE = /^[*#][\d*#+]{1,39}$/;
/** Shows or hides the caller's own number on this one call (TS 22.030): what was called comes behind it. */
const OWN_NUMBER_PREFIX = /^[*#]31#(?=[\d+])/;
/** An alphanumeric address has at most eleven characters (TS 23.040), a letter among them. */
const ALPHANUMERIC = /^(?=.*\p{L})[\p{L}\p{M}\p{N} !&'*+,.\-/_]{1,11}$/u;

/**
 * Brings a number as dialled or recorded ("+353 85 123 4567", "00353...", "085...", "tel:+353-85...", "353851234567", "171")
 * to the one form that identifiers and prefixes are kept in. Emergency numbers and short codes come before any reading as
 * a subscriber's number. Without "+" or a prefix, a number with the country code and a fitting length is E.164 already.
 */
export function normaliseNumber(raw: string, plan: DialPlan): NormalNumber {
  const text = withoutUri(raw.trim());
  if (!WRITTEN.test(text)) return { number: '', kind: 'INVALID' };
  const digits = text.replace(SEPARATORS, '');
  if (digits.startsWith('+')) return fromInternational(digits.slice(1), plan);
  if (plan.emergencyNumbers.includes(digits)) return { number: digits, kind: 'EMERGENCY' };
  if (plan.shortCodes.some((code) => isShortCode(code, digits))) return { number: digits, kind: 'SHORT' };
  const prefix = plan.internationalPrefixes.find((each) => digits.startsWith(each));
  if (prefix !== undefined) return fromInternational(digits.slice(prefix.length), plan);
  return fromBareDigits(digits, plan);
}

/**
 * As normaliseNumber, for the other party of a call or message, which need be no number: a sender may show a name, and
 * codes that steer the network's services are dialled like a call.
 */
export function normaliseParty(raw: string, plan: DialPlan): NormalNumber {
  const text = raw.trim().replace(OWN_NUMBER_PREFIX, '');
  if (SERVICE_CODE.test(text)) return { number: text, kind: 'SERVICE_CODE' };
  return ALPHANUMERIC.test(text) ? { number: text, kind: 'ALPHANUMERIC' } : normaliseNumber(text, plan);
}

/** Whether the called party pays, by the plan's prefixes of normalised numbers. */
export const isFreephone = (number: string, plan: DialPlan): boolean =>
  plan.freephonePrefixes.some((prefix) => number.startsWith(prefix));

/** "tel:+353-85-1234567;phone-context=..." is its number; the "(0)" of a written number is not dialled after "+". */
function withoutUri(text: string): string {
  const number = /^tel:/i.test(text) ? text.slice(4).split(';', 1)[0] : text;
  return number.startsWith('+') ? number.replace('(0)', '') : number;
}

function isShortCode({ pattern }: ShortCode, digits: string): boolean {
  return pattern.endsWith('*') ? digits.startsWith(pattern.slice(0, -1)) : digits === pattern;
}

function fromInternational(digits: string, plan: DialPlan): NormalNumber {
  if (digits.startsWith(plan.countryCode)) {
    const national = digits.slice(plan.countryCode.length);
    return { number: digits, kind: fitsPlan(national, plan) ? 'NATIONAL' : 'INVALID' };
  }
  const fits = digits.length >= E164_MIN && digits.length <= E164_MAX && !digits.startsWith('0');
  return { number: digits, kind: fits ? 'INTERNATIONAL' : 'INVALID' };
}

function fromBareDigits(digits: string, plan: DialPlan): NormalNumber {
  const { countryCode, nationalPrefix } = plan;
  if (nationalPrefix !== '' && digits.startsWith(nationalPrefix)) {
    const national = digits.slice(nationalPrefix.length);
    return fitsPlan(national, plan) ? { number: countryCode + national, kind: 'NATIONAL' } : { number: digits, kind: 'INVALID' };
  }
  if (digits.startsWith(countryCode) && fitsPlan(digits.slice(countryCode.length), plan)) {
    return { number: digits, kind: 'NATIONAL' };
  }
  if (nationalPrefix === '' && fitsPlan(digits, plan)) return { number: countryCode + digits, kind: 'NATIONAL' };
  // Longer than any national number: records of switches carry E.164 without its "+".
  return digits.length > plan.nationalNumberLengths[1] ? fromInternational(digits, plan) : { number: digits, kind: 'INVALID' };
}

/** A national number has a fitting length and does not begin with the prefix that is dialled before it. */
function fitsPlan(national: string, { nationalNumberLengths: [min, max], nationalPrefix }: DialPlan): boolean {
  const isDoubled = nationalPrefix !== '' && national.startsWith(nationalPrefix);
  return national.length >= min && national.length <= max && !isDoubled;
}
