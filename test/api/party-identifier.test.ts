import { callerOf, openPartyWorld, PartyWorld } from './party-world';

const crm = callerOf('CRM_AGENT');
const DAY = 86_400_000;
const PAST = '2020-01-01T00:00:00.000Z';

interface Outcome {
  readonly identifier: { readonly valid: { readonly from: string; readonly until: string | null } } | null;
  readonly errors: { readonly code: string; readonly path: string[] }[];
}

describe('identifiers through the API', () => {
  let world: PartyWorld;
  let numbers = 353_870_000_000;

  beforeAll(async () => {
    world = await openPartyWorld();
  });

  afterAll(() => world.dispose());

  const nextNumber = (): string => (numbers += 1).toString();

  async function newAccount(caller = crm): Promise<{ customer: string; account: string; key: string }> {
    const { organization } = await world.change<{ organization: { id: string } }>(caller, 'organizationCreate', 'organization { id }', { tradingName: 'Acme' });
    const { customer } = await world.change<{ customer: { id: string } }>(caller, 'customerCreate', 'customer { id }', { partyId: organization.id });
    const { billingAccount } = await world.change<{ billingAccount: { id: string } }>(caller, 'billingAccountCreate', 'billingAccount { id }',
      { customerId: customer.id, name: 'A', currency: 'EUR', timeZone: 'UTC', billCycleDay: 1, paymentMode: 'PREPAID' });
    return { customer: customer.id, account: billingAccount.id, key: Buffer.from(billingAccount.id, 'base64url').toString().split(':')[1] };
  }

  const assign = (account: string, value: string, more: Record<string, unknown> = {}, caller = crm): Promise<Outcome> =>
    world.change(caller, 'identifierAssign', 'identifier { valid { from until } }', { billingAccountId: account, kind: 'MSISDN', value, ...more });
  const release = (account: string, value: string, more: Record<string, unknown> = {}): Promise<Outcome> =>
    world.change(crm, 'identifierRelease', 'identifier { valid { from until } }', { billingAccountId: account, kind: 'MSISDN', value, ...more });
  async function ownerAt(value: string, at: string, caller = crm): Promise<unknown> {
    const { data } = await world.ask(caller, `query($value: String!, $at: DateTime) {
      customerByIdentifier(kind: MSISDN, value: $value, at: $at) { id identifierValid { from until } } }`, { value, at });
    return data?.customerByIdentifier;
  }
  const setupVersion = async (key: string): Promise<string> => (await world.database.ownerPool.query<{ setup_version: string }>(
    'select setup_version from bucket where root_id = $1 and id = 0', [key])).rows[0].setup_version;

  it('find a recycled number\'s owner by the time of the event, to the millisecond', async () => {
    const [first, second] = [await newAccount(), await newAccount()];
    const value = nextNumber();
    const [handedBack, givenAgain] = ['2021-06-01T00:00:00.000Z', '2021-09-01T00:00:00.000Z'];
    await assign(first.account, value, { validFrom: PAST });
    expect((await release(first.account, `+${value}`, { validUntil: handedBack })).identifier).toEqual({ valid: { from: PAST, until: handedBack } });
    expect((await assign(second.account, value, { validFrom: givenAgain })).errors).toEqual([]);

    const early = { id: first.customer, identifierValid: { from: PAST, until: handedBack } };
    const late = { id: second.customer, identifierValid: { from: givenAgain, until: null } };
    expect(await ownerAt(value, '2019-12-31T23:59:59.999Z')).toBeNull();
    expect(await ownerAt(value, PAST)).toEqual(early);
    expect(await ownerAt(value, '2021-05-31T23:59:59.999Z')).toEqual(early);
    expect(await ownerAt(value, handedBack)).toBeNull();
    expect(await ownerAt(value, '2021-08-31T23:59:59.999Z')).toBeNull();
    expect(await ownerAt(value, givenAgain)).toEqual(late);
    expect(await ownerAt(`+${value}`, '2026-01-01T00:00:00Z')).toEqual(late);
  });

  it.each([
    ['begins inside', '2021-03-01T00:00:00Z'], ['begins with it', '2021-01-01T00:00:00Z'], ['reaches into it', '2020-12-31T23:59:59.999Z'],
  ])('are refused to another account where the time %s', async (_, validFrom) => {
    const [owner, other] = [await newAccount(), await newAccount()];
    const value = nextNumber();
    await assign(owner.account, value, { validFrom: '2021-01-01T00:00:00Z' });
    await release(owner.account, value, { validUntil: '2021-06-01T00:00:00Z' });
    const before = await setupVersion(other.key);
    expect(await assign(other.account, value, { validFrom })).toEqual({ identifier: null, errors: [{ code: 'ALREADY_EXISTS', path: ['value'] }] });
    expect(await setupVersion(other.key)).toBe(before);
    expect((await assign(other.account, value, { validFrom: '2021-06-01T00:00:00Z' })).errors).toEqual([]);
  });

  it('have one winner where twelve accounts ask at once, and the others hear nothing of it', async () => {
    const accounts = await Promise.all(Array.from({ length: 12 }, () => newAccount()));
    const value = nextNumber();
    const outcomes = await Promise.all(accounts.map(({ account }) => assign(account, value, { validFrom: PAST })));
    expect(outcomes.filter(({ identifier }) => identifier !== null)).toHaveLength(1);
    expect(outcomes.flatMap(({ errors }) => errors)).toEqual(Array(11).fill({ code: 'ALREADY_EXISTS', path: ['value'] }));
    const { rows } = await world.database.ownerPool.query('select 1 from identifier where value = $1', [value]);
    expect(rows).toHaveLength(1);
  });

  it('are each tenant\'s own', async () => {
    const [own, foreign] = [await newAccount(), await newAccount(callerOf('CRM_AGENT', 2))];
    const value = nextNumber();
    await assign(own.account, value, { validFrom: PAST });
    expect((await assign(foreign.account, value, { validFrom: PAST }, callerOf('CRM_AGENT', 2))).errors).toEqual([]);
    expect(await ownerAt(value, '2022-01-01T00:00:00Z')).toMatchObject({ id: own.customer });
    expect(await ownerAt(value, '2022-01-01T00:00:00Z', callerOf('CRM_AGENT', 2))).toMatchObject({ id: foreign.customer });
  });

  it('raise the setup version of the root with every change and leave audit rows without the number', async () => {
    const { account, key } = await newAccount();
    const value = nextNumber();
    await assign(account, value, { validFrom: PAST });
    expect(await setupVersion(key)).toBe('2');
    await release(account, value);
    expect(await setupVersion(key)).toBe('3');
    const { rows } = await world.database.ownerPool.query(
      `select operation, result, row_to_json(audit_log)::text like $2 as leaks from audit_log
        where object_id = $1 and operation like 'identifier%' order by sequence`, [key, `%${value}%`]);
    expect(rows).toEqual([
      { operation: 'identifierAssign', result: 'DONE', leaks: false }, { operation: 'identifierRelease', result: 'DONE', leaks: false },
    ]);
  });

  it('end at the present where nothing is said', async () => {
    const { account } = await newAccount();
    const value = nextNumber();
    await assign(account, value, { validFrom: PAST });
    const until = Date.parse((await release(account, value)).identifier?.valid.until ?? '');
    expect(Math.abs(until - Date.now())).toBeLessThan(60_000);
    expect((await release(account, value)).errors).toEqual([{ code: 'NOT_FOUND', path: ['value'] }]);
  });

  it('end where another room began them between two milliseconds', async () => {
    const { account, key } = await newAccount();
    const value = nextNumber();
    await world.database.ownerPool.query(
      `insert into identifier (tenant_id, kind, value, valid_from, shard, root_id, account_id)
       values (1, 'MSISDN', $1, '2020-01-01 00:00:00.000123+00', $2::bigint & 4095, $2, $2)`, [value, key]);
    expect((await release(account, value, { validUntil: '2021-01-01T00:00:00Z' })).errors).toEqual([]);
    expect(await ownerAt(value, '2021-01-01T00:00:00Z')).toBeNull();
  });

  it.each([
    ['a malformed number', { value: '0861234567' }, 'INVALID_INPUT', ['value']],
    ['a number with U+0000', { value: '353861234567\u0000' }, 'INVALID_INPUT', ['value']],
    ['a start before 1970', { value: '353861234567', validFrom: '1969-12-31T23:59:59Z' }, 'INVALID_INPUT', ['validFrom']],
    ['a start eleven years ahead', { value: '353861234567', validFrom: new Date(Date.now() + 4_018 * DAY).toISOString() }, 'INVALID_INPUT', ['validFrom']],
    ['a product that the account has not', { value: '353861234567', productId: 'UHJvZHVjdDox' }, 'NOT_FOUND', ['productId']],
    ['an id that is no product\'s', { value: '353861234567', productId: 'xx' }, 'NOT_FOUND', ['productId']],
  ])('refuse %s', async (_, more, code, path) => {
    const { account } = await newAccount();
    expect(await assign(account, more.value, more)).toEqual({ identifier: null, errors: [{ code, path }] });
  });

  it('of a foreign account are neither assigned nor released', async () => {
    const foreign = await newAccount(callerOf('CRM_AGENT', 2));
    const value = nextNumber();
    await assign(foreign.account, value, { validFrom: PAST }, callerOf('CRM_AGENT', 2));
    const unknown = { identifier: null, errors: [{ code: 'NOT_FOUND', path: ['billingAccountId'] }] };
    expect(await assign(foreign.account, nextNumber())).toEqual(unknown);
    expect(await release(foreign.account, value)).toEqual(unknown);
    expect(await ownerAt(value, '2026-01-01T00:00:00Z', callerOf('CRM_AGENT', 2))).toMatchObject({ id: foreign.customer });
  });

  it('are listed page by page in the order of their start, also within one millisecond', async () => {
    const { account, key } = await newAccount();
    const values = Array.from({ length: 7 }, nextNumber);
    for (const [place, value] of values.entries()) {
      await world.database.ownerPool.query(
        `insert into identifier (tenant_id, kind, value, valid_from, shard, root_id, account_id)
         values (1, 'MSISDN', $1, timestamptz '2020-01-01' + $3 * interval '1 microsecond', $2::bigint & 4095, $2, $2)`, [value, key, place]);
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await world.ask(crm, `query($id: ID!, $after: Cursor) { billingAccount(id: $id) {
        identifiers(first: 2, after: $after) { nodes { value } pageInfo { endCursor hasNextPage } } } }`, { id: account, after });
      const page = (data as { billingAccount: { identifiers: { nodes: { value: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } } }).billingAccount.identifiers;
      seen.push(...page.nodes.map((node) => node.value));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(values);
  });
});
