import { isIPv6 } from 'node:net';

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

interface Count {
  failures: number;
  /** Monotonic ms. */
  readonly since: number;
}

export class FailureThrottle {
  private readonly counts = new Map<string, Count>();

  constructor(private readonly capacity: number, private readonly clock: () => number = () => performance.now()) {}

  /** Seconds to wait where this caller is stopped; 0 where its token may be checked. */
  stoppedSeconds(address: string, subject: string): number {
    const ends = keysOf(address, subject).map(([kind, key]) => {
      const count = this.live(key);
      return count !== undefined && count.failures >= STOP[kind] ? count.since + WINDOW_MS - this.clock() : 0;
    });
    return Math.ceil(Math.max(...ends) / 1000);
  }

  /** Counts one refusal and says after how many ms it is to be answered. */
  failed(address: string, subject: string): number {
    const failures = keysOf(address, subject).map(([, key]) => this.raise(key));
    const over = Math.max(...failures) - FREE;
    return over <= 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (over - 1), LONGEST_DELAY_MS);
  }

  get size(): number {
    return this.counts.size;
  }

  private live(key: string): Count | undefined {
    const count = this.counts.get(key);
    if (count === undefined || this.clock() - count.since < WINDOW_MS) return count;
    this.counts.delete(key);
    return undefined;
  }

  private raise(key: string): number {
    const count = this.live(key) ?? { failures: 0, since: this.clock() };
    count.failures += 1;
    this.counts.delete(key);
    if (this.counts.size >= this.capacity) {
      const oldest = this.counts.keys().next();
      if (!oldest.done) this.counts.delete(oldest.value);
    }
    this.counts.set(key, count);
    return count.failures;
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
