import { ownerDataSource } from '../../src/platform/db';
import { createTestDatabase, TestDatabase } from '../support';

/** Tables that TypeORM reads and writes: the cold rooms' master data. */
const MASTER_DATA = ['billing_account', 'customer', 'identifier', 'party', 'sharing_group', 'sharing_group_member', 'tenant', 'usage_source'];

describe('entities and migrations', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.dispose());

  async function differences(): Promise<string[]> {
    const source = await ownerDataSource(database.ownerUrl).initialize();
    try {
      return (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
    } finally {
      await source.destroy();
    }
  }

  it('agree to the last constraint', async () => {
    expect(await differences()).toEqual([]);
  });

  it('are compared at all: every table of master data has its entity', async () => {
    const source = await ownerDataSource(database.ownerUrl).initialize();
    const tables = source.entityMetadatas.map(({ tableName }) => tableName);
    await source.destroy();
    expect(tables).toEqual(expect.arrayContaining(MASTER_DATA));
  });

  it.each([
    ['a lost index', 'drop index identifier_root_idx', 'identifier_root_idx'],
    ['a lost check', 'alter table billing_account drop constraint billing_account_limit_check', 'billing_account_limit_check'],
    ['a lost exclusion', 'alter table identifier drop constraint identifier_owner_excl', 'identifier_owner_excl'],
    ['a lost foreign key', 'alter table customer drop constraint customer_party_fk', 'customer_party_fk'],
    ['a column nobody declared', 'alter table party add column nickname text', 'nickname'],
  ])('would show %s', async (_, planted, name) => {
    await database.ownerPool.query(planted);
    expect((await differences()).join('\n')).toContain(name);
  });
});
