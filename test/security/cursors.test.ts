import { getNamedType, GraphQLObjectType, isObjectType } from 'graphql';
import { buildApiSchema } from '../../src/schema';
import { identityOf, LiveApi, openLiveApi } from './live-api';
import { leaks } from './sweep/expectation';
import { OwnerName } from './sweep/scopes';
import { furnish, Owned } from './sweep/world';

/** A cursor is a place and no key: in other hands it opens nothing, on any connection of the schema. */
let api: LiveApi;
let world: Readonly<Record<OwnerName, Owned>>;
beforeAll(async () => {
  api = await openLiveApi();
  world = await furnish(api);
}, 120_000);
afterAll(() => api.close());

const schema = buildApiSchema();
const connectionsOf = (type: GraphQLObjectType): string[] => Object.values(type.getFields())
  .filter((field) => getNamedType(field.type).name.endsWith('Connection')).map(({ name }) => name);
const objectType = (name: string): GraphQLObjectType => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type.`);
  return type;
};

/** Where each type with connections is reached by an id, as text before and after the connection. */
const PLACES: Readonly<Record<string, readonly [keyof Owned, string, string]>> = {
  Query: ['customerId', '', ''],
  Customer: ['customerId', 'customer(id: $id) {', '}'],
  BillingAccount: ['accountId', 'billingAccount(id: $id) {', '}'],
  Product: ['productId', 'product(id: $id) {', '}'],
  Bucket: ['bucketId', 'node(id: $id) { ... on Bucket {', '} }'],
  CustomerBill: ['billId', 'customerBill(id: $id) {', '}'],
  AppliedCustomerBillingRate: ['billId', 'customerBill(id: $id) { lines { nodes {', '} } }'],
  BillPreview: ['accountId', 'billPreview(accountId: $id) {', '}'],
  SharingGroup: ['groupId', 'node(id: $id) { ... on SharingGroup {', '} }'],
  Partner: ['partnerId', 'partner(id: $id) {', '}'],
  SliceProduct: ['sliceId', 'sliceProduct(id: $id) {', '}'],
  RevenueShareStatement: ['statementId', 'statement(id: $id) {', '}'],
  RevenueShareLine: ['statementId', 'statement(id: $id) { lines { nodes {', '} } }'],
};

test('every type with a connection is asked', () => {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType).filter((type) => connectionsOf(type).length > 0);
  expect(types.map(({ name }) => name).sort()).toEqual(Object.keys(PLACES).sort());
});

interface Page {
  readonly pageInfo: { readonly endCursor: string | null };
}

const find = (value: unknown): Page | null => {
  if (typeof value !== 'object' || value === null) return null;
  return 'pageInfo' in value ? value as Page : Object.values(value).map(find).find((one) => one !== null) ?? null;
};

const all = Object.keys(PLACES).flatMap((type) => connectionsOf(objectType(type)).map((field) => [type, field] as const));
let taken = 0;

test.each(all)('%s.%s', async (type, field) => {
  const [id, before, after] = PLACES[type]!;
  const document = (own: string): string =>
    `query($after: Cursor${before ? ', $id: ID!' : ''}) { ${before} ${own}(first: 100, after: $after) { nodes { __typename } edges { cursor node { __typename ${own === 'auditLog' ? 'actor' : ''} } } pageInfo { endCursor } } ${after} }`;
  // The other tenant's cursor in every hand of this one, and the neighbour's within the tenant.
  for (const [giver, owner] of [['other-crm', 'zoe'], ['crm', 'bob'], ['admin', 'bob'], ['other-network', 'zoe'], ['finance', 'bob']] as const) {
    const cursor = find((await api.ask(giver, document(field), { id: world[owner][id], after: null })).data)?.pageInfo.endCursor;
    if (typeof cursor !== 'string') continue;
    taken += 1;
    for (const name of ['alice', 'crm', 'network', 'auditor', 'partner'] as const) {
      const told = await api.ask(name, document(field), { id: world.alice[id], after: cursor });
      expect(leaks(told, identityOf(name), world, null)).toEqual([]);
      expect(told.errors.map(({ extensions: { code } }) => code).filter((code) => !['BAD_USER_INPUT', 'FORBIDDEN'].includes(code))).toEqual([]);
    }
  }
});

/** Lists that belong to an object. Each is asked with the cursor of the same list of another object that the caller sees too. */
const OWNED = all.filter(([type]) => type !== 'Query');
let refused = 0;

test.each(OWNED)('a cursor of %s.%s is one of the object that gave it', async (type, field) => {
  const [id, before, after] = PLACES[type]!;
  const document = `query($after: Cursor, $id: ID!) { ${before} ${field}(first: 1, after: $after) { nodes { __typename } pageInfo { endCursor } } ${after} }`;
  const cursor = find((await api.ask('crm', document, { id: world.bob[id], after: null })).data)?.pageInfo.endCursor;
  if (typeof cursor !== 'string') return;
  refused += 1;
  expect(await api.ask('crm', document, { id: world.bob[id], after: cursor })).toMatchObject({ errors: [] });
  const told = await api.ask('crm', document, { id: world.alice[id], after: cursor });
  expect(told.errors).toMatchObject([{ message: 'The cursor is not one of this list.', extensions: { code: 'BAD_USER_INPUT' } }]);
});

test.each([['customers', 'other-crm', 'crm'], ['quarantinedUsages', 'other-network', 'network'], ['usageComparisons', 'other-network', 'finance'],
  ['sliceAreas', 'other-network', 'network'], ['sliceMaintenances', 'other-network', 'network'], ['slicePeriods', 'other-network', 'network'],
  ['unguidedSliceMeasurements', 'other-network', 'network']])(
  'a cursor of %s is one of the tenant that gave it', async (field, giver, other) => {
    const document = `query($after: Cursor) { ${field}(first: 1, after: $after) { pageInfo { endCursor } } }`;
    const cursor = find((await api.ask(giver, document)).data)?.pageInfo.endCursor;
    expect(await api.ask(giver, document, { after: cursor })).toMatchObject({ errors: [] });
    expect(await api.ask(other, document, { after: cursor })).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

test('there were cursors to try', () => {
  expect(taken).toBeGreaterThan(8);
  expect(refused).toBeGreaterThan(5);
});
