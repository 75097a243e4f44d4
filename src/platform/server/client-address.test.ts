import type { IncomingMessage } from 'node:http';
import { clientAddress } from './client-address';

const from = (remoteAddress: string, forwarded?: string | string[]): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

test.each([
  ['no proxy is trusted', '203.0.113.9', '198.51.100.1', [], '203.0.113.9'],
  ['the peer is no trusted proxy', '203.0.113.9', '198.51.100.1', ['10.0.0.1'], '203.0.113.9'],
  ['one trusted proxy', '10.0.0.1', '198.51.100.1', ['10.0.0.1'], '198.51.100.1'],
  ['two trusted proxies', '10.0.0.1', '198.51.100.1, 10.0.0.2', ['10.0.0.1', '10.0.0.2'], '198.51.100.1'],
  ['the client wrote a header itself', '10.0.0.1', '192.0.2.66, 198.51.100.1', ['10.0.0.1'], '198.51.100.1'],
  ['IPv4 over IPv6', '::ffff:10.0.0.1', '::ffff:198.51.100.1', ['10.0.0.1'], '198.51.100.1'],
  ['an IPv6 client', '10.0.0.1', '2001:db8::7', ['10.0.0.1'], '2001:db8::7'],
  ['nonsense in the header', '10.0.0.1', 'localhost; drop', ['10.0.0.1'], '10.0.0.1'],
  ['no header', '10.0.0.1', undefined, ['10.0.0.1'], '10.0.0.1'],
])('%s', (_what, peer, forwarded, trusted, address) => {
  expect(clientAddress(from(peer, forwarded), new Set(trusted))).toBe(address);
});
