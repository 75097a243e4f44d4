import { LiveApi, openLiveApi } from './live-api';
import { maskReader } from './masking';

/** In demo mode the schema is open, and nothing else is. */
let api: LiveApi;
beforeAll(async () => {
  api = await openLiveApi({ demo: true });
}, 120_000);
afterAll(() => api.close());

test('the schema is shown to everybody', async () => {
  const { data } = await api.ask('anonymous', '{ __schema { queryType { name } } __type(name: "Charge") { name } }');
  expect(data).toEqual({ __schema: { queryType: { name: 'Query' } }, __type: { name: 'Charge' } });
});

const DRAFT = 'mutation($input: TaxRateSetInput!) { taxRateSet(input: $input) { errors { code } } }';

test.each([
  ['a field', '{ viewr { name } }', {}], ['an argument', '{ node(idd: "x") { id } }', {}], ['a type', '{ node(id: "x") { ... on Chrge { id } } }', {}],
  ['a fragment', '{ ...viewr }', {}], ['a directive', '{ viewer @skp(if: true) { name } }', {}],
  ['an enum value', '{ customerByIdentifier(kind: MSISDNN, value: "x") { id } }', {}],
  ['a text for an enum value', '{ customerByIdentifier(kind: "SECRET4111", value: "x") { id } }', {}],
  ['an unknown enum value', '{ customerByIdentifier(kind: SECRET4111, value: "x") { id } }', {}],
  ['an object for a text', '{ customerByIdentifier(kind: IMSI, value: { a: "SECRET4111" }) { id } }', {}],
  ['a text for a number', '{ customers(first: "SECRET4111") { nodes { id } } }', {}],
  ['a stray name', '{ viewer { name } } SECRET4111', {}],
  ['an enum value in a variable', 'query($k: IdentifierKind!) { customerByIdentifier(kind: $k, value: "x") { id } }', { k: 'SECRET4111' }],
  ['an input field in a variable', DRAFT, { input: { taxClas: 'SECRET4111', taxClass: 'x', taxCode: 'y', rate: '0' } }],
  ['a scalar in a variable', DRAFT, { input: { taxClass: 'x', taxCode: 'y', rate: 'SECRET4111' } }],
  ['a literal', 'mutation { taxRateSet(input: { taxClass: "x", taxCode: "y", rate: "SECRET4111" }) { errors { code } } }', {}],
])('no suggestion and no value comes back: %s', async (_what, query, variables) => {
  const find = await maskReader(api.database.ownerPool);
  const told = await api.ask('crm', query, variables);
  expect(told.status).toBe(400);
  expect(told.text).not.toMatch(/did you mean|SECRET4111/i);
  expect(find([told.text])).toEqual([]);
});

test('roles hold as ever', async () => {
  expect((await api.ask('alice', '{ customers { nodes { id } } }')).errors[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await api.ask('anonymous', '{ viewer { id } }')).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
