import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { BILL_FILE } from '../../src/invoicing';
import { DEMO_IDENTITIES, DemoIdentity, mintDemoToken } from '../../src/platform/auth/demo';
import { DemoKey } from '../../src/platform/auth/demo-key';
import { Role, ROLES } from '../../src/platform/auth/caller';
import { loadConfig } from '../../src/platform/config';
import { createLogger } from '../../src/platform/observe';
import { StopStack } from '../../src/platform/process';
import { RunningServer, ServerConfig, startServer } from '../../src/platform/server';
import { buildApiSchema } from '../../src/schema';
import { openAuth, openRooms, Rooms } from '../../src/services';
import { createTestDatabase, temporaryFolder, TestDatabase } from '../support';
import { RawSocket } from '../api/server.fixture';

/** An answer as it came over HTTP. */
export interface Told {
  readonly status: number;
  readonly text: string;
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly { readonly message: string; readonly path?: readonly unknown[]; readonly extensions: { readonly code: string } }[];
}

/** The whole product on a seeded database of its own, outside demo mode but with the demo's tokens. */
export interface LiveApi {
  readonly database: TestDatabase;
  readonly server: RunningServer;
  readonly rooms: Rooms;
  readonly schema: GraphQLSchema;
  readonly logLines: readonly string[];
  /** Token of a demo identity; null for "anonymous". */
  tokenOf(name: string): string | null;
  ask(name: string, query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Told>;
  /** A websocket that the identity signed in on. */
  socket(name: string): Promise<RawSocket>;
  close(): Promise<void>;
}

export interface LiveOptions {
  readonly demo?: boolean;
  readonly server?: Partial<ServerConfig>;
  readonly isCostBounded?: boolean;
}

const PLENTY = Object.fromEntries(ROLES.map((role) => [role, 1_000_000_000])) as Readonly<Record<Role, number>>;

export async function openLiveApi(options: LiveOptions = {}): Promise<LiveApi> {
  const database = await createTestDatabase({ seeded: true });
  const folder = temporaryFolder();
  const stack = new StopStack();
  const config = loadConfig({ DATABASE_URL: database.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1', DATA_DIR: folder.path, PORT: '0' });
  const logLines: string[] = [];
  const log = createLogger('debug', { write: (line: string) => void logLines.push(line) });
  const { ownerUrl } = database;
  const rooms = await openRooms(config, { ownerUrl, appUrl: ownerUrl, setRole: true, folder: undefined, close: async () => undefined }, log, stack, { schedules: false });
  const auth = await openAuth(config, rooms, log, stack);
  const schema = buildApiSchema();
  const server = await startServer({
    config: { ...config, demo: options.demo ?? false, ...options.server }, services: { ...rooms, auth }, schema, files: [BILL_FILE], log,
    ...(options.isCostBounded ? {} : { costLimits: PLENTY }),
  });
  const tokens = await mintAll(await DemoKey.load(folder.path), database);
  const tokenOf = (name: string): string | null => tokens.get(name) ?? null;
  return {
    database, server, rooms, schema, logLines, tokenOf,
    ask: (name, query, variables, headers) => post(server, tokenOf(name), query, variables, headers),
    socket: (name) => RawSocket.signedIn(server, tokenOf(name) ?? ''),
    close: async () => {
      await server.stop();
      await stack.stop();
      folder.remove();
      await database.dispose();
    },
  };
}

async function mintAll(key: DemoKey, { appPool }: TestDatabase): Promise<Map<string, string>> {
  const tokens = await Promise.all(DEMO_IDENTITIES.map(async (one) => [one.name, await mintDemoToken(key, appPool, one)] as const));
  return new Map(tokens);
}

async function post(
  server: RunningServer, token: string | null, query: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {},
): Promise<Told> {
  const response = await fetch(`${server.address}/graphql`, {
    method: 'POST', body: JSON.stringify({ query, variables }),
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
  });
  const text = await response.text();
  const { data = null, errors = [] } = JSON.parse(text) as Partial<Told>;
  return { status: response.status, text, data, errors };
}

/** The identity of that name; "anonymous" is one too, who looks at the shop of the first tenant. */
export function identityOf(name: string): DemoIdentity {
  if (name === 'anonymous') return { name, role: 'ANONYMOUS', tenant: 'demo', subject: 'anonymous', note: 'no token' };
  const known = DEMO_IDENTITIES.find((one) => one.name === name);
  if (!known) throw new Error(`There is no demo identity ${name}.`);
  return known;
}

/** A text without what differs from request to request: its id and what is left of the caller's minute. */
export const neutral = (text: string): string =>
  text.replace(/"requestId":"[^"]*"/g, '"requestId":""').replace(/,"extensions":\{"cost":\{[^}]*\}\}/g, '');

/** What a caller can compare of two answers. */
export const bytesOf = ({ status, text }: Told): string => `${status} ${neutral(text)}`;
