import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The client's own address. Behind proxies it is the last address of X-Forwarded-For that is none of ours; without
 * trusted proxies the header is not looked at, because anybody can write it.
 */
export function clientAddress(request: IncomingMessage, trusted: ReadonlySet<string>): string {
  const peer = plain(request.socket.remoteAddress ?? '');
  if (!trusted.has(peer)) return peer;
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : header ?? '').split(',').map((hop) => plain(hop.trim()));
  const nearest = hops.reverse().find((hop) => !trusted.has(hop));
  return nearest !== undefined && isIP(nearest) !== 0 ? nearest : peer;
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
