import { parseAmount } from '../platform/money';
import type { DialPlan } from '../usage/dial-plan';
import { readDialPlan } from './dial-plan.settings';
import { flagOf, listOf, moneyTextOf, objectOf, SettingsInvalid, wholeOf } from './settings.forms';

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
  /** How numbers are dialled in its network; null = all numbers come as international ones. */
  readonly dialPlan: DialPlan | null;
  /** Usage older than this is quarantined, unless its source states its own limit. */
  readonly lateLimitDays: number;
  /** How far in the future a usage may start, for skewed senders. */
  readonly futureToleranceSeconds: number;
  /** Usage that lasts longer is quarantined. */
  readonly maximumUsageSeconds: number;
  /** Usage of more bytes is quarantined: a counter that wrapped, not a session. */
  readonly maximumUsageBytes: number;
  /** Usage of more events is quarantined. */
  readonly maximumUsageEvents: number;
  /** Days after `spendableUntil` in which prepaid money is kept, though not spendable, for the next top-up. */
  readonly graceDays: number;
  /** Ascending by minimum; empty = prepaid money never lapses. */
  readonly topUpClasses: readonly TopUpClass[];
  readonly transferLimits: TransferLimits | null;
  /** Largest top-up an agent may fund in one move, decimal money text in the tenant's currency and for it alone; the token's own limit may be tighter. */
  readonly agentTopUpLimit: string;
  /** Highest credit limit that a care agent may set alone, decimal money text; finance sets any. */
  readonly agentCreditLimit: string;
  /** Whether the narrower scope of a bucket goes before its priority. */
  readonly scopeBeforePriority: boolean;
  /** Days after the day of issue until a bill is to be paid. */
  readonly paymentTermDays: number;
}

export const DEFAULT_SETTINGS: TenantSettings = {
  dialPlan: null,
  lateLimitDays: 60,
  futureToleranceSeconds: 300,
  maximumUsageSeconds: 86_400,
  maximumUsageBytes: 100_000_000_000_000,
  maximumUsageEvents: 1_000_000,
  graceDays: 30,
  topUpClasses: [],
  transferLimits: null,
  agentTopUpLimit: '0',
  agentCreditLimit: '0',
  scopeBeforePriority: false,
  paymentTermDays: 14,
};

/**
 * Reads what is stored in `tenant.settings`; absent members take the default.
 * @throws SettingsInvalid naming the first member of a wrong form or unknown name.
 */
export function readSettings(value: unknown): TenantSettings {
  const stored = objectOf(value, '(all)');
  const unknown = Object.keys(stored).find((key) => !Object.hasOwn(DEFAULT_SETTINGS, key));
  if (unknown !== undefined) throw new SettingsInvalid(unknown, 'a known name');
  const whole = (key: WholeKey, least: number, most: number): number => wholeOf(stored[key] ?? DEFAULT_SETTINGS[key], key, least, most);
  return {
    dialPlan: stored.dialPlan === undefined || stored.dialPlan === null ? null : readDialPlan(stored.dialPlan),
    lateLimitDays: whole('lateLimitDays', 1, 3_660),
    futureToleranceSeconds: whole('futureToleranceSeconds', 0, 86_400),
    maximumUsageSeconds: whole('maximumUsageSeconds', 1, 31_622_400),
    maximumUsageBytes: whole('maximumUsageBytes', 1, 10_000_000_000_000_000),
    maximumUsageEvents: whole('maximumUsageEvents', 1, 1_000_000_000),
    graceDays: whole('graceDays', 0, 3_660),
    topUpClasses: topUpClassesOf(stored.topUpClasses ?? DEFAULT_SETTINGS.topUpClasses),
    transferLimits: transferLimitsOf(stored.transferLimits ?? null),
    agentTopUpLimit: moneyTextOf(stored.agentTopUpLimit ?? DEFAULT_SETTINGS.agentTopUpLimit, 'agentTopUpLimit'),
    agentCreditLimit: moneyTextOf(stored.agentCreditLimit ?? DEFAULT_SETTINGS.agentCreditLimit, 'agentCreditLimit'),
    scopeBeforePriority: flagOf(stored.scopeBeforePriority ?? DEFAULT_SETTINGS.scopeBeforePriority, 'scopeBeforePriority'),
    paymentTermDays: whole('paymentTermDays', 0, 365),
  };
}

type WholeKey = 'lateLimitDays' | 'futureToleranceSeconds' | 'maximumUsageSeconds' | 'maximumUsageBytes' | 'maximumUsageEvents' | 'graceDays' | 'paymentTermDays';

function topUpClassesOf(value: unknown): TopUpClass[] {
  const classes = listOf(value, 'topUpClasses').map((item, index) => {
    const member = `topUpClasses.${index}`;
    const { minimum, days } = objectOf(item, member);
    return { minimum: moneyTextOf(minimum, `${member}.minimum`), days: wholeOf(days, `${member}.days`, 1, 3_660) };
  });
  return classes.sort((a, b) => (minimumOf(a) < minimumOf(b) ? -1 : 1));
}

const minimumOf = ({ minimum }: TopUpClass): bigint => parseAmount(minimum) ?? 0n;

function transferLimitsOf(value: unknown): TransferLimits | null {
  if (value === null) return null;
  const { perMove, perDay } = objectOf(value, 'transferLimits');
  return { perMove: moneyTextOf(perMove, 'transferLimits.perMove'), perDay: moneyTextOf(perDay, 'transferLimits.perDay') };
}
