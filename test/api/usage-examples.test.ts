import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { buildApiSchema } from '../../src/schema';

test('the room\'s examples fit the schema', () => {
  const document = parse(readFileSync(join(__dirname, '..', '..', 'src', 'usage', 'examples.graphql'), 'utf8'));
  expect(validate(buildApiSchema(), document)).toEqual([]);
  expect(document.definitions).toHaveLength(6);
});
