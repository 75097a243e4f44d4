import { isIP } from 'node:net';
import { bool, customCleanEnv, makeValidator } from 'envalid';

const INTEGER = /^\d{1,9}$/;

const integer = (from: number, to: number) => makeValidator<number>((text) => {
  const value = INTEGER.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (!(value >= from && value <= to)) throw new TypeError('out of range');
  return value;
});

const pattern = (form: RegExp) => makeValidator<string>((text) => {
  if (!form.test(text)) throw new TypeError('wrong form');
  return text;
});

const address = (...protocols: string[]) => makeValidator<string>((text) => {
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) throw new TypeError('wrong protocol');
  return text;
});

const origins = makeValidator<readonly string[]>((text) => text.split(',').map((part) => {
  const origin = part.trim();
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) throw new TypeError('not an origin');
  return origin;
}));

const addresses = makeValidator<readonly string[]>((text) => text.split(',').map((part) => {
  if (isIP(part.trim()) === 0) throw new TypeError('not an address');
  return part.trim();
}));

const secrets = makeValidator<readonly string[]>((text) => {
  const keys = text.split(',').map((part) => part.trim());
  if (keys.length > 2 || keys.some((key) => !/^[\x21-\x7e]{32,}$/.test(key))) throw new TypeError('too short');
  return keys;
});

const oneOf = makeValidator<string>((text) => text);

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];
/** Asymmetric only: a shared secret would let every checker of tokens also make them. */
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'];
const POSTGRES = address('postgres:', 'postgresql:');
const POSTGRES_FORM = 'an address like postgres://user:password@host:5432/database';
const ORIGINS_FORM = 'a comma-separated list of origins like https://care.example.com';

/** Every variable the product reads: `desc` is its line in the documentation, `example` completes "must be …". */
export const VARIABLES = {
  HOST: pattern(/^[\w.:-]+$/)({
    default: '127.0.0.1', example: 'a host name or address', desc: 'Address to listen on; `0.0.0.0` serves other machines.',
  }),
  PORT: integer(0, 65535)({
    default: 4000, example: 'a whole number from 0 to 65535', desc: 'Port of HTTP and websocket; 0 takes a free one.',
  }),
  DATABASE_URL: POSTGRES({
    default: undefined, example: POSTGRES_FORM,
    desc: 'Owner of the database (PostgreSQL 15 or newer), used for migrations. Unset: the embedded PostgreSQL.',
  }),
  APP_DATABASE_URL: POSTGRES({
    default: undefined, example: POSTGRES_FORM,
    desc: 'Login that the running product uses. Unset: DATABASE_URL with `set role tributary_app`.',
  }),
  DATA_DIR: pattern(/\S/)({
    default: 'data', example: 'a folder', desc: 'Folder of the embedded database and the demo key, from the project root.',
  }),
  TRIBUTARY_DEMO: bool({
    default: undefined, example: '1 or 0',
    desc: 'Seeds, demo identities, demo key, introspection. Unset: on with the embedded database, off with DATABASE_URL.',
  }),
  TRIBUTARY_TEST: bool({
    default: false, example: '1 or 0',
    desc: 'For tests of the product: a database whose name begins with `test_` may then run without fsync.',
  }),
  JWT_ISSUER: pattern(/\S/)({
    default: undefined, example: 'the `iss` of your tokens', desc: 'Issuer that tokens must name. Required outside demo mode.',
  }),
  JWT_AUDIENCE: pattern(/\S/)({
    default: undefined, example: 'the `aud` of your tokens',
    desc: 'Audience that tokens must name. Required outside demo mode.',
  }),
  JWT_JWKS_URL: address('https:', 'http:')({
    default: undefined, example: 'an address like https://login.example.com/jwks.json',
    desc: 'Where the issuer publishes its keys. Outside demo mode this or JWT_KEY_FILE is required.',
  }),
  JWT_KEY_FILE: pattern(/\S/)({
    default: undefined, example: 'the path of a key file', desc: 'Public key (JWK, JWK set or PEM) in a file, read again when it changes.',
  }),
  JWT_ALGORITHM: oneOf({
    default: 'ES256', choices: ALGORITHMS, example: `one of ${ALGORITHMS.join(', ')}`, desc: 'The only signature algorithm accepted.',
  }),
  CORS_ORIGINS: origins({
    default: [], example: ORIGINS_FORM, desc: 'Browser origins that may call over HTTP, besides the server itself.',
  }),
  SOCKET_ORIGINS: origins({
    default: [], example: ORIGINS_FORM, desc: 'Browser origins that may open websockets, besides the server itself.',
  }),
  TRUSTED_PROXIES: addresses({
    default: [], example: 'a comma-separated list of addresses like 10.0.0.7',
    desc: 'Proxies whose X-Forwarded-For is believed; without, the address that connects is the caller\'s.',
  }),
  LOG_LEVEL: oneOf({
    default: 'info', choices: LOG_LEVELS, example: `one of ${LOG_LEVELS.join(', ')}`, desc: 'Least severity that is logged.',
  }),
  COLD_CONNECTIONS: integer(1, 100)({
    default: 4, example: 'a whole number from 1 to 100', desc: 'Database connections for everything but charging.',
  }),
  CHARGING_LANES: integer(1, 32)({
    default: 2, example: 'a whole number from 1 to 32', desc: 'Charging batches at once, each with a connection of its own.',
  }),
  BATCH_MAX: integer(1, 1000)({
    default: 500, example: 'a whole number from 1 to 1000', desc: 'Requests in one charging batch at most.',
  }),
  QUEUE_MAX: integer(1, 1_000_000)({
    default: 10_000, example: 'a whole number from 1 to 1000000', desc: 'Requests waiting for a batch; more are answered OVERLOADED.',
  }),
  REQUEST_DEADLINE_MS: integer(100, 60_000)({
    default: 10_000, example: 'a whole number from 100 to 60000', desc: 'Time for one request, in milliseconds.',
  }),
  ORDER_NETWORK_URL: address('https:', 'http:')({
    default: undefined, example: 'an address like https://network.example.com/orders',
    desc: 'Where order items are sent to be fulfilled; http only on this machine. Unset: a simulated network.',
  }),
  ORDER_NETWORK_SECRETS: secrets({
    default: [], example: 'one or two secrets of 32 characters or more, separated by a comma',
    desc: 'Keys that sign what is sent to ORDER_NETWORK_URL; two while they are changed.',
  }),
  ORDER_SIMULATED_DELAY_MS: integer(0, 86_400_000)({
    default: 0, example: 'a whole number from 0 to 86400000', desc: 'Milliseconds after which the simulated network reports; 0 answers at once.',
  }),
  ORDER_SIMULATED_FAILURES: integer(0, 1000)({
    default: 0, example: 'a whole number from 0 to 1000', desc: 'How many of 1,000 items the simulated network fails.',
  }),
  ORDER_SIMULATED_DUPLICATES: integer(0, 10)({
    default: 0, example: 'a whole number from 0 to 10', desc: 'How often the simulated network repeats each report.',
  }),
  ORDER_WORKERS: integer(1, 32)({
    default: 16, example: 'a whole number from 1 to 32', desc: 'Orders worked on at once; they spend most of their time waiting for the disk.',
  }),
  SOCKETS_PER_CALLER: integer(1, 100_000)({
    default: 5, example: 'a whole number from 1 to 100000', desc: 'Open websockets of one caller.',
  }),
  SOCKETS_WAITING: integer(1, 20_000)({
    default: 100, example: 'a whole number from 1 to 20000', desc: 'Open websockets of one address (IPv6: of one /64) that have not sent a token yet.',
  }),
  OPERATIONS_PER_SOCKET: integer(1, 1000)({
    default: 20, example: 'a whole number from 1 to 1000', desc: 'Subscriptions at once on one websocket.',
  }),
};

export type Variable = keyof typeof VARIABLES;

/** Variables whose values hold a password: complaints never repeat them. */
const SECRET: readonly Variable[] = ['DATABASE_URL', 'APP_DATABASE_URL', 'ORDER_NETWORK_SECRETS'];

/** The parsed variables, which of them are set, and one sentence for each that does not fit. Empty counts as unset. */
export function readVariables(env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const problems: string[] = [];
  const values = customCleanEnv(given, VARIABLES, (parsed) => parsed, {
    reporter: ({ errors }) => {
      for (const name of Object.keys(errors) as Variable[]) problems.push(complaint(name, given[name]));
    },
  });
  const isSet = (name: Variable): boolean => given[name] !== undefined;
  return { values: values as Readonly<typeof values>, isSet, problems };
}

function complaint(name: Variable, value: string | undefined): string {
  const told = SECRET.includes(name) ? '' : `; "${value}" is not`;
  return `${name} must be ${VARIABLES[name].example}${told}.`;
}
