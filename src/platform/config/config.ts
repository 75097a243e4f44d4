import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { projectRoot } from './project-root';
import { StartupError } from './startup-error';
import { readVariables, Variable } from './variables';

/** How tokens are checked; the demo's own key takes the place of `keys` in demo mode. */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithm: string;
  /** Undefined in demo mode. */
  readonly keys: { readonly url: string } | { readonly file: string } | undefined;
}

/** How orders are fulfilled: by the operator's network, or by a simulated one. */
export interface OrdersConfig {
  readonly workers: number;
  readonly network: { readonly url: string; readonly secrets: readonly string[] } | null;
  readonly simulated: { readonly delayMs: number; readonly failPerMille: number; readonly duplicates: number };
}

/** What the process was told, checked and frozen. Times in milliseconds. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Owner's url; undefined = the embedded database. */
  readonly databaseUrl: string | undefined;
  /** Login of the running product; undefined = the owner's with `set role`. */
  readonly appDatabaseUrl: string | undefined;
  /** Absolute folder of the embedded database and the demo key. */
  readonly dataDir: string;
  readonly demo: boolean;
  /** True in tests of the product, whose databases may be less than durable. */
  readonly test: boolean;
  readonly jwt: JwtConfig;
  readonly corsOrigins: readonly string[];
  readonly socketOrigins: readonly string[];
  /** Addresses whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: string;
  readonly coldConnections: number;
  readonly chargingLanes: number;
  readonly batchMax: number;
  readonly queueMax: number;
  readonly requestDeadlineMs: number;
  readonly orders: OrdersConfig;
  readonly socketsPerCaller: number;
  readonly socketsWaiting: number;
  readonly operationsPerSocket: number;
}

/** What the demo's own key signs. */
const DEMO_TOKENS = { issuer: 'tributary-demo', audience: 'tributary', algorithm: 'ES256' };

type Values = ReturnType<typeof readVariables>['values'];
type IsSet = (name: Variable) => boolean;

const TOKEN_VARIABLES: readonly Variable[] = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL', 'JWT_KEY_FILE'];

/** Reads and checks every variable; a StartupError lists all that is wrong, one sentence each. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const { values, isSet, problems } = readVariables(env);
  const demo = values.TRIBUTARY_DEMO ?? !isSet('DATABASE_URL');
  problems.push(...tokenProblems(isSet, demo), ...databaseProblems(values, isSet, demo), ...networkProblems(values, isSet));
  if (problems.length > 0) throw new StartupError(problems.join('\n'));
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    appDatabaseUrl: values.APP_DATABASE_URL,
    dataDir: resolve(projectRoot(), values.DATA_DIR),
    demo,
    test: values.TRIBUTARY_TEST,
    jwt: Object.freeze(jwtOf(values, demo)),
    corsOrigins: Object.freeze([...values.CORS_ORIGINS]),
    socketOrigins: Object.freeze([...values.SOCKET_ORIGINS]),
    trustedProxies: Object.freeze([...values.TRUSTED_PROXIES]),
    logLevel: values.LOG_LEVEL,
    coldConnections: values.COLD_CONNECTIONS,
    chargingLanes: values.CHARGING_LANES,
    batchMax: values.BATCH_MAX,
    queueMax: values.QUEUE_MAX,
    requestDeadlineMs: values.REQUEST_DEADLINE_MS,
    orders: Object.freeze(ordersOf(values)),
    socketsPerCaller: values.SOCKETS_PER_CALLER,
    socketsWaiting: values.SOCKETS_WAITING,
    operationsPerSocket: values.OPERATIONS_PER_SOCKET,
  });
}

function ordersOf(values: Values): OrdersConfig {
  const { ORDER_NETWORK_URL: url, ORDER_NETWORK_SECRETS: secrets } = values;
  return {
    workers: values.ORDER_WORKERS,
    network: url === undefined ? null : { url, secrets },
    simulated: {
      delayMs: values.ORDER_SIMULATED_DELAY_MS, failPerMille: values.ORDER_SIMULATED_FAILURES, duplicates: values.ORDER_SIMULATED_DUPLICATES,
    },
  };
}

function networkProblems({ ORDER_NETWORK_URL: url }: Values, isSet: IsSet): string[] {
  if (url === undefined) return [];
  const problems = isSet('ORDER_NETWORK_SECRETS') ? [] : ['ORDER_NETWORK_SECRETS must be set with ORDER_NETWORK_URL: what is sent is signed.'];
  if (new URL(url).protocol === 'http:' && !isThisMachine(new URL(url))) problems.push('ORDER_NETWORK_URL must be an https address, but on this machine.');
  return problems;
}

function jwtOf(values: Values, demo: boolean): JwtConfig {
  if (demo) return { ...DEMO_TOKENS, keys: undefined };
  const { JWT_ISSUER: issuer = '', JWT_AUDIENCE: audience = '', JWT_JWKS_URL: url, JWT_KEY_FILE: file = '' } = values;
  return { issuer, audience, algorithm: values.JWT_ALGORITHM, keys: url === undefined ? { file: resolve(file) } : { url } };
}

function tokenProblems(isSet: IsSet, demo: boolean): string[] {
  if (demo) {
    const set = TOKEN_VARIABLES.filter(isSet);
    return set.length === 0 ? [] : [`${set.join(', ')} cannot be used in demo mode, which has a key of its own: set TRIBUTARY_DEMO=0.`];
  }
  const problems = (['JWT_ISSUER', 'JWT_AUDIENCE'] as const)
    .filter((name) => !isSet(name))
    .map((name) => `${name} must be set outside demo mode: tokens are checked against it.`);
  if (isSet('JWT_JWKS_URL') === isSet('JWT_KEY_FILE')) {
    problems.push('Exactly one of JWT_JWKS_URL and JWT_KEY_FILE must be set outside demo mode: tokens need a key.');
  }
  return problems;
}

const DEFAULT_PASSWORDS = ['postgres', 'password', 'tributary', 'changeme', 'admin', 'secret', 'root'];

function databaseProblems(values: Values, isSet: IsSet, demo: boolean): string[] {
  const problems: string[] = [];
  if (isSet('APP_DATABASE_URL') && !isSet('DATABASE_URL')) {
    problems.push('APP_DATABASE_URL needs DATABASE_URL: the embedded database has its own logins.');
  }
  if (demo) return problems;
  for (const name of ['DATABASE_URL', 'APP_DATABASE_URL'] as const) {
    const url = values[name];
    if (url !== undefined && hasDefaultPassword(new URL(url))) {
      problems.push(`${name} has a default or short password on another machine: give that login a password of 8 characters or more.`);
    }
  }
  return problems;
}

const isThisMachine = ({ hostname }: URL): boolean =>
  ['', 'localhost', '[::1]'].includes(hostname) || (isIP(hostname) === 4 && hostname.startsWith('127.'));

/** A database of this machine may be as open as its owner likes; one across a network may not have a guessable password. */
function hasDefaultPassword(url: URL): boolean {
  const { username, password } = url;
  const isHere = isThisMachine(url);
  const plain = decodeURIComponent(password);
  return !isHere && plain !== '' && (plain.length < 8 || plain === username || DEFAULT_PASSWORDS.includes(plain));
}
