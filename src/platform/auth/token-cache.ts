import { hash } from 'node:crypto';
import type { Caller } from './caller';

interface Entry {
  readonly caller: Caller;
  /** Epoch ms. */
  readonly until: number;
}

/**
 * Callers of tokens that were verified lately, because verifying costs more than a whole request (ES256: 175 us).
 * Keyed by the token's SHA-256, so that no usable token lies in memory; bounded, the longest unused goes first.
 */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly capacity: number) {}

  get(token: string, now: number): Caller | null {
    const key = digest(token);
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    this.entries.delete(key);
    if (entry.until <= now) return null;
    this.entries.set(key, entry);
    return entry.caller;
  }

  set(token: string, caller: Caller, until: number): void {
    const key = digest(token);
    this.entries.delete(key);
    if (this.entries.size >= this.capacity) {
      const oldest = this.entries.keys().next();
      if (!oldest.done) this.entries.delete(oldest.value);
    }
    this.entries.set(key, { caller, until });
  }

  get size(): number {
    return this.entries.size;
  }
}

const digest = (token: string): string => hash('sha256', token, 'base64');
