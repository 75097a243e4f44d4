import { DataSource } from 'typeorm';
import { CatalogService, loadOfferingTerms } from '../../src/catalog';
import { ActivateAnswer, MoveAnswer, MoveKey, MoveOutcome } from '../../src/charging/charging.api';
import { createPartyServices } from '../../src/party/services';
import { appDataSource } from '../../src/platform/db';
import { compilePrice, validatePrice } from '../../src/rating';
import { createShareServices } from '../../src/revenue-share';
import { createTenantServices } from '../../src/tenant/services';
import { SeedContext } from '../../seeds/context';
import { seed } from '../../seeds/stories';
import { createTestDatabase, TestDatabase } from '../support';

const OPEN_BUCKET = `
  insert into bucket (shard, root_id, id, tenant_id, account_id, kind, asset, valid_from, position, setup_version)
  select $1, $2, coalesce(max(id) + 1, 0), $3, $4, 'MONEY', 'EUR/6', clock_timestamp(),
         case when count(*) = 0 then 0 end, case when count(*) = 0 then 1 end
    from bucket where shard = $1 and root_id = $2`;

/** The stories' set-up side; what they ask of the charging path is written down, not done. */
describe('seeds', () => {
  let database: TestDatabase;
  let data: DataSource;
  let asked: string[];

  beforeAll(async () => {
    database = await createTestDatabase();
    data = await appDataSource(database.ownerUrl, true).initialize();
  });

  beforeEach(() => {
    asked = [];
  });

  afterAll(async () => {
    await data.destroy();
    await database.dispose();
  });

  async function note<A>({ key }: MoveKey, answer: A): Promise<MoveOutcome<A>> {
    asked.push(key);
    return { ok: true, answer, replayed: false };
  }

  function context(): SeedContext {
    const opening = {
      openBuckets: async (tx: { query(text: string, values?: unknown[]): Promise<unknown> }, account: {
        shard: number; rootId: bigint; tenantId: number; accountId: bigint;
      }): Promise<void> => {
        await tx.query(OPEN_BUCKET, [account.shard, account.rootId.toString(), account.tenantId, account.accountId.toString()]);
      },
      openRoots: async (): Promise<void> => undefined,
      limitChanged: async (): Promise<void> => undefined,
    };
    const activated: ActivateAnswer = { rootId: '1', position: '1', productId: '1' };
    const toppedUp = { amount: '0' } as MoveAnswer;
    const tenantServices = createTenantServices(database.appPool, data);
    const services = {
      ...tenantServices, ...createPartyServices(data, opening), ...createShareServices(database.appPool, data, tenantServices),
      catalog: new CatalogService(data, validatePrice),
      charging: { activate: (key: MoveKey) => note(key, activated), topUp: (key: MoveKey) => note(key, toppedUp) },
    };
    return { pool: database.appPool, data, services, log: () => undefined };
  }

  const counts = async (): Promise<unknown> => (await database.ownerPool.query(`
    select (select count(*) from tenant) tenants, (select count(*) from product_offering_version) versions,
           (select count(*) from customer) customers, (select count(*) from party) parties,
           (select count(*) from billing_account) accounts, (select count(*) from sharing_group_member) members,
           (select count(*) from tax_rate) rates, (select count(*) from usage_source) sources`)).rows[0];

  const EXPECTED = { tenants: '3', versions: '9', customers: '7', parties: '8', accounts: '7', members: '3', rates: '9', sources: '5' };

  it('are told by two nodes at once, and again, and stand there once', async () => {
    await Promise.all([seed(context()), seed(context())]);
    expect(await counts()).toEqual(EXPECTED);
    await seed(context());
    expect(await counts()).toEqual(EXPECTED);
  });

  it('ask the charging path under the same keys each time', async () => {
    await seed(context());
    expect(asked).toEqual([
      'seed:alice:top-up', 'seed:alice:mobile', 'seed:bob:mobile', 'seed:bob:home', 'seed:family:bundle', 'seed:family:carol',
      'seed:family:dave', 'seed:family:erin', 'seed:zoe:top-up', 'seed:zoe:mobile', 'seed:one-subscriber:mobile',
    ]);
  });

  it('put every member of the family on the root and the bill of its owner', async () => {
    const { rows } = await database.ownerPool.query(`
      select c.external_id, a.root_id = o.id as shares, a.payer_id = o.id as paid_by_owner
        from billing_account a join customer c on c.id = a.customer_id
        join billing_account o on o.name = 'Nolan family'
       where a.root_id = o.root_id order by c.external_id`);
    expect(rows).toEqual(['carol', 'dave', 'erin'].map((who) => ({ external_id: who, shares: true, paid_by_owner: true })));
  });

  it('sell offerings that the rater can compile to the last price', async () => {
    const { rows } = await database.ownerPool.query<{ id: string; state: string }>('select id::text, state from product_offering_version');
    expect(rows.every(({ state }) => state === 'LAUNCHED')).toBe(true);
    const terms = await loadOfferingTerms(database.appPool, rows.map(({ id }) => BigInt(id)));
    const usage = [...terms.values()].flatMap((offering) => offering.usage);
    expect(usage.length).toBeGreaterThan(20);
    expect(() => usage.forEach(compilePrice)).not.toThrow();
  });

  it('let the archive live in the spring of 2015, and the others now', async () => {
    const { rows } = await database.ownerPool.query<{ code: string; day: string; is_now: boolean }>(`
      select code, (clock_timestamp() + clock_offset_ms * interval '1 millisecond')::date::text as day, clock_offset_ms = 0 as is_now
        from tenant order by id`);
    expect(rows.map(({ code, is_now: isNow }) => [code, isNow])).toEqual([['demo', true], ['other', true], ['archive', false]]);
    expect(rows[2].day).toBe('2015-03-15');
  });
});
