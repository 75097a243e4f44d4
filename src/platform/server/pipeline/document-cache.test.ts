import { createHash } from 'node:crypto';
import { parse } from 'graphql';
import { DocumentCache } from './document-cache';

const document = parse('{ a }');
const key = (source: string): string => `schema:${createHash('sha256').update(source).digest('hex')}`;

test('the HTTP server finds by hash what the pipeline added by source', async () => {
  const cache = new DocumentCache();
  cache.add('{ a }', document);
  expect(cache.find('{ a }')).toBe(document);
  expect(await cache.get(key('{ a }'))).toBe(document);
  expect(await cache.get(key('{ b }'))).toBeUndefined();
});

test.each([
  ['number', new DocumentCache(2, 1_000)],
  ['length', new DocumentCache(100, 11)],
])('the least recently used goes first, by %s, from both sides', async (_bound, cache) => {
  cache.add('{ a }', document);
  cache.add('{ b }', document);
  cache.find('{ a }');
  cache.add('{ c }', document);
  expect(['{ a }', '{ b }', '{ c }'].map((source) => cache.find(source) !== undefined)).toEqual([true, false, true]);
  expect(await cache.get(key('{ b }'))).toBeUndefined();
});
