import { createTestDatabase, TestDatabase } from '../../test/support';
import { Caller, Role, ROLES } from '../platform/auth/caller';
import { accountFilter, AccountPurpose, visibleAccounts } from './access';

const callerOf = (role: Role, tenantId = 1, customerId: bigint | null = null): Caller => ({
  role, tenantId, subject: 's', customerId, partnerId: null, moneyLimit: null, tokenId: null, expiresAt: null,
});

/** Ids carry their shard in the low 12 bits. */
const [OWN, OTHER_CUSTOMER, OTHER_TENANT, UNKNOWN] = [4097n, 8194n, 12291n, 16388n];
const TENANTS_OWN = [OWN, OTHER_CUSTOMER].map(String);

describe('the accounts that a caller may see', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.ownerPool.query(`
      insert into tenant (id, code, name, currency, time_zone, settings) values (1, 'a', 'A', 'EUR', 'UTC', '{}'), (2, 'b', 'B', 'EUR', 'UTC', '{}');
      insert into billing_account (shard, root_id, id, tenant_id, customer_id, payer_id, name, currency, time_zone, bill_cycle_day, payment_mode)
      select id & 4095, id, id, tenant, customer, id, 'x', 'EUR', 'UTC', 1, 'PREPAID'
        from (values (4097, 1, 10), (8194, 1, 20), (12291, 2, 30)) account (id, tenant, customer)`);
  });

  afterAll(() => database.dispose());

  const seen = async (caller: Caller, purpose?: AccountPurpose): Promise<string[]> =>
    [...(await visibleAccounts(database.appPool, caller, [OWN, OTHER_CUSTOMER, OTHER_TENANT, UNKNOWN], purpose)).keys()].sort();

  it.each<[Role, AccountPurpose, string[]]>([
    ...ROLES.filter((role) => !['SUBSCRIBER', 'CRM_AGENT', 'FINANCE'].includes(role)).map((role) => [role, 'READ', []] as [Role, AccountPurpose, string[]]),
    ['SUBSCRIBER', 'READ', [OWN.toString()]],
    ['CRM_AGENT', 'READ', TENANTS_OWN],
    ['FINANCE', 'READ', TENANTS_OWN],
    ['SUBSCRIBER', 'TOP_UP', [OWN.toString()]],
    ['CRM_AGENT', 'TOP_UP', TENANTS_OWN],
    ['CHANNEL', 'TOP_UP', TENANTS_OWN],
    ['FINANCE', 'TOP_UP', []],
    ['NETWORK', 'TOP_UP', []],
  ])('as %s to %s', async (role, purpose, expected) => {
    expect(await seen(callerOf(role, 1, 10n), purpose)).toEqual(expected);
  });

  it('are none for a subscriber whose customer is of another tenant', async () => {
    expect(await seen(callerOf('SUBSCRIBER', 1, 30n))).toEqual([]);
  });

  it('are none for a subscriber without a customer', async () => {
    expect(await seen(callerOf('SUBSCRIBER', 1, null))).toEqual([]);
  });

  it('come with what other rooms need of them', async () => {
    const accounts = await visibleAccounts(database.appPool, callerOf('SUBSCRIBER', 1, 10n), [OWN]);
    expect(accounts.get(OWN.toString())).toEqual({ shard: 1, rootId: OWN, accountId: OWN, customerId: 10n, currency: 'EUR' });
  });

  it('are asked with parameters only, numbered from where the statement wants', () => {
    expect(accountFilter(callerOf('SUBSCRIBER', 7, 8n), 4, 'a')).toEqual({ sql: 'a.tenant_id = $4 and a.customer_id = $5', parameters: [7, '8'] });
  });
});
