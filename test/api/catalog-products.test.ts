import { graphql, GraphQLSchema } from 'graphql';
import { CatalogMutations, OfferingResolver } from '../../src/catalog';
import type { RequestContext } from '../../src/context';
import { AccountResolver, billingAccountId, CustomerResolver, SharingGroupResolver } from '../../src/party';
import { ANONYMOUS_CALLER, Caller, Role } from '../../src/platform/auth/caller';
import { buildHouseSchema, NodeResolver } from '../../src/platform/graphql';
import { AccountProductsResolver, IdentifierProductResolver, productId, ProductResolver } from '../../src/product';
import { accountOf, openSeededRooms, SeededRooms } from '../scenario/seeds-support';

type Answer = Record<string, unknown>;

describe('products over GraphQL', () => {
  let seeded: SeededRooms;
  let schema: GraphQLSchema;

  beforeAll(async () => {
    seeded = await openSeededRooms();
    schema = buildHouseSchema([
      NodeResolver, OfferingResolver, CatalogMutations, AccountResolver, SharingGroupResolver, CustomerResolver, ProductResolver,
      AccountProductsResolver, IdentifierProductResolver,
    ]);
  });

  afterAll(() => seeded.close());

  async function subscriber(externalId: string): Promise<Caller> {
    const { rows } = await seeded.database.ownerPool.query<{ id: string; tenant_id: number }>(
      'select id::text, tenant_id from customer where external_id = $1', [externalId]);
    return { ...ANONYMOUS_CALLER, role: 'SUBSCRIBER', tenantId: rows[0].tenant_id, subject: externalId, customerId: BigInt(rows[0].id) };
  }
  const staff = (role: Role, tenantId = 1): Caller => ({ ...ANONYMOUS_CALLER, role, tenantId, subject: role });

  async function keyOf(externalId: string, offering: string): Promise<bigint> {
    const { rows } = await seeded.database.ownerPool.query<{ id: string }>(`
      select p.id::text from product p join product_offering_version v on v.id = p.offering_version_id
        join product_offering o on o.id = v.offering_id join billing_account a on a.id = p.account_id join customer c on c.id = a.customer_id
       where c.external_id = $1 and o.code = $2`, [externalId, offering]);
    return BigInt(rows[0].id);
  }

  async function ask(caller: Caller, source: string): Promise<{ data: Answer; codes: unknown[] }> {
    const memo = new Map<string, unknown>();
    const contextValue = {
      caller, requestId: 'test', services: seeded.rooms,
      loader: <T>(key: string, build: () => T): T => {
        if (!memo.has(key)) memo.set(key, build());
        return memo.get(key) as T;
      },
    } as unknown as RequestContext;
    const { data, errors } = await graphql({ schema, source, contextValue });
    return { data: (data ?? {}) as Answer, codes: (errors ?? []).map(({ extensions, message }) => extensions.code ?? message) };
  }

  it('shows a subscriber what there is, what it was made of and what it pays', async () => {
    const key = await keyOf('bob', 'mobile-postpaid');
    const { data, codes } = await ask(await subscriber('bob'), `{ product(id: "${productId(key)}") {
      id state endedAt version attachedTo { id } suspensions { reason } account { name } offering { code version name state }
      renewalFee { amount currency } prices { price { code priceType } valid { until } } } }`);
    expect(codes).toEqual([]);
    expect(data.product).toEqual({
      id: productId(key), state: 'ACTIVE', endedAt: null, version: expect.any(Number), attachedTo: null, suspensions: [], account: { name: 'Bob' },
      offering: { code: 'mobile-postpaid', version: 1, name: 'Flow Bill 20', state: 'LAUNCHED' }, renewalFee: { amount: '20.00', currency: 'EUR' },
      prices: ['fee', 'calls', 'service-calls', 'messages', 'service-codes', 'received-calls', 'received-messages', 'data'].map((code) => (
        { price: { code, priceType: code === 'fee' ? 'RECURRING' : 'USAGE' }, valid: { until: null } })),
    });
  });

  it('has no renewal fee where nothing recurs', async () => {
    const { data } = await ask(await subscriber('alice'), `{ product(id: "${productId(await keyOf('alice', 'mobile-prepaid'))}") { renewsAt renewalFee { amount } } }`);
    expect(data.product).toEqual({ renewsAt: null, renewalFee: null });
  });

  it('shows until when the customer committed, where that is known', async () => {
    const key = await keyOf('bob', 'mobile-postpaid');
    const source = `{ product(id: "${productId(key)}") { contractEndsAt } }`;
    expect((await ask(await subscriber('bob'), source)).data.product).toEqual({ contractEndsAt: null });
    await seeded.database.ownerPool.query(`update product set contract_ends_at = '2027-03-15' where id = $1`, [key.toString()]);
    expect((await ask(await subscriber('bob'), source)).data.product).toEqual({ contractEndsAt: '2027-03-15T00:00:00.000Z' });
    expect((await ask(await subscriber('alice'), source)).data.product).toBeNull();
  });

  it('lists the products of an account in pages', async () => {
    const account = billingAccountId(await accountOf(seeded, 'bob'));
    const page = (after: string): string => `{ billingAccount(id: "${account}") { products(first: 1${after}) {
      nodes { offering { code } } pageInfo { hasNextPage endCursor } } } }`;
    type Page = { billingAccount: { products: { nodes: unknown; pageInfo: { hasNextPage: boolean; endCursor: string } } } };
    const one = (await ask(await subscriber('bob'), page(''))).data as Page;
    expect(one.billingAccount.products).toMatchObject({ nodes: [{ offering: { code: 'mobile-postpaid' } }], pageInfo: { hasNextPage: true } });
    const two = (await ask(await subscriber('bob'), page(`, after: "${one.billingAccount.products.pageInfo.endCursor}"`))).data as Page;
    expect(two.billingAccount.products).toMatchObject({ nodes: [{ offering: { code: 'home-internet' } }], pageInfo: { hasNextPage: false } });
    expect((await ask(await subscriber('bob'), page(', after: "bm9wZQ"'))).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('shows what a number belongs to', async () => {
    const account = billingAccountId(await accountOf(seeded, 'alice'));
    const { data } = await ask(staff('CRM_AGENT'), `{ billingAccount(id: "${account}") { identifiers { nodes { product { offering { code } } } } } }`);
    expect(data.billingAccount).toEqual({ identifiers: { nodes: [{ product: { offering: { code: 'mobile-prepaid' } } }] } });
  });

  it('shows the suspensions in force', async () => {
    const key = await keyOf('zoe', 'mobile-prepaid');
    await seeded.database.ownerPool.query(`
      insert into product_suspension (shard, root_id, product_id, tenant_id, reason, level, valid_from, valid_until)
      select shard, root_id, id, tenant_id, x.reason, 'OUTGOING', now() + x.starts, now() + x.ends from product
       cross join (values ('LOST', interval '-1 day', null::interval), ('FRAUD', '-2 days', '-1 day'), ('CUSTOMER', '1 day', null)) x(reason, starts, ends)
       where id = $1`, [key.toString()]);
    const { data } = await ask(await subscriber('zoe'), `{ product(id: "${productId(key)}") { suspensions { reason level until } } }`);
    expect(data.product).toEqual({ suspensions: [{ reason: 'LOST', level: 'OUTGOING', until: null }] });
  });

  it('answers alike for a foreign, an unknown and a malformed product', async () => {
    const alices = await keyOf('alice', 'mobile-prepaid');
    const ids = [productId(alices), productId(4096n * 999_999n), 'bm9wZQ'];
    const strangers = [await subscriber('bob'), await subscriber('zoe'), staff('CRM_AGENT', 2)];
    for (const caller of strangers) {
      for (const id of ids) expect(await ask(caller, `{ product(id: "${id}") { id } }`)).toEqual({ data: { product: null }, codes: [] });
      expect((await ask(caller, `{ node(id: "${ids[0]}") { id } }`)).data).toEqual({ node: null });
    }
    for (const caller of [await subscriber('alice'), staff('CRM_AGENT'), staff('FINANCE')]) {
      expect((await ask(caller, `{ node(id: "${ids[0]}") { id } }`)).data).toEqual({ node: { id: ids[0] } });
    }
  });

  it('keeps the members of a family apart', async () => {
    const daves = productId(await keyOf('dave', 'family-line'));
    expect((await ask(await subscriber('dave'), `{ product(id: "${daves}") { id } }`)).data).toEqual({ product: { id: daves } });
    expect((await ask(await subscriber('erin'), `{ product(id: "${daves}") { id } }`)).data).toEqual({ product: null });
  });

  it.each<Role>(['ANONYMOUS', 'NETWORK', 'CATALOG_MANAGER', 'ADMIN', 'AUDITOR', 'CHANNEL', 'PARTNER'])('is closed to %s', async (role) => {
    const { codes } = await ask(staff(role), `{ product(id: "${productId(1n)}") { id } }`);
    expect(codes).toEqual([role === 'ANONYMOUS' ? 'UNAUTHENTICATED' : 'FORBIDDEN']);
  });
});
