import type { Pool } from 'pg';
import type { ConductorOptions } from '../../src/charging';
import { Conductor } from '../../src/charging';
import type { UsageResult } from '../../src/charging/charging.api';
import { createPool } from '../../src/platform/db';
import { amount } from '../../src/platform/money';
import type { UsageEvent } from '../../src/usage/usage.types';
import { createTestDatabase, TestDatabase } from '../support';
import type { Known, Send } from '../support/load-client';
import { agentKey, call, createWorld, flatRate, World, WorldAccount, worldConductor } from '../support/world';

/** Subscribers with money on a database of their own, and any number of nodes beside each other. */
export interface FaultWorld {
  readonly db: TestDatabase;
  readonly world: World;
  readonly accounts: readonly WorldAccount[];
  /** Another conductor, whose hot connections go by the given url; its pool is ended with the world. */
  node(url: string, options?: Partial<ConductorOptions>): Conductor;
  /** A hot pool by the given url, ended with the world. */
  hotPool(url: string): Pool;
  close(): Promise<void>;
}

export const numberOf = (index: number): string => `35386${(5_000_000 + index).toString()}`;
export const DELIVERED = { delivered: false, lateLimitDays: undefined } as const;

export async function openFaultWorld(subscribers: number, euros: bigint): Promise<FaultWorld> {
  const db = await createTestDatabase();
  const world = await createWorld(db);
  const pools: Pool[] = [];
  const nodes: Conductor[] = [];
  await world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
  const accounts: WorldAccount[] = [];
  for (let index = 0; index < subscribers; index++) accounts.push(await subscribe(world, index, euros));
  const hotPool = (url: string): Pool => {
    const pool = createPool({ url, max: 4, name: 'test fault', setRole: true, hot: true });
    pools.push(pool);
    return pool;
  };
  return {
    db, world, accounts, hotPool,
    node: (url, options = {}) => {
      const node = worldConductor(db, { hotPool: hotPool(url), ...options });
      nodes.push(node);
      return node;
    },
    close: async () => {
      await Promise.all([world.close(), ...nodes.map((node) => node.drain())]);
      await Promise.all(pools.map((pool) => pool.end()));
      await db.dispose();
    },
  };
}

async function subscribe(world: World, index: number, euros: bigint): Promise<WorldAccount> {
  const account = await world.account();
  const number = numberOf(index);
  const key = (name: string) => agentKey(world.tenantId, `${name}-${number}`);
  const funding = { kind: 'AGENT' as const, amount: amount(euros * 1_000_000n), currency: 'EUR', promotional: false, validUntil: null };
  const paid = await world.conductor.topUp(key('top-up'), { accountId: account.id, funding });
  const activated = await world.conductor.activate(key('activate'), {
    accountId: account.id, offeringCode: 'payg', startedAt: Date.now() - 3_600_000, identifiers: [{ kind: 'MSISDN', value: number }], attachedTo: null,
  });
  if (!paid.ok || !activated.ok) throw new Error('The subscriber was not made.');
  return account;
}

/** Calls of a minute, ten cents each, in turn by the subscribers; named by their keys. */
export function callsOf(keys: readonly string[], subscribers: number): ReadonlyMap<string, UsageEvent> {
  return new Map(keys.map((usageId, index) => [usageId, call(numberOf(index % subscribers), 60n, { usageId })]));
}

export const keysOf = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** What a caller learns of a usage: a final answer, that nothing was done, or nothing. */
export function knownOf({ status, charge, error }: UsageResult): Known {
  if (error?.code === 'OUTCOME_UNKNOWN') return { kind: 'UNKNOWN' };
  if (status === 'FAILED') return { kind: 'NOT_DONE', code: error!.code };
  return { kind: 'DONE', answer: [status, charge?.rootId, charge?.position, charge?.net, charge?.tax, error?.code].join(' ') };
}

/** Charges the usage of a key, alone. */
export const sender = (node: Conductor, calls: ReadonlyMap<string, UsageEvent>): Send => async (key) =>
  knownOf((await node.chargeUsage([calls.get(key)!], DELIVERED))[0]!);

/** Ids of the usages that are stored, one a row. */
export const storedKeys = (db: TestDatabase) => async (): Promise<readonly string[]> => {
  const { rows } = await db.ownerPool.query<{ event_id: string }>(`select event_id from charge where source = 'test'`);
  return rows.map((row) => row.event_id);
};
