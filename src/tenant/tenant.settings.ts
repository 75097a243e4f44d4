import { parseAmount } from '../platform/money';

/** Prepaid life: a top-up of at least `minimum` keeps the money spendable for `days`. */
export interface TopUpClass {
  /** Decimal money text in the tenant's currency. */
  readonly minimum: string;
  readonly days: number;
}

/** Bounds of transfers between accounts, as decimal money texts; null = no transfers of one's own. */
export interface TransferLimits {
  readonly perMove: string;
  readonly perDay: string;
}

/** What an operator decides for its own tenant; stored as JSON in `tenant.settings`, absent members take the default. */
export interface TenantSettings {
  /** The dial plan as its owner, the usage room, reads it; null = numbers are taken as international. */
  readonly dialPlan: unknown;
  /** Usage older than this is quarantined, unless its source states its own limit. */
  readonly lateLimitDays: number;
  /** How far in the future a usage may start, for skewed senders. */
  readonly futureToleranceSeconds: number;
  /** Usage that lasts longer is quarantined. */
  readonly maximumUsageSeconds: number;
  /** Days after `spendableUntil` in which prepaid money is kept, though not spendable, for the next top-up. */
  readonly graceDays: number;
  /** Ascending by minimum; empty = prepaid money never lapses. */
  readonly topUpClasses: readonly TopUpClass[];
  readonly transferLimits: TransferLimits | null;
  /** Largest top-up an agent may fund in one move, decimal money text; the token's own limit may be tighter. */
  readonly agentTopUpLimit: string;
  /** Whether the narrower scope of a bucket goes before its priority. */
  readonly scopeBeforePriority: boolean;
}

export const DEFAULT_SETTINGS: TenantSettings = {
  dialPlan: null,
  lateLimitDays: 60,
  futureToleranceSeconds: 300,
  maximumUsageSeconds: 86_400,
  graceDays: 30,
  topUpClasses: [],
  transferLimits: null,
  agentTopUpLimit: '0',
  scopeBeforePriority: false,
};

/** Stored settings that cannot be used; the message names the member. */
export class SettingsInvalid extends Error {
  constructor(member: string, form: string) {
    super(`Tenant setting ${member} must be ${form}.`);
  }
}

/**
 * Reads what is stored in `tenant.settings`; absent members take the default.
 * @throws SettingsInvalid naming the first member of a wrong form or unknown name.
 */
export function readSettings(stored: unknown): TenantSettings {
  if (!isObject(stored)) throw new SettingsInvalid('(all)', 'an object');
  const unknown = Object.keys(stored).find((key) => !Object.hasOwn(DEFAULT_SETTINGS, key));
  if (unknown !== undefined) throw new SettingsInvalid(unknown, 'a known name');
  const whole = (key: WholeKey, least: number, most: number): number => wholeOf(stored[key] ?? DEFAULT_SETTINGS[key], key, least, most);
  return {
    dialPlan: stored.dialPlan ?? null,
    lateLimitDays: whole('lateLimitDays', 1, 3_660),
    futureToleranceSeconds: whole('futureToleranceSeconds', 0, 86_400),
    maximumUsageSeconds: whole('maximumUsageSeconds', 1, 31_622_400),
    graceDays: whole('graceDays', 0, 3_660),
    topUpClasses: topUpClassesOf(stored.topUpClasses ?? DEFAULT_SETTINGS.topUpClasses),
    transferLimits: transferLimitsOf(stored.transferLimits ?? null),
    agentTopUpLimit: moneyOf(stored.agentTopUpLimit ?? DEFAULT_SETTINGS.agentTopUpLimit, 'agentTopUpLimit'),
    scopeBeforePriority: flagOf(stored.scopeBeforePriority ?? DEFAULT_SETTINGS.scopeBeforePriority, 'scopeBeforePriority'),
  };
}

type WholeKey = 'lateLimitDays' | 'futureToleranceSeconds' | 'maximumUsageSeconds' | 'graceDays';
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function wholeOf(value: unknown, member: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SettingsInvalid(member, `a whole number from ${least} to ${most}`);
}

function moneyOf(value: unknown, member: string): string {
  const amount = typeof value === 'string' ? parseAmount(value) : null;
  if (amount === null || amount < 0n) throw new SettingsInvalid(member, 'a money text such as "50.00", not below zero');
  return value as string;
}

function flagOf(value: unknown, member: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new SettingsInvalid(member, 'true or false');
}

function topUpClassesOf(value: unknown): TopUpClass[] {
  if (!Array.isArray(value) || value.length > 100) throw new SettingsInvalid('topUpClasses', 'a list of at most 100 classes');
  const classes = value.map((item: unknown, index) => {
    const path = `topUpClasses.${index}`;
    if (!isObject(item)) throw new SettingsInvalid(path, 'an object');
    return { minimum: moneyOf(item.minimum, `${path}.minimum`), days: wholeOf(item.days, `${path}.days`, 1, 3_660) };
  });
  return classes.sort((a, b) => (minimumOf(a) < minimumOf(b) ? -1 : 1));
}

const minimumOf = ({ minimum }: TopUpClass): bigint => parseAmount(minimum) ?? 0n;

function transferLimitsOf(value: unknown): TransferLimits | null {
  if (value === null) return null;
  if (!isObject(value)) throw new SettingsInvalid('transferLimits', 'an object');
  return { perMove: moneyOf(value.perMove, 'transferLimits.perMove'), perDay: moneyOf(value.perDay, 'transferLimits.perDay') };
}
