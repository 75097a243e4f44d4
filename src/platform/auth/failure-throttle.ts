import { isIPv6 } from 'node:net';
import { FailureCounts } from './failure-counts';

/**
 * Refused tokens per address and per (address, claimed subject). Under FREE failures in the window nothing happens;
 * from then on each further refusal is answered later than the one before; past STOP nothing is checked any more
 * until the window ends. The subject is counted only together with its address, so that nobody can lock out another.
 */
const WINDOW_MS = 15 * 60_000;
const FREE = 10;
const STOP = { address: 100, subject: 20 } as const;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;

type Kind = keyof typeof STOP;

export class FailureThrottle {
  private readonly counts: FailureCounts;

  constructor(capacity: number, clock?: () => number) {
    this.counts = new FailureCounts(WINDOW_MS, capacity, clock);
  }

  /** Seconds to wait where this caller is stopped; 0 where its token may be checked. */
  stoppedSeconds(address: string, subject: string): number {
    return Math.max(...keysOf(address, subject).map(([kind, key]) => (this.counts.of(key) >= STOP[kind] ? this.counts.secondsLeft(key) : 0)));
  }

  /** Counts one refusal and says after how many ms it is to be answered. */
  failed(address: string, subject: string): number {
    const failures = keysOf(address, subject).map(([, key]) => this.counts.raise(key));
    const over = Math.max(...failures) - FREE;
    return over <= 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (over - 1), LONGEST_DELAY_MS);
  }

  get size(): number {
    return this.counts.size;
  }
}

function keysOf(address: string, subject: string): [Kind, string][] {
  const network = networkOf(address);
  return [['address', network], ['subject', `${network} ${subject.slice(0, 200)}`]];
}

/** An IPv6 customer owns a /64, so its addresses count as one; an IPv4 address in IPv6 clothing counts as itself. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.replace(/%.*$/, '').split('::');
  const groups = head.split(':').filter((group) => group !== '');
  if (tail !== undefined) {
    const rest = tail.split(':').filter((group) => group !== '');
    while (groups.length + rest.length < 8) groups.push('0');
    groups.push(...rest);
  }
  return groups.slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':');
}
