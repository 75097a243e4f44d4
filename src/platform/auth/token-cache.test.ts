import { ANONYMOUS_CALLER, Caller } from './caller';
import { TokenCache } from './token-cache';

const caller = (subject: string): Caller => ({ ...ANONYMOUS_CALLER, subject });

describe('the cache of verified tokens', () => {
  it('gives back what was put in until its time', () => {
    const cache = new TokenCache(10);
    const alice = caller('alice');
    cache.set('token', alice, 1_000);
    expect(cache.get('token', 999)).toBe(alice);
    expect(cache.get('other', 999)).toBeNull();
    expect(cache.get('token', 1_000)).toBeNull();
    expect(cache.size).toBe(0);
  });

  it('is bounded, and the longest unused goes first', () => {
    const cache = new TokenCache(3);
    for (const name of ['a', 'b', 'c']) cache.set(name, caller(name), 1_000);
    cache.get('a', 0);
    cache.set('d', caller('d'), 1_000);
    expect(cache.size).toBe(3);
    expect(['a', 'b', 'c', 'd'].filter((name) => cache.get(name, 0) !== null)).toEqual(['a', 'c', 'd']);
  });

  it('forgets no other token where one is put in again', () => {
    const cache = new TokenCache(2);
    cache.set('a', caller('a'), 1_000);
    cache.set('b', caller('b'), 1_000);
    cache.set('b', caller('b'), 2_000);
    expect(cache.get('a', 0)).not.toBeNull();
    expect(cache.get('b', 1_500)).not.toBeNull();
  });
});
