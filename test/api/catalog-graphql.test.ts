import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphql, GraphQLSchema } from 'graphql';
import { CatalogMutations, OfferingResolver } from '../../src/catalog';
import type { RequestContext } from '../../src/context';
import { ANONYMOUS_CALLER, Caller, Role } from '../../src/platform/auth/caller';
import { buildHouseSchema, NodeResolver } from '../../src/platform/graphql';
import { createTenantServices } from '../../src/tenant/services';
import { CatalogBench, manager, offering, openCatalogBench } from './catalog-support';

type Answer = Record<string, unknown>;

const callerOf = (role: Role, tenantId = 1): Caller =>
  (role === 'ANONYMOUS' ? ANONYMOUS_CALLER : { ...ANONYMOUS_CALLER, role, tenantId, subject: `${role.toLowerCase()}-${tenantId}` });

const PRICE = `{ code: "calls", name: "Calls", currency: "EUR", taxClass: "standard", taxIncluded: true, revenueAccount: "voice",
  recognition: AT_POINT, usage: { usageKind: VOICE, unit: SECOND, per: "60", timeZone: "Europe/Dublin",
    conditions: [{ attribute: "direction", in: ["OUTGOING"] }],
    rates: [{ zone: "All", prefixes: ["*"], steps: [{ amount: "0.20", increment: "60" }],
      windows: [{ name: "Night", from: "22:00", until: "06:00", steps: [{ amount: "0.05", increment: "1" }] }] }] } }`;

const draftOf = (code: string, price = PRICE): string => `mutation { productOfferingDraft(input: {
  code: "${code}", name: "A ${code}", description: "Calls.", paymentModes: [PREPAID], periodKind: NONE, prices: [${price}] }) {
    offering { id code version state validFor { from } } errors { code message path } } }`;

describe('catalog over GraphQL', () => {
  let bench: CatalogBench;
  let schema: GraphQLSchema;

  beforeAll(async () => {
    bench = await openCatalogBench();
    schema = buildHouseSchema([NodeResolver, OfferingResolver, CatalogMutations]);
    await bench.catalog.draft(manager, offering({ code: 'sold' }));
    await bench.catalog.launch(manager, { code: 'sold', version: null, validFrom: null });
    await bench.catalog.draft(manager, offering({ code: 'sold', name: 'Coming' }));
  });

  afterAll(() => bench.close());

  async function run(caller: Caller, source: string, operationName?: string): Promise<{ data: Answer; codes: unknown[] }> {
    const memo = new Map<string, unknown>();
    const pool = bench.database.appPool;
    const services = { pool, data: bench.data, catalog: bench.catalog, ...createTenantServices(pool, bench.data) };
    const contextValue = {
      caller, requestId: 'test', services,
      loader: <T>(key: string, build: () => T): T => {
        if (!memo.has(key)) memo.set(key, build());
        return memo.get(key) as T;
      },
    } as unknown as RequestContext;
    const { data, errors } = await graphql({ schema, source, contextValue, operationName });
    return { data: (data ?? {}) as Answer, codes: (errors ?? []).map(({ extensions, message }) => extensions.code ?? message) };
  }

  it('takes a draft as typed inputs and shows it again', async () => {
    const drafted = await run(callerOf('CATALOG_MANAGER'), draftOf('typed'));
    expect(drafted).toMatchObject({ codes: [], data: { productOfferingDraft: { errors: [], offering: { version: 1, state: 'IN_DESIGN', validFor: null } } } });
    const { data } = await run(callerOf('CATALOG_MANAGER'), `{ productOffering(code: "typed") {
      prices { code priceType amount { amount } unit per taxIncluded usage { usageKind conditions { attribute in } rounding { digits mode } freeUnits tiers { upTo }
        rates { zone prefixes connectFee steps { from amount increment } windows { name from until weekdays steps { amount } } } } } allowances { code } } }`);
    expect(data.productOffering).toEqual({
      allowances: [],
      prices: [{ code: 'calls', priceType: 'USAGE', amount: null, unit: 'SECOND', per: '60', taxIncluded: true, usage: {
        usageKind: 'VOICE', conditions: [{ attribute: 'direction', in: ['OUTGOING'] }], rounding: { digits: 6, mode: 'HALF_UP' }, freeUnits: '0', tiers: [],
        rates: [{ zone: 'All', prefixes: ['*'], connectFee: '0', steps: [{ from: '0', amount: '0.20', increment: '60' }],
          windows: [{ name: 'Night', from: '22:00', until: '06:00', weekdays: [], steps: [{ amount: '0.05' }] }] }],
      } }],
    });
  });

  it('tells every problem of a draft with its path', async () => {
    const wrong = PRICE.replace('"Europe/Dublin"', '"Nowhere"').replace('increment: "60"', 'increment: "0"');
    const { data } = await run(callerOf('CATALOG_MANAGER'), draftOf('wrong', wrong));
    expect(data.productOfferingDraft).toMatchObject({ offering: null, errors: [
      { code: 'INVALID_INPUT', path: ['prices', '0', 'usage', 'timeZone'] },
      { code: 'INVALID_INPUT', path: ['prices', '0', 'usage', 'rates', '0', 'steps', '0', 'increment'] },
    ] });
  });

  it('launches and retires', async () => {
    await run(callerOf('CATALOG_MANAGER'), draftOf('life'));
    const launched = await run(callerOf('CATALOG_MANAGER'),
      'mutation { productOfferingLaunch(input: { code: "life" }) { offering { state validFor { until } } errors { code } } }');
    expect(launched.data.productOfferingLaunch).toEqual({ offering: { state: 'LAUNCHED', validFor: { until: null } }, errors: [] });
    const retired = await run(callerOf('CATALOG_MANAGER'),
      'mutation { productOfferingRetire(input: { code: "life" }) { offering { state } errors { code } } }');
    expect(retired.data.productOfferingRetire).toEqual({ offering: { state: 'RETIRED' }, errors: [] });
    const again = await run(callerOf('CATALOG_MANAGER'),
      'mutation { productOfferingRetire(input: { code: "life" }) { offering { state } errors { code path } } }');
    expect(again.data.productOfferingRetire).toEqual({ offering: null, errors: [{ code: 'CONFLICT', path: ['code'] }] });
  });

  it.each<[Role, string, string]>([
    ['CATALOG_MANAGER', 'Draft', 'productOfferingDraft'], ['CATALOG_MANAGER', 'Launch', 'productOfferingLaunch'],
    ['SUBSCRIBER', 'Shop', 'productOfferings'], ['CATALOG_MANAGER', 'Retire', 'productOfferingRetire'], ['FINANCE', 'SetTaxRate', 'taxRateSet'],
  ])('runs the room\'s example for %s: %s', async (role, name, field) => {
    const examples = readFileSync(join(__dirname, '..', '..', 'src', 'catalog', 'examples.graphql'), 'utf8');
    const { data, codes } = await run(callerOf(role), examples, name);
    expect(codes).toEqual([]);
    if (name !== 'Shop') expect(data[field]).toMatchObject({ errors: [] });
    else expect(data[field]).toMatchObject({ nodes: expect.arrayContaining([expect.objectContaining({ code: 'sms-pack', periodKind: 'MONTH' })]) });
  });

  it('sets a tax rate', async () => {
    const { data } = await run(callerOf('FINANCE'), `mutation { taxRateSet(input: { taxClass: "books", taxCode: "vat-0", rate: "0" }) {
      taxRate { taxClass taxCode rate validFor { until } } errors { code } } }`);
    expect(data.taxRateSet).toEqual({ taxRate: { taxClass: 'books', taxCode: 'vat-0', rate: '0', validFor: { until: null } }, errors: [] });
  });

  const SOLD = '{ productOfferings { nodes { code version versions { version } } } }';
  const FIRST = [{ code: 'sold', version: 1, versions: [{ version: 1 }] }];

  it.each<[Role, number, unknown]>([
    ['SUBSCRIBER', 1, FIRST], ['NETWORK', 1, FIRST], ['CATALOG_MANAGER', 1, [{ ...FIRST[0], versions: [{ version: 2 }, { version: 1 }] }]],
    ['SUBSCRIBER', 2, []], ['CATALOG_MANAGER', 2, []],
  ])('shows what is sold to %s of tenant %d', async (role, tenant, nodes) => {
    const { data } = await run(callerOf(role, tenant), SOLD);
    expect(data.productOfferings).toEqual({ nodes });
  });

  it('shows it without a token where the operator is named', async () => {
    expect(await run(callerOf('ANONYMOUS'), '{ productOfferings(tenant: "one") { nodes { code prices { code } } } }'))
      .toEqual({ codes: [], data: { productOfferings: { nodes: [{ code: 'sold', prices: [{ code: 'calls' }, { code: 'fee' }] }] } } });
    expect((await run(callerOf('ANONYMOUS'), '{ productOfferings(tenant: "none") { nodes { code } } }')).data).toEqual({ productOfferings: { nodes: [] } });
    expect((await run(callerOf('ANONYMOUS'), '{ productOfferings { nodes { code } } }')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await run(callerOf('SUBSCRIBER'), '{ productOfferings(tenant: "two") { nodes { code } } }')).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('gives pages by code', async () => {
    for (const code of ['page-a', 'page-b']) {
      await bench.catalog.draft({ ...manager, tenantId: 2 }, offering({ code }));
      await bench.catalog.launch({ ...manager, tenantId: 2 }, { code, version: null, validFrom: null });
    }
    const page = (after: string): string => `{ productOfferings(first: 1${after}) { nodes { code } pageInfo { hasNextPage endCursor } } }`;
    const one = (await run(callerOf('CRM_AGENT', 2), page(''))).data.productOfferings as { nodes: unknown; pageInfo: { endCursor: string; hasNextPage: boolean } };
    expect(one).toMatchObject({ nodes: [{ code: 'page-a' }], pageInfo: { hasNextPage: true } });
    const two = (await run(callerOf('CRM_AGENT', 2), page(`, after: "${one.pageInfo.endCursor}"`))).data.productOfferings;
    expect(two).toMatchObject({ nodes: [{ code: 'page-b' }], pageInfo: { hasNextPage: false } });
    expect((await run(callerOf('CRM_AGENT', 2), page(', after: "bm9wZQ"'))).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('answers alike for a draft, a foreign and an unknown offering', async () => {
    const drafted = await run(callerOf('CATALOG_MANAGER'), draftOf('secret'));
    const { id } = (drafted.data.productOfferingDraft as { offering: { id: string } }).offering;
    const queries = [
      `{ productOffering(id: "${id}") { code } }`, `{ productOffering(code: "secret") { code } }`, '{ productOffering(code: "nothing") { code } }',
      '{ productOffering(id: "bm9wZQ") { code } }',
    ];
    for (const query of queries) {
      for (const caller of [callerOf('SUBSCRIBER'), callerOf('CATALOG_MANAGER', 2)]) {
        expect(await run(caller, query)).toEqual({ data: { productOffering: null }, codes: [] });
      }
    }
    expect((await run(callerOf('SUBSCRIBER'), `{ node(id: "${id}") { id } }`)).data).toEqual({ node: null });
    expect((await run(callerOf('CATALOG_MANAGER'), `{ node(id: "${id}") { id } }`)).data).toEqual({ node: { id } });
  });

  it.each<[Role, string]>([
    ['SUBSCRIBER', 'mutation { productOfferingRetire(input: { code: "sold" }) { errors { code } } }'],
    ['ADMIN', 'mutation { productOfferingLaunch(input: { code: "sold" }) { errors { code } } }'],
    ['CATALOG_MANAGER', 'mutation { taxRateSet(input: { taxClass: "a", taxCode: "a", rate: "0" }) { errors { code } } }'],
    ['FINANCE', draftOf('x')],
  ])('lets no %s do what is not theirs', async (role, mutation) => {
    expect((await run(callerOf(role), mutation)).codes).toEqual(['FORBIDDEN']);
  });
});
