import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, validate } from 'graphql';
import { buildApiSchema } from '../../src/schema';

const EXAMPLES = join(__dirname, '..', '..', 'src', 'balance', 'examples.graphql');

const schema = buildApiSchema();

/** Each operation is checked alone, because that is how it is pasted. */
const operations = parse(readFileSync(EXAMPLES, 'utf8')).definitions.flatMap((definition) =>
  (definition.kind === Kind.OPERATION_DEFINITION ? [[definition.name?.value ?? '', definition] as const] : []));

test.each(operations)('the example %s fits the schema', (_name, operation) => {
  expect(validate(schema, { kind: Kind.DOCUMENT, definitions: [operation] })).toEqual([]);
});
