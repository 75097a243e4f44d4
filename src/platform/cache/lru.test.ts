import { LruMap } from './lru';

it('keeps what is used, within its bound', () => {
  const map = new LruMap<number, string>(10);
  for (let key = 0; key < 1000; key++) {
    map.set(key, `${key}`);
    expect(map.get(0)).toBe('0');
    expect(map.size).toBeLessThanOrEqual(20);
  }
  expect(map.get(500)).toBeUndefined();
  for (let key = 991; key < 1000; key++) expect(map.get(key)).toBe(`${key}`);
});

it('forgets what is deleted, in either generation', () => {
  const map = new LruMap<number, string>(4);
  map.set(1, 'a');
  map.set(2, 'b');
  map.set(3, 'c');
  map.delete(1);
  map.delete(3);
  expect([map.get(1), map.get(2), map.get(3)]).toEqual([undefined, 'b', undefined]);
});
