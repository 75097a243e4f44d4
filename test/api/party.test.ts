import { crm, limit, openDesk, otherCrm, PartyDesk, Refused } from './party-desk';
import { callerOf, openPartyWorld, PartyWorld } from './party-world';

describe('parties and customers through the API', () => {
  let world: PartyWorld;
  let desk: PartyDesk;

  beforeAll(async () => {
    world = await openPartyWorld();
    desk = openDesk(world);
  });

  afterAll(() => world.dispose());

  describe('a subscriber', () => {
    it('sees the own customer with its accounts, names and numbers', async () => {
      const { id, key } = await desk.newCustomer();
      const account = await desk.opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('50.5') });
      await world.change(crm, 'identifierAssign', 'identifier { value }',
        { billingAccountId: account, kind: 'MSISDN', value: '+353 86 100 0001', validFrom: '2020-01-01T00:00:00Z' });
      const { data } = await world.ask(callerOf('SUBSCRIBER', 1, key), `{ viewer {
        id name segment party { __typename ... on Individual { familyName } }
        accounts { id currency billCycleDay creditLimit { kind amount { amount currency } } payer { id } parent { id } customer { id }
          sharingGroup { id } identifiers { nodes { kind value valid { from until } } pageInfo { hasNextPage } } } } }`);
      expect(data).toEqual({ viewer: {
        id, name: `Ann Murphy ${desk.customers()}`, segment: 'CONSUMER', party: { __typename: 'Individual', familyName: `Murphy ${desk.customers()}` },
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
      const [owner, member] = [await desk.newCustomer(), await desk.newCustomer()];
      const head = await desk.opened(owner.id);
      const group = await desk.founded(head);
      const own = await desk.opened(member.id, { sharingGroupId: group, payerId: head, parentId: head });
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
      const { id, key } = await desk.newCustomer();
      const stranger = await desk.newCustomer();
      const account = await desk.opened(id);
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
      const foreign = await desk.newCustomer(otherCrm);
      const account = await desk.opened(foreign.id, {}, otherCrm);
      const group = await desk.founded(account, otherCrm);
      const party = (await world.ask(otherCrm, 'query($id: ID!) { customer(id: $id) { party { id } } }', { id: foreign.id })).data as
        { customer: { party: { id: string } } };
      const before = [await desk.rowsOf('billing_account'), await desk.rowsOf('customer'), await desk.rowsOf('sharing_group')];
      const own = await desk.newCustomer();
      before[1] += 1;
      const inputs = [['customerId', foreign.id], ['parentId', account], ['payerId', account], ['sharingGroupId', group], ['sharingGroupId', account]];
      for (const [field, value] of inputs) {
        expect(await desk.open(own.id, { [field]: value })).toEqual({ billingAccount: null, errors: [{ code: 'NOT_FOUND', path: [field] }] });
      }
      const update = { billingAccountId: account, expectedVersion: 1, name: 'Mine' };
      const refused = { billingAccount: null, errors: [{ code: 'NOT_FOUND', path: ['billingAccountId'] }] };
      expect(await world.change(crm, 'billingAccountUpdate', 'billingAccount { id }', update)).toEqual(refused);
      expect(await world.change(crm, 'billingAccountUpdate', 'billingAccount { id }', { ...update, billingAccountId: 'xx' })).toEqual(refused);
      expect(await world.change(crm, 'customerCreate', 'customer { id }', { partyId: party.customer.party.id }))
        .toEqual({ customer: null, errors: [{ code: 'NOT_FOUND', path: ['partyId'] }] });
      expect(await world.change(crm, 'sharingGroupCreate', 'sharingGroup { id }', { ownerAccountId: account, name: 'Mine' }))
        .toEqual({ sharingGroup: null, errors: [{ code: 'NOT_FOUND', path: ['ownerAccountId'] }] });
      expect([await desk.rowsOf('billing_account'), await desk.rowsOf('customer'), await desk.rowsOf('sharing_group')]).toEqual(before);
    });

    it.each(['SUBSCRIBER', 'PARTNER', 'CATALOG_MANAGER', 'FINANCE', 'NETWORK', 'AUDITOR', 'ADMIN', 'CHANNEL'] as const)(
      'is not changed by the role %s at all', async (role) => {
        const answer = await world.ask(callerOf(role, 1, 1n),
          'mutation { individualCreate(input: { familyName: "X" }) { errors { code } } }');
        expect(answer).toEqual({ data: null, codes: ['FORBIDDEN'] });
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
        const account = await desk.opened((await desk.newCustomer()).id);
        await world.change(crm, 'identifierAssign', '__typename', { billingAccountId: account, kind: 'LINE_ID', value: `port-${desk.customers()}` });
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
      const { id } = await desk.newCustomer();
      const accounts = [await desk.opened(id), await desk.opened(id), await desk.opened(id)];
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
      for (let made = 0; made < 7; made += 1) await desk.newCustomer();
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
});
