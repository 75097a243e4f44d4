import { Conductor } from '../../src/charging';
import { Amount, amount, formatAmount, parseAmount } from '../../src/platform/money';
import { TestDatabase, violationsOf } from '../support';
import { AccountOptions, agentKey, call, createWorld, flatRate, World, WorldAccount } from '../support/world';

/** A sandbox tenant with a clock of its own, for stories that walk through months. */
export interface Scenario extends World {
  /** Sets the business clock. */
  moveTo(instant: string): Promise<void>;
  topUp(account: WorldAccount, euros: string, more?: { promotionalUntil?: string | null; key?: string }): ReturnType<Conductor['topUp']>;
  activate(account: WorldAccount, offeringCode: string, more?: ActivateOptions): ReturnType<Conductor['activate']>;
  /** Charges one usage; 10 s of voice now unless told otherwise. */
  charge(number: string, more?: ChargeOptions): Promise<Answer>;
  /** Gives a charge back: a part in euro, or all of it. A privileged move, so it brings its audit row. */
  refund(account: WorldAccount, position: bigint, part?: string, more?: { key?: string; by?: Conductor }): ReturnType<Conductor['refund']>;
  adjust(account: WorldAccount, bucketId: number, value: bigint): ReturnType<Conductor['adjust']>;
  /** What can be spent, as text; null = unlimited. */
  spendable(account: WorldAccount): Promise<string | null>;
  /** Units that can be used now, summed over the account's buckets. */
  units(account: WorldAccount): Promise<bigint>;
  product(account: WorldAccount, offset?: number): Promise<ProductRow>;
  /** Rows of the books by a statement whose $1 is the root. */
  rows<T extends object>(account: WorldAccount, text: string): Promise<T[]>;
}
export interface ActivateOptions {
  readonly at?: string;
  readonly number?: string;
  readonly attachedTo?: bigint;
  readonly key?: string;
}
export interface ChargeOptions {
  readonly seconds?: bigint;
  readonly at?: string;
  readonly delivered?: boolean;
  readonly over?: Partial<Parameters<typeof call>[2]>;
  readonly by?: Conductor;
}
export interface ProductRow { readonly id: string; readonly state: string; readonly started_at: Date; readonly period_start: Date; readonly period_end: Date; readonly ended_at: Date | null; readonly version: number }
export interface Answer { readonly status: string; readonly code: string | null; readonly gross: string | null; readonly position: bigint | null }

let tenants = 1;
let keys = 0;

export const voice = (perMinute: string, increment = '1') =>
  ({ kind: 'VOICE', unit: 'SECOND' as const, per: '60', rates: flatRate(perMinute, increment) });
export const euros = (text: string): Amount => parseAmount(text) ?? amount(0n);

/** Opens a tenant whose clock stands at the instant, on a conductor that may serve many. */
export async function openScenario(db: TestDatabase, conductor: Conductor, at: string): Promise<Scenario> {
  tenants += 1;
  const tenantId = tenants;
  const world = await createWorld(db, { tenantId, conductor });
  const moveTo = async (instant: string): Promise<void> => {
    const { rows } = await db.ownerPool.query<{ now: string }>('select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now');
    await db.ownerPool.query('update tenant set clock_offset_ms = $2 where id = $1', [tenantId, Date.parse(instant) - +rows[0]!.now]);
  };
  await moveTo(at);
  const key = (name?: string) => agentKey(tenantId, name ?? `k${(keys += 1)}`);
  const rows = async <T extends object>(account: WorldAccount, text: string): Promise<T[]> =>
    (await db.appPool.query<T>(text, [account.rootId.toString()])).rows;
  const view = async (account: WorldAccount) => (await conductor.balances(tenantId, [account.id]))[0]!;
  return {
    ...world, moveTo, rows,
    topUp: (account, text, more = {}) => conductor.topUp(key(more.key), { accountId: account.id, funding: {
      kind: 'AGENT', amount: euros(text), currency: 'EUR', promotional: more.promotionalUntil !== undefined,
      validUntil: more.promotionalUntil ? Date.parse(more.promotionalUntil) : null,
    } }),
    activate: (account, offeringCode, more = {}) => conductor.activate(key(more.key), {
      accountId: account.id, offeringCode, startedAt: more.at === undefined ? null : Date.parse(more.at),
      identifiers: more.number === undefined ? [] : [{ kind: 'MSISDN', value: more.number }], attachedTo: more.attachedTo ?? null,
    }),
    refund: (account, position, part, { key: name, by = conductor } = {}) => by.refund(key(name), {
      rootId: account.rootId, position, amount: part === undefined ? null : euros(part), reason: 'GOODWILL',
    }),
    adjust: (account, bucketId, value) => conductor.adjust(key(), { accountId: account.id, bucketId, amount: value, reason: 'goodwill' }),
    charge: async (number, { seconds = 10n, at: when, delivered = false, over = {}, by = conductor } = {}) => {
      const startedAt = when === undefined ? await conductor.now(tenantId) : Date.parse(when);
      const [result] = await by.chargeUsage([call(number, seconds, { tenantId, startedAt, ...over })], { delivered, lateLimitDays: undefined });
      const { status, error, charge } = result!;
      return { status, code: error?.code ?? null, gross: charge && formatAmount(amount(charge.net + charge.tax), charge.currency), position: charge?.position ?? null };
    },
    spendable: async (account) => {
      const { spendable, currency } = await view(account);
      return spendable === null ? null : formatAmount(spendable, currency);
    },
    units: async (account) => (await view(account)).buckets.filter((b) => b.kind === 'UNIT' && b.accountId === account.id).reduce((sum, b) => sum + b.value, 0n),
    product: async (account, offset = 0) => (await rows<ProductRow>(account,
      `select id, state, started_at, period_start, period_end, ended_at, version from product where root_id = $1 order by id offset ${offset} limit 1`))[0]!,
  };
}

/** A prepaid subscriber with money and a product by number. */
export async function subscriber(
  scenario: Scenario, number: string, offering: string, money: string | null, options: AccountOptions & ActivateOptions = {},
): Promise<WorldAccount> {
  const account = await scenario.account(options);
  if (money !== null) expect(await scenario.topUp(account, money)).toMatchObject({ ok: true });
  expect(await scenario.activate(account, offering, { ...options, number })).toMatchObject({ ok: true });
  return account;
}

/** After every scenario the books must be sound. */
export const expectSoundBooks = async (db: TestDatabase): Promise<void> => expect(await violationsOf(db.appPool)).toEqual([]);
