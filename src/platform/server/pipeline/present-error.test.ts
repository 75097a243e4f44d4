import { buildSchema, GraphQLError, parse, validate } from 'graphql';
import { presentError } from './present-error';

const schema = buildSchema(`
  enum Kind { MSISDN IMSI }
  input Thing { name: String!, count: Int, kind: Kind, inner: Thing }
  type Query { thing(thing: Thing, list: [Int!], flag: Boolean, id: ID, ratio: Float): String }
`);

/** What is told in demo mode of a document that does not parse or fit. */
function told(source: string): string[] {
  const show = (error: GraphQLError, code: string): string =>
    presentError(new GraphQLError(error.message, { extensions: { code } }), { requestId: null, showsSchema: true }).message;
  try {
    return validate(schema, parse(source)).map((error) => show(error, 'GRAPHQL_VALIDATION_FAILED'));
  } catch (error) {
    return [show(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')];
  }
}

test.each([
  ['{ thing(thing: { name: "n", kind: "SECRET" }) }', 'Enum "Kind" cannot represent non-enum value.'],
  ['{ thing(thing: { name: "n", kind: SECRET }) }', 'The value does not exist in "Kind" enum.'],
  ['{ thing(thing: { name: "n", kind: IMSY }) }', 'The value does not exist in "Kind" enum.'],
  ['{ thing(thing: { name: { a: "SECRET" } }) }', 'String cannot represent a non string value.'],
  ['{ thing(thing: "SECRET") }', 'Expected value of type "Thing".'],
  ['{ thing(thing: { count: 1 }) }', 'Field "Thing.name" of required type "String!" was not provided.'],
  ['{ thing(thing: { name: "n", count: "SECRET" }) }', 'Int cannot represent non-integer value.'],
  ['{ thing(list: [99999999999]) }', 'Int cannot represent non 32-bit signed integer value.'],
  ['{ thing(flag: "SECRET") }', 'Boolean cannot represent a non boolean value.'],
  ['{ thing(id: 4.111) }', 'ID cannot represent a non-string and non-integer value.'],
  ['{ thing(ratio: "SECRET value: Did you mean, found it") }', 'Float cannot represent non numeric value.'],
  ['{ thng }', 'Cannot query field "thng" on type "Query".'],
  ['{ thing(4111) }', 'The document is not GraphQL: Expected Name.'],
  ['{ thing } 4111', 'The document is not GraphQL: Unexpected Int.'],
  ['{ thing } SECRET', 'The document is not GraphQL: Unexpected Name.'],
  ['"SECRET" 4111 { thing }', 'The document is not GraphQL: Unexpected Int.'],
  ['"""SECRET""" SECRET', 'The document is not GraphQL: Unexpected description, only GraphQL definitions support descriptions.'],
  ['{ thing(id: ) }', 'The document is not GraphQL: Unexpected ")".'],
  ['{ thing } ?', 'The document is not GraphQL: Unexpected character.'],
  ['{ thing(id: "\\S") }', 'The document is not GraphQL: Invalid character escape sequence.'],
  ['{ thing(id: "\\uSECR") }', 'The document is not GraphQL: Invalid Unicode escape sequence.'],
  ['{ thing(id: 04111) }', 'The document is not GraphQL: Invalid number, unexpected digit after 0.'],
  ['{ thing(id: 4.S) }', 'The document is not GraphQL: Invalid number, expected digit but got.'],
  ['{ thing(id: "SECRET', 'The document is not GraphQL: Unterminated string.'],
])('%s', (source, message) => {
  expect(told(source)).toEqual([message]);
});
