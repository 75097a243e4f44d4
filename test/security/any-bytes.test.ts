import { request } from 'node:http';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { RawSocket } from '../api/server.fixture';
import { isRequestErrorCode } from '../../src/platform/graphql';
import { LiveApi, openLiveApi } from './live-api';

/** Whatever comes over the wire, a coded error goes back and the server lives on. */
let api: LiveApi;
beforeAll(async () => {
  api = await openLiveApi({ server: { socketsPerCaller: 10_000 } });
}, 120_000);
afterAll(() => api.close());
afterEach(async () => {
  expect(await api.ask('alice', '{ viewer { name } }')).toMatchObject({ status: 200, errors: [] });
});

interface Raw {
  readonly status: number;
  readonly text: string;
}

/** Sends bytes as a body, past every check that a client library makes. */
function sendBytes(bytes: Uint8Array, headers: Record<string, string>): Promise<Raw> {
  const { port } = api.server;
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: '/graphql', method: 'POST', headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
    });
    call.on('error', reject);
    call.end(bytes);
  });
}

const isCoded = ({ status, text }: Raw): boolean => {
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: { extensions?: { code?: unknown; requestId?: unknown } }[] };
  if (status < 400) return data !== undefined;
  return status < 500 && errors !== undefined && errors.length > 0
    && errors.every(({ extensions }) => isRequestErrorCode(extensions?.code) && typeof extensions?.requestId === 'string');
};

const signedIn = (): Record<string, string> => ({ 'content-type': 'application/json', authorization: `Bearer ${api.tokenOf('crm') ?? ''}` });

test('any bytes as a body', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => isCoded(await sendBytes(bytes, signedIn()))), { numRuns: 250 });
}, 60_000);

/** Texts that are nearly right reach further in than noise does. */
const words = fc.constantFrom('{', '}', '(', ')', ':', '!', '$a', '...', '@skip(if: true)', 'query', 'mutation', 'subscription', 'fragment f on Query', 'viewer', 'name',
  '__typename', '__schema', 'node(id: "x")', '"\u0000"', '"""', '#', '\\', '\ud800', '1e999', '-0', 'null', 'customers(first: 5, after: "x") { nodes { id } }');
const documents = fc.array(words, { maxLength: 30 }).map((parts) => parts.join(' '));
const bodies = fc.record({
  query: fc.oneof(documents, fc.string({ unit: 'binary' }), fc.jsonValue()), variables: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
  operationName: fc.jsonValue(), extensions: fc.jsonValue(),
}, { requiredKeys: [] });

test('any JSON as a body', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof({ weight: 5, arbitrary: bodies }, { weight: 1, arbitrary: fc.jsonValue() }), async (body) =>
    isCoded(await sendBytes(Buffer.from(JSON.stringify(body)), signedIn()))), { numRuns: 400 });
}, 60_000);

test('any headers of a body', async () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))), maxLength: 60 }).map((one) => one.trim());
  const headers = fc.record({ 'content-type': fc.oneof(text, fc.constant('application/json')), accept: text, 'x-request-id': text, authorization: text, origin: text, 'x-forwarded-for': text }, { requiredKeys: [] });
  await fc.assert(fc.asyncProperty(headers, async (wanted) => {
    const raw = await sendBytes(Buffer.from('{"query":"{ __typename }"}'), wanted as Record<string, string>);
    return isCoded(raw);
  }), { numRuns: 200 });
}, 120_000);

test('an answer that was asked for in another media type is given all the same', async () => {
  const body = JSON.stringify({ query: 'mutation { individualCreate(input: { familyName: "Odd Accept" }) { individual { name } } }' });
  for (const accept of ['text/plain', 'o', 'application/json;q=0', 'image/*;q=0.5', 'multipart/mixed; deferSpec=20220824']) {
    const raw = await sendBytes(Buffer.from(body), { ...signedIn(), accept });
    expect(raw.status).toBe(200);
    expect(raw.text).toContain('{"data":{"individualCreate":{"individual":{"name":"Odd Accept"}}}');
  }
});

test('any id and any text where an id or a text belongs', async () => {
  const document = 'query($id: ID!, $value: String!) { node(id: $id) { id } product(id: $id) { id } charge(id: $id) { id } customerByIdentifier(kind: SIP_URI, value: $value) { id } }';
  const ids = fc.oneof(fc.string({ unit: 'binary' }), fc.string().map((inside) => Buffer.from(inside).toString('base64url')),
    fc.tuple(fc.constantFrom('Charge', 'Usage', 'Bucket', 'Product', 'QuarantinedUsage', 'BillingAccount', 'ProductOffering'), fc.array(fc.oneof(fc.bigInt().map(String), fc.string()), { maxLength: 4 }))
      .map(([type, parts]) => Buffer.from([type, ...parts].join(':')).toString('base64url')));
  await fc.assert(fc.asyncProperty(ids, fc.string({ unit: 'binary' }), async (id, value) => {
    const raw = await sendBytes(Buffer.from(JSON.stringify({ query: document, variables: { id, value } })), signedIn());
    return isCoded(raw) && !raw.text.includes('"INTERNAL"');
  }), { numRuns: 400 });
}, 60_000);

test('any cursor where a cursor belongs', async () => {
  const document = `query($after: Cursor) { customers(after: $after) { nodes { id } } quarantinedUsages(after: $after) { nodes { id } } productOfferings(after: $after) { nodes { id } } }`;
  const scopes = fc.constantFrom('~customers:1', '~quarantine:1', '~productOffering:1', '~quarantine', '~product', 'x');
  const cursors = fc.tuple(scopes, fc.array(fc.oneof(fc.bigInt().map(String), fc.string({ unit: 'binary' }).map(encodeURIComponent)), { maxLength: 5 }))
    .map(([scope, parts]) => Buffer.from([scope, ...parts].join(':')).toString('base64url'));
  await fc.assert(fc.asyncProperty(fc.oneof(cursors, fc.string()), async (after) => {
    const raw = await sendBytes(Buffer.from(JSON.stringify({ query: document, variables: { after } })), signedIn());
    return isCoded(raw) && !raw.text.includes('"INTERNAL"');
  }), { numRuns: 300 });
}, 60_000);

/** Opens a socket, sends frames and waits until it was closed or said something; how it ended. */
async function frames(sent: readonly (string | Uint8Array)[], isSignedIn: boolean): Promise<{ code: number | undefined; said: readonly unknown[] }> {
  const raw = isSignedIn ? await api.socket('alice') : await RawSocket.open(api.server);
  for (const frame of sent) if (raw.socket.readyState === WebSocket.OPEN) raw.socket.send(frame);
  await Promise.race([raw.closed, new Promise((resolve) => { setTimeout(resolve, 40); })]);
  raw.close();
  return { code: raw.closeCode, said: raw.messages };
}

const CODES = [undefined, 1000, 1003, 1006, 1007, 1009, 1013, 4400, 4401, 4403, 4408, 4409, 4429];
const messages = fc.record({
  type: fc.oneof(fc.constantFrom('subscribe', 'connection_init', 'complete', 'ping', 'pong', 'next', 'error'), fc.jsonValue()), id: fc.oneof(fc.string(), fc.jsonValue()),
  payload: fc.oneof(bodies, fc.jsonValue()),
}, { requiredKeys: [] });

test.each([[true], [false]])('any frames on a websocket, signed in: %s', async (isSignedIn) => {
  const frame = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), messages.map((message) => JSON.stringify(message)));
  await fc.assert(fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 4 }), async (sent) => {
    const { code, said } = await frames(sent, isSignedIn);
    const codes = [...JSON.stringify(said).matchAll(/"code":"([^"]*)"/g)].map(([, one]) => one);
    return CODES.includes(code) && codes.every(isRequestErrorCode) && !codes.includes('INTERNAL');
  }), { numRuns: 100 });
  expect(api.logLines.filter((line) => line.includes('"level":50')).map((line) => line.slice(0, 300))).toEqual([]);
}, 60_000);
