import { connect } from 'node:net';
import { isRequestErrorCode } from '../../src/platform/graphql';
import { startTestServer, TestServer } from './server.fixture';

/** What comes over the wire before there is a request, or that never becomes one. */
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ requestDeadlineMs: 300 });
});
afterAll(() => server.stop());

interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly text: string;
}

/** Sends bytes on a bare connection and reads until the server ends it. */
function talk(bytes: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.on('close', () => {
      const [headers = '', text = ''] = Buffer.concat(parts).toString().split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(headers)?.[1]), headers, text });
    });
  });
}

const LINES = 'Host: x\r\nConnection: close\r\nX-Request-Id: mine-0001\r\n';
const post = (headers: string, body: string): string => `POST /graphql HTTP/1.1\r\n${LINES}Content-Type: application/json\r\n${headers}\r\n${body}`;
const upgrade = (path: string, headers: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Request-Id: mine-0001\r\n${headers}\r\n`;
const KEYS = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';

const INSIDE = /FST_|HPE_|ERR_|"error"|statusCode|Client Error|Sec-WebSocket|Missing or|llhttp|Parse Error|SECRET|%ZZ/;

test.each([
  ['an address that is none', `GET /%ZZ HTTP/1.1\r\n${LINES}\r\n`, 400, 'BAD_REQUEST', true],
  ['an address that is none, below ours', `GET /graphql/%ZZSECRET HTTP/1.1\r\n${LINES}\r\n`, 400, 'BAD_REQUEST', true],
  ['an unknown address', `GET /SECRET HTTP/1.1\r\n${LINES}\r\n`, 404, 'NOT_FOUND', true],
  ['a known method that nothing takes', `PROPFIND /graphql HTTP/1.1\r\n${LINES}\r\n`, 404, 'NOT_FOUND', true],
  ['a line that is none', 'SECRET\r\n\r\n', 400, 'BAD_REQUEST', false],
  ['an unknown method', `SECRET /graphql HTTP/1.1\r\n${LINES}\r\n`, 400, 'BAD_REQUEST', false],
  ['a header that is none', `GET /graphql HTTP/1.1\r\nHost: x\r\nSECRET\x01: x\r\n\r\n`, 400, 'BAD_REQUEST', false],
  ['headers of 20 kB', `GET /graphql HTTP/1.1\r\n${LINES}SECRET: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'BAD_REQUEST', false],
  ['two lengths', post('Content-Length: 5\r\nContent-Length: 6\r\n', '{}'), 400, 'BAD_REQUEST', false],
  ['a chunk that is none', post('Transfer-Encoding: chunked\r\n', 'SECRET\r\n{}\r\n'), 400, 'BAD_REQUEST', false],
  ['an upgrade elsewhere', upgrade('/SECRET', KEYS), 404, 'NOT_FOUND', true],
  ['an upgrade from a foreign origin', upgrade('/graphql', `${KEYS}Origin: https://evil.example\r\n`), 403, 'FORBIDDEN', true],
  ['an upgrade without its key', upgrade('/graphql', 'Sec-WebSocket-Version: 13\r\n'), 400, 'BAD_REQUEST', true],
  ['an upgrade of another version', upgrade('/graphql', KEYS.replace('13', '7')), 400, 'BAD_REQUEST', true],
  ['an upgrade with protocols that are none', upgrade('/graphql', `${KEYS}Sec-WebSocket-Protocol: ,SECRET\r\n`), 400, 'BAD_REQUEST', true],
])('%s is told by a documented code and nothing of the inside', async (_what, bytes, status, code, isNamed) => {
  const { headers, text, ...answer } = await talk(bytes);
  expect(answer).toEqual({ status });
  expect(text).not.toMatch(INSIDE);
  const { errors } = JSON.parse(text) as { errors: { message: string; extensions: { code: string; requestId: string } }[] };
  expect(errors).toEqual([{ message: expect.any(String), extensions: { code, requestId: expect.any(String) } }]);
  expect(isRequestErrorCode(code)).toBe(true);
  expect(headers.toLowerCase()).toContain(`x-request-id: ${errors[0]!.extensions.requestId}`);
  if (isNamed) expect(errors[0]!.extensions.requestId).toBe('mine-0001');
});

test('the server lives on', async () => {
  expect((await talk(`GET /health/live HTTP/1.1\r\n${LINES}\r\n`)).status).toBe(200);
});
