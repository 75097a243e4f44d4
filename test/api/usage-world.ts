import 'reflect-metadata';
import { graphql, GraphQLSchema } from 'graphql';
import type { DataSource } from 'typeorm';
import type { ConductorOptions } from '../../src/charging';
import type { RequestContext, Services } from '../../src/context';
import { DEFAULT_SETTINGS, createTenantServices } from '../../src/tenant';
import type { Caller, Role } from '../../src/platform/auth/caller';
import { appDataSource } from '../../src/platform/db';
import { amount } from '../../src/platform/money';
import { buildApiSchema } from '../../src/schema';
import { createTestDatabase, TestDatabase } from '../support';
import { createWorld, World, WorldAccount } from '../support/world';

/** The moment at which the worlds of these tests begin: business time runs on from here. */
export const NOW = Date.parse('2026-11-16T12:00:00.000Z');

export const at = (text: string): string => new Date(text).toISOString();

const IRELAND = {
  countryCode: '353', nationalPrefix: '0', internationalPrefixes: ['00'], emergencyNumbers: ['112', '999'],
  freephonePrefixes: ['3531800'], shortCodes: [{ pattern: '171', name: 'Voicemail' }], nationalNumberLengths: [7, 10],
};

export interface Answer {
  readonly data: Record<string, never> | null;
  readonly codes: readonly unknown[];
  readonly messages: readonly string[];
}

/** Two tenants with the whole API over them; time stands near NOW. */
export interface UsageWorld {
  readonly db: TestDatabase;
  readonly world: World;
  readonly other: World;
  readonly services: Services;
  ask(caller: Caller, document: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** A customer's account with money, a product and a number. */
  subscriber(options: SubscriberOptions): Promise<Subscriber>;
  /** Sends usages as the network and answers the payload. */
  send(usages: readonly object[], over?: { readonly source?: string; readonly delivered?: boolean; readonly tenantId?: number }): Promise<Sent>;
  close(): Promise<void>;
}
export interface SubscriberOptions {
  readonly number: string;
  readonly offering: string;
  readonly euros?: bigint;
  readonly startedAt?: string;
  readonly tenantId?: number;
}
export interface Subscriber {
  readonly account: WorldAccount;
  readonly customerId: bigint;
  readonly productId: bigint;
  readonly caller: Caller;
}

export interface SentResult {
  readonly usageId: string;
  readonly status: string;
  readonly duplicate: boolean;
  readonly charges: readonly { readonly id: string; readonly role: string; readonly net: MoneyText; readonly tax: MoneyText; readonly gross: MoneyText }[];
  readonly error: { readonly code: string; readonly message: string; readonly path: readonly string[]; readonly retryable: boolean } | null;
  readonly warnings: readonly { readonly path: readonly string[] }[];
}
export interface MoneyText {
  readonly amount: string;
  readonly currency: string;
}
export interface Sent {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly quarantined: number;
  readonly invalid: number;
  readonly failed: number;
  readonly results: readonly SentResult[];
  readonly errors: readonly { readonly code: string; readonly path: readonly string[] }[];
}

export const callerOf = (role: Role, over: Partial<Caller> = {}): Caller => ({
  role, tenantId: 1, subject: `${role.toLowerCase()}-1`, customerId: null, partnerId: null, moneyLimit: null, tokenId: 't', expiresAt: null, ...over,
});
export const NETWORK = callerOf('NETWORK');
export const FINANCE = callerOf('FINANCE');
export const AGENT = callerOf('CRM_AGENT', { moneyLimit: '1' });

const MONEY = '{ amount currency }';
export const RESULT = `usageId status duplicate charges { id role net ${MONEY} tax ${MONEY} gross ${MONEY} }
  error { code message path retryable } warnings { path }`;
export const COUNTS = 'accepted duplicates refused quarantined invalid failed';
const SEND = `mutation($input: UsageChargeInput!) { usageCharge(input: $input) { ${COUNTS} results { ${RESULT} } errors { code path } } }`;

const schema: GraphQLSchema = buildApiSchema();

export async function openUsageWorld(options: Partial<ConductorOptions> = {}): Promise<UsageWorld> {
  const db = await createTestDatabase();
  const world = await createWorld(db, options);
  const other = await createWorld(db, { tenantId: 2, conductor: world.conductor });
  await db.ownerPool.query(`update tenant set settings = (settings::jsonb || $1::jsonb)::json, clock_offset_ms = $2`,
    [JSON.stringify({ dialPlan: IRELAND, lateLimitDays: DEFAULT_SETTINGS.lateLimitDays, maximumUsageBytes: 10_000_000_000_000_000 }), (NOW - Date.now()).toString()]);
  const data = await appDataSource(db.ownerUrl, true).initialize();
  const services = { pool: db.appPool, data, charging: world.conductor, ...createTenantServices(db.appPool, data) };
  const ask: UsageWorld['ask'] = async (caller, document, variables = {}) => {
    const result = await graphql({ schema, source: document, variableValues: variables, contextValue: contextOf(services, caller) });
    const fault = result.errors?.find(({ originalError }) => originalError && !('extensions' in originalError));
    if (fault?.originalError) throw fault.originalError;
    return {
      data: JSON.parse(JSON.stringify(result.data ?? null)) as Answer['data'],
      codes: result.errors?.map(({ extensions }) => extensions.code) ?? [], messages: result.errors?.map(({ message }) => message) ?? [],
    };
  };
  return {
    db, world, other, ask, services: services as Partial<Services> as Services,
    subscriber: (options) => subscribe(db, options.tenantId === 2 ? other : world, options),
    send: async (usages, { source = 'msc1', delivered = false, tenantId = 1 } = {}) => {
      const { data: answer, messages } = await ask(callerOf('NETWORK', { tenantId }), SEND, { input: { source, delivered, usages } });
      if (!answer) throw new Error(messages.join('; '));
      return answer.usageCharge as Sent;
    },
    close: () => close(db, world, data),
  };
}

async function close(db: TestDatabase, world: World, data: DataSource): Promise<void> {
  await world.close();
  await data.destroy();
  await db.dispose();
}

function contextOf(services: Partial<Services>, caller: Caller): RequestContext {
  const loaders = new Map<string, unknown>();
  return {
    caller, requestId: 'request-1', services: services as Services,
    loader: <T>(key: string, build: () => T): T => {
      if (!loaders.has(key)) loaders.set(key, build());
      return loaders.get(key) as T;
    },
  };
}

async function subscribe(db: TestDatabase, world: World, options: SubscriberOptions): Promise<Subscriber> {
  const { number, offering, euros = 10n, startedAt = '2026-09-01T00:00:00Z' } = options;
  const { tenantId } = world;
  const account = await world.account();
  const key = (operation: string) => ({ tenantId, caller: 'test', key: `${operation}-${number}-${account.id}` });
  if (euros > 0n) {
    const funding = { kind: 'AGENT' as const, amount: amount(euros * 1_000_000n), currency: 'EUR', promotional: false, validUntil: null };
    const paid = await world.conductor.topUp(key('top-up'), { accountId: account.id, funding });
    if (!paid.ok) throw new Error(paid.errors[0]!.message);
  }
  const made = await world.conductor.activate(key('activate'), {
    accountId: account.id, offeringCode: offering, startedAt: Date.parse(startedAt), identifiers: [{ kind: 'MSISDN', value: number }], attachedTo: null,
  });
  if (!made.ok) throw new Error(made.errors[0]!.message);
  const { rows } = await db.ownerPool.query<{ customer_id: string }>('select customer_id from billing_account where id = $1', [account.id.toString()]);
  const customerId = BigInt(rows[0]!.customer_id);
  return {
    account, customerId, productId: BigInt(made.answer.productId),
    caller: callerOf('SUBSCRIBER', { tenantId, customerId, subject: `subscriber-${customerId}` }),
  };
}

/** What a subscriber of these tests may still spend, in millionths. */
export const spendable = async ({ world }: UsageWorld, { account }: Subscriber): Promise<bigint | null> =>
  (await world.conductor.balances(world.tenantId, [account.id]))[0]!.spendable;

let counter = 0;
/** A call of so many seconds, half an hour before the world's beginning; every field may be given. */
export function voice(msisdn: string, seconds: string, over: Record<string, unknown> = {}, call: Record<string, unknown> = {}): Record<string, unknown> {
  counter += 1;
  return {
    usageId: `u-${counter}`, subscriber: { msisdn }, startedAt: '2026-11-16T11:30:00.000Z',
    voice: { direction: 'OUTGOING', otherParty: '0861111111', quantity: { amount: seconds, unit: 'SECOND' }, ...call }, ...over,
  };
}

export function dataUsage(msisdn: string, data: Record<string, unknown>, over: Record<string, unknown> = {}): Record<string, unknown> {
  counter += 1;
  return { usageId: `d-${counter}`, subscriber: { msisdn }, startedAt: '2026-11-16T11:30:00.000Z', data, ...over };
}
