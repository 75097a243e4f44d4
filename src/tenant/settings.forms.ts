import { parseAmount } from '../platform/money';

/** Stored settings that cannot be used; the message names the member. */
export class SettingsInvalid extends Error {
  constructor(member: string, form: string) {
    super(`Tenant setting ${member} must be ${form}.`);
  }
}

type Json = Readonly<Record<string, unknown>>;

/** @throws SettingsInvalid unless the value is a JSON object. */
export function objectOf(value: unknown, member: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new SettingsInvalid(member, 'an object');
}

/** @throws SettingsInvalid unless the value is a list of at most 1,000 items. */
export function listOf(value: unknown, member: string): readonly unknown[] {
  if (Array.isArray(value) && value.length <= 1_000) return value;
  throw new SettingsInvalid(member, 'a list of at most 1,000 items');
}

/** @throws SettingsInvalid unless the value is a whole number in the range. */
export function wholeOf(value: unknown, member: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SettingsInvalid(member, `a whole number from ${least} to ${most}`);
}

/** @throws SettingsInvalid unless the value is a decimal money text, not below zero. */
export function moneyTextOf(value: unknown, member: string): string {
  const amount = typeof value === 'string' ? parseAmount(value) : null;
  if (typeof value === 'string' && amount !== null && amount >= 0n) return value;
  throw new SettingsInvalid(member, 'a money text such as "50.00", not below zero');
}

/** @throws SettingsInvalid unless the value is true or false. */
export function flagOf(value: unknown, member: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new SettingsInvalid(member, 'true or false');
}

/** @throws SettingsInvalid unless the value is a text of that pattern. */
export function textOf(value: unknown, member: string, pattern: RegExp, form: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new SettingsInvalid(member, form);
}
