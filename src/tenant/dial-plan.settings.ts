import type { DialPlan, ShortCode } from '../usage/dial-plan';
import { listOf, objectOf, SettingsInvalid, textOf, wholeOf } from './settings.forms';

const DIGITS = /^\d{1,15}$/;
const DIGITS_OR_NONE = /^\d{0,15}$/;
const SHORT_CODE = /^\d{1,15}\*?$/;
const NAME = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** Reads the dial plan of a tenant's settings. @throws SettingsInvalid naming the first member of a wrong form. */
export function readDialPlan(stored: unknown): DialPlan {
  const plan = objectOf(stored, 'dialPlan');
  return {
    countryCode: textOf(plan.countryCode, 'dialPlan.countryCode', /^[1-9]\d{0,2}$/, 'one to three digits'),
    nationalPrefix: textOf(plan.nationalPrefix, 'dialPlan.nationalPrefix', DIGITS_OR_NONE, 'digits, or empty'),
    internationalPrefixes: digitsOf(plan.internationalPrefixes, 'dialPlan.internationalPrefixes'),
    emergencyNumbers: digitsOf(plan.emergencyNumbers, 'dialPlan.emergencyNumbers'),
    freephonePrefixes: digitsOf(plan.freephonePrefixes, 'dialPlan.freephonePrefixes'),
    shortCodes: listOf(plan.shortCodes, 'dialPlan.shortCodes').map(shortCodeOf),
    nationalNumberLengths: lengthsOf(plan.nationalNumberLengths),
  };
}

const digitsOf = (value: unknown, member: string): string[] =>
  listOf(value, member).map((item, index) => textOf(item, `${member}.${index}`, DIGITS, 'one to fifteen digits'));

function shortCodeOf(value: unknown, index: number): ShortCode {
  const member = `dialPlan.shortCodes.${index}`;
  const code = objectOf(value, member);
  return {
    pattern: textOf(code.pattern, `${member}.pattern`, SHORT_CODE, 'digits, with "*" behind them for all that begin so'),
    name: textOf(code.name, `${member}.name`, NAME, '1 to 200 characters'),
  };
}

function lengthsOf(value: unknown): readonly [number, number] {
  const member = 'dialPlan.nationalNumberLengths';
  const [least, most, ...more] = listOf(value, member);
  const shortest = wholeOf(least, `${member}.0`, 1, 15);
  const longest = wholeOf(most, `${member}.1`, shortest, 15);
  if (more.length > 0) throw new SettingsInvalid(member, 'the least and the most digits');
  return [shortest, longest];
}
