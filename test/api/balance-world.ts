import 'reflect-metadata';
import { GraphQLSchema } from 'graphql';
import { Client, createClient } from 'graphql-ws';
import pino from 'pino';
import type { DataSource } from 'typeorm';
import { WebSocket } from 'ws';
import { openBuckets, openRoots } from '../../src/balance';
import { createBalanceServices } from '../../src/balance/services';
import { Conductor } from '../../src/charging';
import type { Services } from '../../src/context';
import { createLive, LiveHub } from '../../src/live';
import { openInvoicing } from '../../src/invoicing/services';
import { createPartyServices } from '../../src/party/services';
import { AuthenticationFailed } from '../../src/platform/auth/auth.errors';
import { ANONYMOUS_CALLER, Caller, Role } from '../../src/platform/auth/caller';
import { appDataSource } from '../../src/platform/db';
import { encodeId } from '../../src/platform/graphql';
import { RunningServer, startServer } from '../../src/platform/server';
import { buildApiSchema } from '../../src/schema';
import { createTenantServices } from '../../src/tenant';
import { createTestDatabase, TestDatabase } from '../support';
import { createWorld, World, WorldAccount, worldConductor } from '../support/world';

let schema: GraphQLSchema | undefined;

/** Tokens are the caller as JSON: the tests of authentication are elsewhere. */
export const tokenOf = (role: Role, over: Partial<Record<'tenantId' | 'subject' | 'customerId' | 'moneyLimit', string | number | null>> & { moneyLimits?: Record<string, string> } = {}): string =>
  Buffer.from(JSON.stringify({ role, tenantId: 1, subject: `${role.toLowerCase()}-1`, customerId: null, moneyLimit: null, ...over })).toString('base64url');

const auth = {
  async authenticate(token: string | null): Promise<Caller> {
    if (token === null) return ANONYMOUS_CALLER;
    try {
      const read = JSON.parse(Buffer.from(token, 'base64url').toString()) as Caller & { customerId: string | null };
      return {
        ...ANONYMOUS_CALLER, ...read, customerId: read.customerId === null ? null : BigInt(read.customerId), tokenId: 't',
        expiresAt: Date.now() + 3_600_000,
      };
    } catch {
      throw new AuthenticationFailed('unknown');
    }
  },
  isRevoked: () => false,
};

/** A field of an answer, looked at without knowing the whole shape. */
export type Shown = { readonly [field: string]: Shown } & readonly Shown[] & string;

export interface Answer {
  readonly data: Shown | null;
  readonly codes: readonly string[];
}

/** One API node: its own conductor, hub and server on the shared database. */
export interface ApiNode {
  readonly conductor: Conductor;
  readonly live: LiveHub;
  readonly server: RunningServer;
  ask(token: string, query: string, variables?: unknown): Promise<Answer>;
  socket(token: string): Client;
  close(): Promise<void>;
}

export async function openNode(db: TestDatabase): Promise<ApiNode> {
  const log = pino({ level: 'silent' });
  const data: DataSource = await appDataSource(db.ownerUrl, true).initialize();
  const line = createLive({ appUrl: db.ownerUrl, setRole: true, pool: db.appPool, log });
  line.start();
  const conductor = worldConductor(db, { committed: line.live.committed });
  const accountOpening = { openBuckets: async (tx: Parameters<typeof openBuckets>[0], account: Parameters<typeof openBuckets>[1]) => openBuckets(tx, account), openRoots, limitChanged: async () => undefined };
  const tenantServices = createTenantServices(db.appPool, data);
  const invoicing = openInvoicing({ pool: db.appPool, data, charging: conductor, tenants: tenantServices.tenants, failed: (_run, error) => { throw error; } });
  const services = {
    auth, pool: db.appPool, data, charging: conductor, live: line.live, accountOpening, ...tenantServices,
    ...createPartyServices(data, accountOpening), ...createBalanceServices(), ...invoicing.services,
  } as unknown as Services & { auth: typeof auth };
  const config = {
    host: '127.0.0.1', port: 0, demo: true, corsOrigins: [], socketOrigins: [], socketsPerCaller: 50, operationsPerSocket: 20,
    requestDeadlineMs: 10_000, logLevel: 'silent',
  };
  schema ??= buildApiSchema();
  const server = await startServer({ config, services, schema, log, probes: [] });
  const close = async (): Promise<void> => {
    await server.stop();
    await invoicing.close();
    await conductor.drain();
    await line.close();
    await data.destroy();
  };
  return { conductor, live: line.live, server, ask: (token, query, variables) => ask(server, token, query, variables), socket: (token) => socketOf(server, token), close };
}

async function ask(server: RunningServer, token: string, query: string, variables: unknown): Promise<Answer> {
  const response = await fetch(`${server.address}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }),
  });
  const body = await response.json() as { data?: Shown; errors?: { extensions: { code: string } }[] };
  return { data: body.data ?? null, codes: (body.errors ?? []).map((error) => error.extensions.code) };
}

const socketOf = (server: RunningServer, token: string): Client => createClient({
  url: `${server.address.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` },
  retryAttempts: 0, lazyCloseTimeout: 0,
});

/** A database, a first node, and a small operator on it. */
export interface BalanceWorld {
  readonly db: TestDatabase;
  readonly world: World;
  readonly node: ApiNode;
  /** The token of the subscriber who owns the account. */
  ownerOf(account: WorldAccount): Promise<string>;
  dispose(): Promise<void>;
}

export async function openBalanceWorld(): Promise<BalanceWorld> {
  const db = await createTestDatabase();
  const node = await openNode(db);
  const world = await createWorld(db, { conductor: node.conductor });
  return {
    db, world, node,
    ownerOf: async (account) => {
      const { rows } = await db.ownerPool.query<{ customer_id: string }>('select customer_id from billing_account where id = $1', [account.id.toString()]);
      return tokenOf('SUBSCRIBER', { subject: `owner-${account.id}`, customerId: rows[0]!.customer_id });
    },
    dispose: async () => {
      await node.close();
      await db.dispose();
    },
  };
}

export const accountId = (account: WorldAccount): string => encodeId('BillingAccount', account.id);

/** Messages of one subscription, in order, with its end. */
export class Watcher<T> {
  readonly seen: T[] = [];
  readonly errors: string[] = [];
  ended = false;
  private waiting: (() => void)[] = [];
  readonly stop: () => void;

  constructor(client: Client, query: string, variables: Record<string, unknown>, field: string) {
    this.stop = client.subscribe<Record<string, T>>({ query, variables }, {
      next: ({ data, errors }) => {
        for (const error of errors ?? []) this.errors.push(String(error.extensions?.code));
        const value = data?.[field];
        if (value) this.seen.push(value);
        this.wake();
      },
      error: (error) => {
        for (const one of Array.isArray(error) ? error as { extensions?: { code?: string } }[] : []) this.errors.push(String(one.extensions?.code));
        this.ended = true;
        this.wake();
      },
      complete: () => {
        this.ended = true;
        this.wake();
      },
    });
  }

  /** The first message that fits; fails after `ms`. */
  async until(fits: (value: T) => boolean, ms = 5_000): Promise<T> {
    const late = Date.now() + ms;
    for (;;) {
      const found = this.seen.find(fits);
      if (found) return found;
      if (this.ended) throw new Error(`The subscription ended: ${this.errors.join()}`);
      if (Date.now() > late) throw new Error(`Nothing fitted within ${ms} ms; ${this.seen.length} messages came.`);
      await this.news(late - Date.now());
    }
  }

  async end(ms = 5_000): Promise<void> {
    const late = Date.now() + ms;
    while (!this.ended && Date.now() < late) await this.news(late - Date.now());
    if (!this.ended) throw new Error('The subscription did not end.');
  }

  private news(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms > 0 ? ms : 0);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
