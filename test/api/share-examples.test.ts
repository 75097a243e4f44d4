import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { buildApiSchema } from '../../src/schema';

it('the examples of the revenue-share room fit the schema', () => {
  const document = parse(readFileSync(join(__dirname, '..', '..', 'src', 'revenue-share', 'examples.graphql'), 'utf8'));
  expect(validate(buildApiSchema(), document)).toEqual([]);
});
