import { callerOf, openPartyWorld, PartyWorld } from './party-world';

const crm = callerOf('CRM_AGENT');
const otherCrm = callerOf('CRM_AGENT', 2);

interface Refused {
  readonly errors: { readonly code: string; readonly path: string[] }[];
}
interface AccountPayload extends Refused {
  readonly billingAccount: { readonly id: string; readonly version: number } | null;
}

describe('parties and accounts through the API', () => {
  let world: PartyWorld;
  let customers = 0;

  beforeAll(async () => {
    world = await openPartyWorld();
  });

  afterAll(() => world.dispose());

  async function newCustomer(caller = crm): Promise<{ id: string; key: bigint }> {
    customers += 1;
    const { individual } = await world.change<{ individual: { id: string } }>(caller, 'individualCreate', 'individual { id }',
      { givenName: 'Ann', familyName: `Murphy ${customers}` });
    const { customer } = await world.change<{ customer: { id: string } }>(caller, 'customerCreate', 'customer { id }',
      { partyId: individual.id, externalId: `crm-${customers}` });
    return { id: customer.id, key: BigInt(Buffer.from(customer.id, 'base64url').toString().split(':')[1]) };
  }

  const terms = (customerId: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    customerId, name: 'Home', currency: 'EUR', timeZone: 'Europe/Dublin', billCycleDay: 31, paymentMode: 'PREPAID', ...more,
  });
  const open = (customerId: string, more: Record<string, unknown> = {}, caller = crm): Promise<AccountPayload> =>
    world.change(caller, 'billingAccountCreate', 'billingAccount { id version }', terms(customerId, more));
  async function opened(customerId: string, more: Record<string, unknown> = {}, caller = crm): Promise<string> {
    const { billingAccount, errors } = await open(customerId, more, caller);
    expect(errors).toEqual([]);
    return billingAccount?.id ?? '';
  }
  const limit = (amount: string): Record<string, unknown> => ({ kind: 'AMOUNT', amount: { amount, currency: 'EUR' } });
  const rowsOf = async (table: string): Promise<number> =>
    (await world.database.ownerPool.query<{ rows: number }>(`select count(*)::int as rows from ${table}`)).rows[0].rows;

  describe('a subscriber', () => {
    it('sees the own customer with its accounts, names and numbers', async () => {
      const { id, key } = await newCustomer();
      const account = await opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('50.5') });
      await world.change(crm, 'identifierAssign', 'identifier { value }',
        { billingAccountId: account, kind: 'MSISDN', value: '+353 86 100 0001', validFrom: '2020-01-01T00:00:00Z' });
      const { data } = await world.ask(callerOf('SUBSCRIBER', 1, key), `{ viewer {
        id name segment party { __typename ... on Individual { familyName } }
        accounts { id currency billCycleDay creditLimit { kind amount { amount currency } } payer { id } parent { id } customer { id }
          sharingGroup { id } identifiers { nodes { kind value valid { from until } } pageInfo { hasNextPage } } } } }`);
      expect(data).toEqual({ viewer: {
        id, name: `Ann Murphy ${customers}`, segment: 'CONSUMER', party: { __typename: 'Individual', familyName: `Murphy ${customers}` },
        accounts: [{
          id: account, currency: 'EUR', billCycleDay: 31, creditLimit: { kind: 'AMOUNT', amount: { amount: '50.50', currency: 'EUR' } },
          payer: { id: account }, parent: null, customer: { id }, sharingGroup: null,
          identifiers: {
            nodes: [{ kind: 'MSISDN', value: '353861000001', valid: { from: '2020-01-01T00:00:00.000Z', until: null } }],
            pageInfo: { hasNextPage: false },
          },
        }],
      } });
    });

    it('sees of a sharing group and a tree only what is the own customer\'s', async () => {
      const [owner, member] = [await newCustomer(), await newCustomer()];
      const head = await opened(owner.id);
      const { sharingGroup } = await world.change<{ sharingGroup: { id: string } }>(crm, 'sharingGroupCreate', 'sharingGroup { id }',
        { ownerAccountId: head, name: 'Family' });
      const own = await opened(member.id, { sharingGroupId: sharingGroup.id, payerId: head, parentId: head });
      const { data } = await world.ask(callerOf('SUBSCRIBER', 1, member.key), `{ viewer { accounts {
        id parent { id } payer { id } sharingGroup { name owner { id } members { nodes { id } } } } } }`);
      expect(data).toEqual({ viewer: { accounts: [{
        id: own, parent: null, payer: null, sharingGroup: { name: 'Family', owner: null, members: { nodes: [{ id: own }] } },
      }] } });
      const seenByAgent = await world.ask(crm, `query($id: ID!) { billingAccount(id: $id) {
        children { nodes { id } } sharingGroup { owner { id } members { nodes { id } } } } }`, { id: head });
      expect(seenByAgent.data).toEqual({ billingAccount: {
        children: { nodes: [{ id: own }] }, sharingGroup: { owner: { id: head }, members: { nodes: [{ id: head }, { id: own }] } },
      } });
    });
  });

  describe('what is not the caller\'s', () => {
    it('answers like what does not exist, by every way of asking', async () => {
      const { id, key } = await newCustomer();
      const stranger = await newCustomer();
      const account = await opened(id);
      await world.change(crm, 'identifierAssign', 'identifier { value }', { billingAccountId: account, kind: 'IMSI', value: '272010000000001' });
      const party = (await world.ask(crm, 'query($id: ID!) { customer(id: $id) { party { id } } }', { id })).data as
        { customer: { party: { id: string } } };
      const reading = `query($customer: ID!, $account: ID!, $party: ID!) {
        customer(id: $customer) { id } billingAccount(id: $account) { id } asCustomer: node(id: $customer) { id }
        asAccount: node(id: $account) { id } asParty: node(id: $party) { id } }`;
      const known = { customer: id, account, party: party.customer.party.id };
      const nothing = { customer: null, billingAccount: null, asCustomer: null, asAccount: null, asParty: null };
      for (const caller of [callerOf('SUBSCRIBER', 1, stranger.key), callerOf('SUBSCRIBER', 2, key), otherCrm]) {
        expect(await world.ask(caller, reading, known)).toEqual({ data: nothing, codes: [] });
      }
      const unknown = { customer: 'Q3VzdG9tZXI6OTk5OTk5', account: 'bm9uc2Vuc2U', party: known.account };
      expect(await world.ask(otherCrm, reading, unknown)).toEqual({ data: nothing, codes: [] });
      const found = await world.ask(otherCrm, '{ customerByIdentifier(kind: IMSI, value: "272010000000001") { id } }');
      expect(found.data).toEqual({ customerByIdentifier: null });
      expect((await world.ask(crm, '{ customerByIdentifier(kind: IMSI, value: "272010000000001") { id } }')).data)
        .toEqual({ customerByIdentifier: { id } });
      expect((await world.ask(crm, reading, known)).data).toEqual({
        customer: { id }, billingAccount: { id: account }, asCustomer: { id }, asAccount: { id: account }, asParty: { id: known.party },
      });
    });

    it('cannot be changed, and the refusal does not tell foreign from unknown', async () => {
      const foreign = await newCustomer(otherCrm);
      const account = await opened(foreign.id, {}, otherCrm);
      const { sharingGroup } = await world.change<{ sharingGroup: { id: string } }>(otherCrm, 'sharingGroupCreate', 'sharingGroup { id }',
        { ownerAccountId: account, name: 'Theirs' });
      const party = (await world.ask(otherCrm, 'query($id: ID!) { customer(id: $id) { party { id } } }', { id: foreign.id })).data as
        { customer: { party: { id: string } } };
      const before = [await rowsOf('billing_account'), await rowsOf('customer'), await rowsOf('sharing_group')];
      const own = await newCustomer();
      before[1] += 1;
      const inputs = [['customerId', foreign.id], ['parentId', account], ['payerId', account], ['sharingGroupId', sharingGroup.id], ['sharingGroupId', account]];
      for (const [field, value] of inputs) {
        expect(await open(own.id, { [field]: value })).toEqual({ billingAccount: null, errors: [{ code: 'NOT_FOUND', path: [field] }] });
      }
      const update = { billingAccountId: account, expectedVersion: 1, name: 'Mine' };
      const refused = { billingAccount: null, errors: [{ code: 'NOT_FOUND', path: ['billingAccountId'] }] };
      expect(await world.change(crm, 'billingAccountUpdate', 'billingAccount { id }', update)).toEqual(refused);
      expect(await world.change(crm, 'billingAccountUpdate', 'billingAccount { id }', { ...update, billingAccountId: 'xx' })).toEqual(refused);
      expect(await world.change(crm, 'customerCreate', 'customer { id }', { partyId: party.customer.party.id }))
        .toEqual({ customer: null, errors: [{ code: 'NOT_FOUND', path: ['partyId'] }] });
      expect(await world.change(crm, 'sharingGroupCreate', 'sharingGroup { id }', { ownerAccountId: account, name: 'Mine' }))
        .toEqual({ sharingGroup: null, errors: [{ code: 'NOT_FOUND', path: ['ownerAccountId'] }] });
      expect([await rowsOf('billing_account'), await rowsOf('customer'), await rowsOf('sharing_group')]).toEqual(before);
    });

    it.each(['SUBSCRIBER', 'PARTNER', 'CATALOG_MANAGER', 'FINANCE', 'NETWORK', 'AUDITOR', 'ADMIN', 'CHANNEL'] as const)(
      'is not changed by the role %s at all', async (role) => {
        const answer = await world.ask(callerOf(role, 1, 1n),
          'mutation { individualCreate(input: { familyName: "X" }) { errors { code } } }');
        expect(answer).toEqual({ data: null, codes: ['FORBIDDEN'] });
      });
  });

  describe('opening an account', () => {
    it.each([
      ['a prepaid account with a limit', { creditLimit: limit('1') }, 'INVALID_INPUT', ['creditLimit']],
      ['a postpaid account without a limit', { paymentMode: 'POSTPAID' }, 'INVALID_INPUT', ['creditLimit']],
      ['a limit without amount', { paymentMode: 'HYBRID', creditLimit: { kind: 'AMOUNT' } }, 'INVALID_INPUT', ['creditLimit', 'amount']],
      ['an unlimited amount', { paymentMode: 'HYBRID', creditLimit: { ...limit('1'), kind: 'UNLIMITED' } }, 'INVALID_INPUT', ['creditLimit', 'amount']],
      ['a negative limit', { paymentMode: 'POSTPAID', creditLimit: limit('-1') }, 'INVALID_INPUT', ['creditLimit', 'amount', 'amount']],
      ['a limit finer than millionths', { paymentMode: 'POSTPAID', creditLimit: limit('0.0000001') }, 'INVALID_INPUT', ['creditLimit', 'amount', 'amount']],
      ['a limit in another currency', { paymentMode: 'POSTPAID', creditLimit: { kind: 'AMOUNT', amount: { amount: '1', currency: 'USD' } } },
        'CURRENCY_MISMATCH', ['creditLimit', 'amount', 'currency']],
      ['cycle day 0', { billCycleDay: 0 }, 'INVALID_INPUT', ['billCycleDay']],
      ['cycle day 32', { billCycleDay: 32 }, 'INVALID_INPUT', ['billCycleDay']],
      ['an unknown zone', { timeZone: 'Europe/Atlantis' }, 'INVALID_INPUT', ['timeZone']],
      ['an offset for a zone', { timeZone: '+01:00' }, 'INVALID_INPUT', ['timeZone']],
      ['an empty name', { name: ' ' }, 'INVALID_INPUT', ['name']],
      ['a name with U+0000', { name: 'a\u0000b' }, 'INVALID_INPUT', ['name']],
      ['a payer that does not exist', { payerId: 'QmlsbGluZ0FjY291bnQ6MQ' }, 'NOT_FOUND', ['payerId']],
    ])('refuses %s and stores nothing', async (_, more, code, path) => {
      const { id } = await newCustomer();
      const [accounts, buckets] = [await rowsOf('billing_account'), await rowsOf('bucket')];
      expect(await open(id, more)).toEqual({ billingAccount: null, errors: [{ code, path }] });
      expect([await rowsOf('billing_account'), await rowsOf('bucket')]).toEqual([accounts, buckets]);
    });

    it('builds a tree fifty deep that can be walked up', async () => {
      const { id } = await newCustomer();
      let parentId: string | null = null;
      for (let depth = 0; depth < 50; depth += 1) parentId = await opened(id, { name: `level ${depth}`, parentId });
      let at: string | null = parentId;
      const names: string[] = [];
      while (at) {
        const answer = await world.ask(crm, 'query($id: ID!) { billingAccount(id: $id) { name parent { id } } }', { id: at });
        const { name, parent } = (answer.data as { billingAccount: { name: string; parent: { id: string } | null } }).billingAccount;
        names.push(name);
        at = parent?.id ?? null;
      }
      expect(names).toEqual(Array.from({ length: 50 }, (_, up) => `level ${49 - up}`));
    });

    it('gives each its own root and shard, and a member its group\'s', async () => {
      const { id } = await newCustomer();
      const head = await opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('100') });
      const { sharingGroup } = await world.change<{ sharingGroup: { id: string } }>(crm, 'sharingGroupCreate', 'sharingGroup { id }',
        { ownerAccountId: head, name: 'Fleet' });
      await opened(id, { sharingGroupId: sharingGroup.id, payerId: head, paymentMode: 'POSTPAID', creditLimit: limit('100') });
      const { rows } = await world.database.ownerPool.query(`
        select account.id = account.root_id as is_root, account.shard = (account.id & 4095) as shard_in_id, member.account_id is not null as is_member,
               min(account.root_id) over () = max(account.root_id) over () as one_root,
               (select setup_version > 2 from bucket where bucket.shard = account.shard and root_id = account.root_id and bucket.id = 0) as is_raised
          from billing_account account
          left join sharing_group_member member on member.shard = account.shard and member.root_id = account.root_id and member.account_id = account.id
         where account.customer_id = (select id from customer where external_id = $1) order by account.id = account.root_id desc`,
      [`crm-${customers}`]);
      const common = { shard_in_id: true, is_member: true, one_root: true, is_raised: true };
      expect(rows).toEqual([{ is_root: true, ...common }, { is_root: false, ...common }]);
    });

    it.each([
      ['a looser limit than its payer\'s', { creditLimit: limit('100.000001') }, 'INVALID_INPUT', ['creditLimit']],
      ['no limit under a payer who has one', { creditLimit: { kind: 'UNLIMITED' } }, 'INVALID_INPUT', ['creditLimit']],
      ['another currency', { currency: 'USD', creditLimit: { kind: 'AMOUNT', amount: { amount: '1', currency: 'USD' } } }, 'CURRENCY_MISMATCH', ['currency']],
    ])('refuses a member with %s', async (_, more, code, path) => {
      const { id } = await newCustomer();
      const head = await opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('100') });
      const { sharingGroup } = await world.change<{ sharingGroup: { id: string } }>(crm, 'sharingGroupCreate', 'sharingGroup { id }',
        { ownerAccountId: head, name: 'Fleet' });
      expect(await open(id, { sharingGroupId: sharingGroup.id, payerId: head, paymentMode: 'POSTPAID', ...more }))
        .toEqual({ billingAccount: null, errors: [{ code, path }] });
    });

    it('founds one group a root, also when asked for five times at once, and none on a member', async () => {
      const { id } = await newCustomer();
      const head = await opened(id);
      const found = (ownerAccountId: string): Promise<Refused & { sharingGroup: { id: string } | null }> =>
        world.change(crm, 'sharingGroupCreate', 'sharingGroup { id }', { ownerAccountId, name: 'Five' });
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => found(head)));
      const groups = outcomes.flatMap(({ sharingGroup }) => (sharingGroup ? [sharingGroup.id] : []));
      expect(groups).toHaveLength(1);
      expect(outcomes.flatMap(({ errors }) => errors)).toEqual(Array(4).fill({ code: 'ALREADY_EXISTS', path: ['ownerAccountId'] }));
      const member = await opened(id, { sharingGroupId: groups[0] });
      expect((await found(member)).errors).toEqual([{ code: 'CONFLICT', path: ['ownerAccountId'] }]);
    });

    it('lets twenty members join at once, each with its place in the group', async () => {
      const { id } = await newCustomer();
      const head = await opened(id);
      const { sharingGroup } = await world.change<{ sharingGroup: { id: string } }>(crm, 'sharingGroupCreate', 'sharingGroup { id }',
        { ownerAccountId: head, name: 'Twenty' });
      const members = await Promise.all(Array.from({ length: 20 }, () => opened(id, { sharingGroupId: sharingGroup.id })));
      const { data } = await world.ask(crm, 'query($id: ID!) { node(id: $id) { ... on SharingGroup { members(first: 100) { nodes { id } } } } }',
        { id: sharingGroup.id });
      const { nodes } = (data as { node: { members: { nodes: { id: string }[] } } }).node.members;
      expect(new Set(nodes.map((node) => node.id))).toEqual(new Set([head, ...members]));
      const { rows } = await world.database.ownerPool.query(
        `select count(distinct account_id)::int as accounts, max(setup_version) >= 22 as is_raised from bucket where root_id = $1`,
        [Buffer.from(head, 'base64url').toString().split(':')[1]]);
      expect(rows).toEqual([{ accounts: 21, is_raised: true }]);
    });

    it('refuses a payer of another root', async () => {
      const { id } = await newCustomer();
      const other = await opened(id);
      expect((await open(id, { payerId: other })).errors).toEqual([{ code: 'CONFLICT', path: ['payerId'] }]);
    });
  });

  describe('a customer', () => {
    it('has an external id once in a tenant, also when asked for twice at once', async () => {
      const create = async (caller = crm): Promise<Refused> => {
        const { organization } = await world.change<{ organization: { id: string } }>(caller, 'organizationCreate', 'organization { id }', { tradingName: 'Acme' });
        return world.change(caller, 'customerCreate', '__typename', { partyId: organization.id, externalId: 'same', segment: 'BUSINESS' });
      };
      const codes = (await Promise.all([create(), create(), create()])).flatMap(({ errors }) => errors.map(({ code }) => code));
      expect(codes).toEqual(['ALREADY_EXISTS', 'ALREADY_EXISTS']);
      expect((await create(otherCrm)).errors).toEqual([]);
      const { data } = await world.ask(crm, '{ customers(externalId: "same") { nodes { name externalId } pageInfo { hasNextPage } } }');
      expect(data).toEqual({ customers: { nodes: [{ name: 'Acme', externalId: 'same' }], pageInfo: { hasNextPage: false } } });
    });

    it('costs one statement a field, however many customers there are', async () => {
      for (let made = 0; made < 5; made += 1) {
        const account = await opened((await newCustomer()).id);
        await world.change(crm, 'identifierAssign', '__typename', { billingAccountId: account, kind: 'LINE_ID', value: `port-${customers}` });
      }
      const read = jest.spyOn(world.database.appPool, 'query');
      const { data } = await world.ask(crm, `{ customers(first: 100) { nodes { name party { id }
        accounts { payer { id } customer { name } parent { id } children { nodes { id } } sharingGroup { id } identifiers { nodes { value } } } } } }`);
      const statements = read.mock.calls.length;
      read.mockRestore();
      expect((data as { customers: { nodes: unknown[] } }).customers.nodes.length).toBeGreaterThan(5);
      // Customers, parties, accounts, owners of accounts, children, groups, identifiers, and the parents of those that have one.
      expect(statements).toBeLessThanOrEqual(8);
    });

    it('shows the first accounts as a short list and all by pages', async () => {
      const { id } = await newCustomer();
      const accounts = [await opened(id), await opened(id), await opened(id)];
      const { data } = await world.ask(crm, `query($id: ID!) { customer(id: $id) {
        accounts(first: 2) { id } billingAccounts(first: 2) { nodes { id } pageInfo { hasNextPage endCursor } } } }`, { id });
      const { customer } = data as { customer: { billingAccounts: { pageInfo: { endCursor: string } } } };
      const { endCursor } = customer.billingAccounts.pageInfo;
      const first = accounts.slice(0, 2).map((account) => ({ id: account }));
      expect(customer).toEqual({ accounts: first, billingAccounts: { nodes: first, pageInfo: { hasNextPage: true, endCursor } } });
      const rest = await world.ask(crm, `query($id: ID!, $after: Cursor) { customer(id: $id) {
        billingAccounts(after: $after) { nodes { id } pageInfo { hasNextPage } } } }`, { id, after: endCursor });
      expect(rest.data).toEqual({ customer: { billingAccounts: { nodes: [{ id: accounts[2] }], pageInfo: { hasNextPage: false } } } });
    });

    it('is listed page by page, each once', async () => {
      for (let made = 0; made < 7; made += 1) await newCustomer();
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const answer = await world.ask(crm, 'query($after: Cursor) { customers(first: 3, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }', { after });
        const { nodes, pageInfo } = (answer.data as { customers: { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }).customers;
        seen.push(...nodes.map(({ id }) => id));
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after);
      const { rows } = await world.database.ownerPool.query<{ count: number }>('select count(*)::int as count from customer where tenant_id = 1');
      expect([seen.length, new Set(seen).size]).toEqual([rows[0].count, rows[0].count]);
    });

    it.each(['bm9uc2Vuc2U', 'fmFjY291bnRzOjE'])('answers the foreign cursor %s as a mistake', async (after) => {
      const { codes } = await world.ask(crm, 'query($after: Cursor) { customers(after: $after) { nodes { id } } }', { after });
      expect(codes).toEqual(['BAD_USER_INPUT']);
    });
  });

  describe('a change of an account', () => {
    it('needs the version that was read; of twenty at once one gets through', async () => {
      const { id } = await newCustomer();
      const account = await opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('10') });
      const raise = (): Promise<AccountPayload> => world.change(crm, 'billingAccountUpdate', 'billingAccount { id version }',
        { billingAccountId: account, expectedVersion: 1, creditLimit: limit('20') });
      const answers = await Promise.all(Array.from({ length: 20 }, raise));
      expect(answers.filter(({ billingAccount }) => billingAccount?.version === 2)).toHaveLength(1);
      expect(answers.flatMap(({ errors }) => errors)).toEqual(Array(19).fill({ code: 'CONFLICT', path: ['expectedVersion'] }));
    });

    it('carries a new limit to the money rooms, raises the setup version and leaves an audit row without names', async () => {
      const { id } = await newCustomer();
      const account = await opened(id, { name: 'Secret garden', paymentMode: 'POSTPAID', creditLimit: limit('10') });
      await world.change(crm, 'billingAccountUpdate', '__typename',
        { billingAccountId: account, expectedVersion: 1, name: 'Hidden garden', creditLimit: limit('12.5') });
      const key = Buffer.from(account, 'base64url').toString().split(':')[1];
      const { rows } = await world.database.ownerPool.query('select credit_limit, setup_version from bucket where root_id = $1 and id = 0', [key]);
      expect(rows).toEqual([{ credit_limit: '12500000', setup_version: '2' }]);
      const audit = await world.database.ownerPool.query(
        `select operation, result, before->>'creditLimit' as before, after->>'creditLimit' as after, after::text like '%garden%' as leaks
           from audit_log where tenant_id = 1 and object_id = $1 order by sequence`, [key]);
      expect(audit.rows).toEqual([
        { operation: 'billingAccountCreate', result: 'DONE', before: null, after: '10.00', leaks: false },
        { operation: 'billingAccountUpdate', result: 'DONE', before: '10.00', after: '12.50', leaks: false },
      ]);
    });

    it('may lower a limit below what is owed: nothing owed is lost', async () => {
      const { id } = await newCustomer();
      const account = await opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('10') });
      const key = Buffer.from(account, 'base64url').toString().split(':')[1];
      await world.database.ownerPool.query('update bucket set value = -8000000 where root_id = $1 and id = 0', [key]);
      const { errors } = await world.change<Refused>(crm, 'billingAccountUpdate', '__typename',
        { billingAccountId: account, expectedVersion: 1, creditLimit: limit('5') });
      expect(errors).toEqual([]);
      const { rows } = await world.database.ownerPool.query('select value, credit_limit, overused from bucket where root_id = $1 and id = 0', [key]);
      expect(rows).toEqual([{ value: '-8000000', credit_limit: '5000000', overused: true }]);
    });

    it('leaves an audit row of its refusal too', async () => {
      const { id } = await newCustomer();
      const account = await opened(id);
      await world.change(crm, 'billingAccountUpdate', '__typename', { billingAccountId: account, expectedVersion: 7, name: 'X' });
      const key = Buffer.from(account, 'base64url').toString().split(':')[1];
      const { rows } = await world.database.ownerPool.query(
        `select actor, request_id, after from audit_log where object_id = $1 and result = 'REFUSED'`, [key]);
      expect(rows).toEqual([{ actor: crm.subject, request_id: 'request-1', after: { errorCode: 'CONFLICT' } }]);
    });
  });
});
