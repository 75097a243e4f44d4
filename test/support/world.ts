import { Conductor, ConductorOptions } from '../../src/charging';
import { recordAudit } from '../../src/audit';
import { openBuckets } from '../../src/balance';
import type { MoveKey } from '../../src/charging';
import { inTransaction } from '../../src/platform/db';
import { amount, quantity, Unit } from '../../src/platform/money';
import { RootRef, shardedId, shardOfNumber } from '../../src/platform/root';
import { bodyHashOf } from '../../src/usage/usage.codec';
import { UsageEvent } from '../../src/usage/usage.types';
import type { TestDatabase } from './database';

/** A small operator made by plain rows: what tests of the charging path need, without seeds or the API. */
export interface World {
  readonly conductor: Conductor;
  readonly tenantId: number;
  account(options?: AccountOptions): Promise<WorldAccount>;
  offering(options: OfferingOptions): Promise<string>;
  close(): Promise<void>;
}
export interface WorldAccount extends RootRef {
  readonly id: bigint;
}
export interface AccountOptions {
  readonly mode?: 'PREPAID' | 'POSTPAID' | 'HYBRID';
  /** In millionths; null = unlimited. */
  readonly limit?: bigint | null;
  readonly within?: WorldAccount;
  readonly payer?: WorldAccount;
  readonly cycleDay?: number;
  readonly currency?: string;
}
export interface OfferingOptions {
  readonly code: string;
  readonly priority?: number;
  readonly period?: 'NONE' | 'BILL_CYCLE' | 'CALENDAR_MONTH' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR';
  readonly periodLength?: number;
  readonly autoRenew?: boolean;
  readonly fee?: string;
  readonly feeProrated?: boolean;
  readonly feeInAdvance?: boolean;
  /** How the fees bear the 20 % of class `standard`; absent = class `none`. */
  readonly feeTax?: 'INCLUDED' | 'ON_TOP';
  /** How the fees are earned; at once unless told. */
  readonly recognition?: 'AT_POINT' | 'OVER_PERIOD';
  /** Of all its prices; EUR unless told. */
  readonly currency?: string;
  readonly unpaid?: 'SUSPEND' | 'CONTINUE_AT_USAGE_PRICES';
  readonly paidStarts?: 'WHEN_PAID' | 'ANNIVERSARY';
  readonly oneTime?: string;
  readonly usage?: readonly { kind: string; unit: Unit; per: string; rates: unknown; tiers?: unknown; taxIncluded?: boolean; taxed?: boolean; conditions?: unknown }[];
  readonly allowances?: readonly {
    code: string; kind: string; unit: Unit; quantity: string; step?: string; shared?: boolean; usedUp?: 'CHARGE' | 'BLOCK';
    renewal?: 'RESET' | 'ROLL_OVER'; rollOverMaximum?: string; firstGrant?: 'FULL' | 'PRORATED'; priority?: number; prefixes?: string[];
  }[];
}

export const flatRate = (perUnit: string, increment = '1', connectFee = '0'): unknown =>
  [{ zone: 'All', prefixes: [], connectFee, steps: [{ from: '0', amount: perUnit, increment }] }];

const SETTINGS = {
  graceDays: 30, topUpClasses: [{ minimum: '5', days: 60 }], transferLimits: { perMove: '50', perDay: '100' }, agentTopUpLimit: '1000', agentCreditLimit: '1000',
};

/** Opens a world in a test database; tax is 0 % on class `none` and 20 % on class `standard`. */
export async function createWorld(
  db: TestDatabase, options: Partial<ConductorOptions> & { readonly tenantId?: number; readonly conductor?: Conductor } = {},
): Promise<World> {
  const tenantId = options.tenantId ?? 1;
  await db.ownerPool.query(`insert into tenant (id, code, name, currency, time_zone, is_sandbox, settings)
    values ($1, $2, 'World', 'EUR', 'Europe/Dublin', true, $3) on conflict do nothing`, [tenantId, `world${tenantId}`, JSON.stringify(SETTINGS)]);
  const rates = await db.ownerPool.query<{ id: string }>(`insert into tax_rate (tenant_id, tax_class, tax_code, rate, valid_from)
    select $1, x.class, x.code, x.rate, '2000-01-01' from (values ('none', 'Z0', 0), ('standard', 'S20', 0.20)) x(class, code, rate)
    where not exists (select from tax_rate where tenant_id = $1) returning id`, [tenantId]);
  await tell(db, tenantId, rows('taxRateSet', rates.rows));
  const conductor = options.conductor ?? worldConductor(db, options);
  return {
    conductor, tenantId,
    account: (wanted = {}) => openAccount(db, tenantId, wanted),
    offering: (wanted) => launchOffering(db, tenantId, wanted),
    close: () => conductor.drain(),
  };
}

const rows = (operation: string, made: readonly { readonly id: string }[]): [string, string][] => made.map(({ id }) => [operation, id]);

/** What the services would leave in the audit log for rows that were made by hand. */
export const tell = (db: TestDatabase, tenantId: number, done: readonly (readonly [operation: string, objectId: string])[]): Promise<void> =>
  inTransaction(db.ownerPool, async (tx) => {
    for (const [operation, objectId] of done) {
      await recordAudit(tx, { tenantId, actor: 'test', role: 'ADMIN', operation, objectType: 'Made', objectId, requestId: 'r', result: 'DONE' });
    }
  });

/** The key of an agent's move, which leaves its audit row. */
export const agentKey = (tenantId: number, key: string, caller = 'test'): MoveKey => ({ tenantId, caller, key, audit: {
  tenantId, actor: caller, role: 'FINANCE', operation: 'moneyMove', objectType: 'BillingAccount', objectId: '0', requestId: 'r',
} });

export function worldConductor(db: TestDatabase, options: Partial<ConductorOptions> = {}): Conductor {
  return new Conductor({
    hotPool: db.hotPool, pool: db.appPool, killPool: db.ownerPool, lanes: 2, batchMax: 500, queueMax: 20_000, deadlineMs: 10_000,
    cachedRoots: 10_000, committed: () => undefined, observe: () => undefined, ...options,
  });
}

async function openAccount(db: TestDatabase, tenantId: number, options: AccountOptions): Promise<WorldAccount> {
  const mode = options.mode ?? 'PREPAID';
  const { rows: [made] } = await db.ownerPool.query<{ number: string; party: string; customer: string }>(`
    with p as (insert into party (tenant_id, kind, family_name) values ($1, 'INDIVIDUAL', 'Test') returning id),
         c as (insert into customer (tenant_id, party_id) select $1, id from p returning id)
    select nextval('account_number') as number, p.id as party, c.id as customer from c, p`, [tenantId]);
  const number = BigInt(made!.number);
  const shard = options.within?.shard ?? shardOfNumber(number);
  const id = shardedId(number, shard);
  const rootId = options.within?.rootId ?? id;
  const limit = mode === 'PREPAID' ? null
    : options.limit === null ? { kind: 'UNLIMITED' as const } : { kind: 'AMOUNT' as const, amount: amount(options.limit ?? 100_000_000n) };
  const payerId = options.payer?.id ?? id;
  const currency = options.currency ?? 'EUR';
  await db.ownerPool.query(`insert into billing_account (shard, root_id, id, tenant_id, customer_id, payer_id, name, time_zone,
    bill_cycle_day, payment_mode, credit_limit_kind, credit_limit, currency) values ($1,$2,$3,$4,$5,$6,'Test','Europe/Dublin',$7,$8,$9,$10,$11)`,
  [shard, rootId.toString(), id.toString(), tenantId, made!.customer, payerId.toString(), options.cycleDay ?? 1, mode, limit?.kind ?? null,
    limit?.kind === 'AMOUNT' ? limit.amount.toString() : null, currency]);
  await openBuckets(db.ownerPool, { shard, rootId, tenantId, accountId: id, payerId, currency, paymentMode: mode, creditLimit: limit, at: 0 });
  await tell(db, tenantId, [['individualCreate', made!.party], ['customerCreate', made!.customer], ['billingAccountCreate', id.toString()]]);
  return { shard, rootId, id };
}

async function launchOffering(db: TestDatabase, tenantId: number, options: OfferingOptions): Promise<string> {
  const one = async (text: string, values: unknown[]): Promise<string> => (await db.ownerPool.query<{ id: string }>(text, values)).rows[0]!.id;
  const offering = await one('insert into product_offering (tenant_id, code) values ($1, $2) returning id', [tenantId, options.code]);
  const version = await one(`insert into product_offering_version (tenant_id, offering_id, version, name, description, state, valid_from, priority,
    payment_modes, period_kind, period_length, auto_renew, unpaid_renewal, paid_renewal_starts)
    values ($1,$2,1,$3,$3,'IN_DESIGN','2000-01-01',$4,'{PREPAID,POSTPAID,HYBRID}',$5,$6,$7,$8,$9) returning id`,
  [tenantId, offering, options.code, options.priority ?? 100, options.period ?? 'NONE', options.periodLength ?? 1, options.autoRenew ?? true,
    options.unpaid ?? 'SUSPEND', options.paidStarts ?? 'WHEN_PAID']);
  const price = async (code: string, type: string, unit: Unit, per: string, money: string | null, definition: unknown, extra: { taxed: boolean; included: boolean; prorated: boolean; ahead?: boolean }) => {
    const priceId = await one('insert into price (tenant_id, offering_id, code, price_type) values ($1,$2,$3,$4) returning id', [tenantId, offering, code, type]);
    await db.ownerPool.query(`insert into price_version (tenant_id, price_id, offering_version_id, version, price_type, name, currency, unit, per, amount,
      is_prorated, tax_class, tax_included, revenue_account, recognition, definition, is_billed_in_advance) values ($1,$2,$3,1,$4,$5,$13,$6,$7,$8,$9,$10,$11,'revenue',$14,$12,$15)`,
    [tenantId, priceId, version, type, code, unit, per, money, extra.prorated, extra.taxed ? 'standard' : 'none', extra.included,
      definition === null ? null : JSON.stringify(definition), options.currency ?? 'EUR', type === 'USAGE' ? 'AT_POINT' : options.recognition ?? 'AT_POINT', extra.ahead ?? false]);
  };
  const feeTax = { taxed: options.feeTax !== undefined, included: options.feeTax === 'INCLUDED' };
  if (options.fee) await price('fee', 'RECURRING', 'EVENT', '1', options.fee, null, { ...feeTax, prorated: options.feeProrated ?? false, ahead: options.feeInAdvance ?? false });
  if (options.oneTime) await price('one-time', 'ONE_TIME', 'EVENT', '1', options.oneTime, null, { ...feeTax, prorated: false });
  for (const [index, usage] of (options.usage ?? []).entries()) {
    await price(`usage-${index}`, 'USAGE', usage.unit, usage.per, null, {
      usageKind: usage.kind, timeZone: 'Europe/Dublin', conditions: usage.conditions ?? [], rates: usage.rates,
      ...(usage.tiers ? { tiers: usage.tiers } : {}),
    }, { taxed: usage.taxed ?? usage.taxIncluded ?? false, included: usage.taxIncluded ?? false, prorated: false });
  }
  for (const allowance of options.allowances ?? []) {
    await db.ownerPool.query(`insert into allowance (tenant_id, offering_version_id, code, name, usage_kind, unit, quantity, step, is_shared,
      when_used_up, renewal, roll_over_maximum, first_grant, priority, prefixes) values ($1,$2,$3,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
    [tenantId, version, allowance.code, allowance.kind, allowance.unit, allowance.quantity, allowance.step ?? null, allowance.shared ?? false,
      allowance.usedUp ?? 'CHARGE', allowance.renewal ?? 'RESET', allowance.rollOverMaximum ?? null, allowance.firstGrant ?? 'FULL',
      allowance.priority ?? 100, allowance.prefixes ?? []]);
  }
  await db.ownerPool.query(`update product_offering_version set state = 'LAUNCHED' where id = $1`, [version]);
  await tell(db, tenantId, [['productOfferingDraft', version], ['productOfferingLaunch', version]]);
  return version;
}

let counter = 0;

/** A call of so many seconds by a number; every field may be given. */
export function call(number: string, seconds: bigint, over: Partial<UsageEvent> = {}): UsageEvent {
  counter += 1;
  const event = {
    tenantId: 1, source: 'test', usageId: `u${counter}`, kind: 'VOICE' as const, direction: 'OUTGOING' as const,
    subscriber: { kind: 'MSISDN' as const, value: number }, startedAt: Date.now() - 1000, endedAt: null, quantity: quantity(seconds),
    unit: 'SECOND' as const, otherParty: '353861111111', otherNetwork: null, attributes: {}, emergency: false, ...over,
  };
  return { ...event, bodyHash: bodyHashOf(event) };
}
