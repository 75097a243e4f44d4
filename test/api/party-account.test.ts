import { AccountPayload, crm, finance, keyOf, limit, openDesk, PartyDesk, Refused } from './party-desk';
import { openPartyWorld, PartyWorld } from './party-world';

describe('billing accounts through the API', () => {
  let world: PartyWorld;
  let desk: PartyDesk;

  beforeAll(async () => {
    world = await openPartyWorld();
    desk = openDesk(world);
  });

  afterAll(() => world.dispose());

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
      const { id } = await desk.newCustomer();
      const [accounts, buckets] = [await desk.rowsOf('billing_account'), await desk.rowsOf('bucket')];
      expect(await desk.open(id, more)).toEqual({ billingAccount: null, errors: [{ code, path }] });
      expect([await desk.rowsOf('billing_account'), await desk.rowsOf('bucket')]).toEqual([accounts, buckets]);
    });

    it('keeps the zone in the letters of the table', async () => {
      const { id } = await desk.newCustomer();
      const account = await desk.opened(id, { timeZone: 'europe/dublin' });
      expect((await world.ask(crm, 'query($id: ID!) { billingAccount(id: $id) { timeZone } }', { id: account })).data)
        .toEqual({ billingAccount: { timeZone: 'Europe/Dublin' } });
    });

    it('builds a tree fifty deep that can be walked up', async () => {
      const { id } = await desk.newCustomer();
      let parentId: string | null = null;
      for (let depth = 0; depth < 50; depth += 1) parentId = await desk.opened(id, { name: `level ${depth}`, parentId });
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
      const { id } = await desk.newCustomer();
      const head = await desk.opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('100') });
      const group = await desk.founded(head);
      await desk.opened(id, { sharingGroupId: group, payerId: head, paymentMode: 'POSTPAID', creditLimit: limit('100') });
      const { rows } = await world.database.ownerPool.query(`
        select account.id = account.root_id as is_root, account.shard = (account.id & 4095) as shard_in_id, member.account_id is not null as is_member,
               min(account.root_id) over () = max(account.root_id) over () as one_root,
               (select setup_version > 2 from bucket where bucket.shard = account.shard and root_id = account.root_id and bucket.id = 0) as is_raised
          from billing_account account
          left join sharing_group_member member on member.shard = account.shard and member.root_id = account.root_id and member.account_id = account.id
         where account.customer_id = (select id from customer where external_id = $1) order by account.id = account.root_id desc`,
      [`crm-${desk.customers()}`]);
      const common = { shard_in_id: true, is_member: true, one_root: true, is_raised: true };
      expect(rows).toEqual([{ is_root: true, ...common }, { is_root: false, ...common }]);
    });

    it.each([
      ['a looser limit than its payer\'s', { creditLimit: limit('100.000001') }, 'INVALID_INPUT', ['creditLimit']],
      ['no limit under a payer who has one', { creditLimit: { kind: 'UNLIMITED' } }, 'INVALID_INPUT', ['creditLimit']],
      ['another currency', { currency: 'USD', creditLimit: { kind: 'AMOUNT', amount: { amount: '1', currency: 'USD' } } }, 'CURRENCY_MISMATCH', ['currency']],
    ])('refuses a member with %s', async (_, more, code, path) => {
      const { id } = await desk.newCustomer();
      const head = await desk.opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('100') });
      const group = await desk.founded(head);
      expect(await desk.open(id, { sharingGroupId: group, payerId: head, paymentMode: 'POSTPAID', ...more }))
        .toEqual({ billingAccount: null, errors: [{ code, path }] });
    });

    it('founds one group a root, also when asked for five times at once, and none on a member', async () => {
      const { id } = await desk.newCustomer();
      const head = await desk.opened(id);
      const found = (ownerAccountId: string): Promise<Refused & { sharingGroup: { id: string } | null }> =>
        world.change(crm, 'sharingGroupCreate', 'sharingGroup { id }', { ownerAccountId, name: 'Five' });
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => found(head)));
      const groups = outcomes.flatMap(({ sharingGroup }) => (sharingGroup ? [sharingGroup.id] : []));
      expect(groups).toHaveLength(1);
      expect(outcomes.flatMap(({ errors }) => errors)).toEqual(Array(4).fill({ code: 'ALREADY_EXISTS', path: ['ownerAccountId'] }));
      const member = await desk.opened(id, { sharingGroupId: groups[0] });
      expect((await found(member)).errors).toEqual([{ code: 'CONFLICT', path: ['ownerAccountId'] }]);
    });

    it('lets twenty members join at once, each with its place in the group', async () => {
      const { id } = await desk.newCustomer();
      const head = await desk.opened(id);
      const group = await desk.founded(head);
      const members = await Promise.all(Array.from({ length: 20 }, () => desk.opened(id, { sharingGroupId: group })));
      const { data } = await world.ask(crm, 'query($id: ID!) { node(id: $id) { ... on SharingGroup { members(first: 100) { nodes { id } } } } }',
        { id: group });
      const { nodes } = (data as { node: { members: { nodes: { id: string }[] } } }).node.members;
      expect(new Set(nodes.map((node) => node.id))).toEqual(new Set([head, ...members]));
      const { rows } = await world.database.ownerPool.query(
        `select count(distinct account_id)::int as accounts, max(setup_version) >= 22 as is_raised from bucket where root_id = $1`,
        [keyOf(head)]);
      expect(rows).toEqual([{ accounts: 21, is_raised: true }]);
    });

    it('refuses a payer of another root', async () => {
      const { id } = await desk.newCustomer();
      const other = await desk.opened(id);
      expect((await desk.open(id, { payerId: other })).errors).toEqual([{ code: 'CONFLICT', path: ['payerId'] }]);
    });
  });

  describe('a change of an account', () => {
    it('needs the version that was read; of twenty at once one gets through', async () => {
      const { id } = await desk.newCustomer();
      const account = await desk.opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('10') });
      const raise = (): Promise<AccountPayload> => world.change(crm, 'billingAccountUpdate', 'billingAccount { id version }',
        { billingAccountId: account, expectedVersion: 1, creditLimit: limit('20') });
      const answers = await Promise.all(Array.from({ length: 20 }, raise));
      expect(answers.filter(({ billingAccount }) => billingAccount?.version === 2)).toHaveLength(1);
      expect(answers.flatMap(({ errors }) => errors)).toEqual(Array(19).fill({ code: 'CONFLICT', path: ['expectedVersion'] }));
    });

    it('carries a new limit to the money rooms, raises the setup version and leaves an audit row without names', async () => {
      const { id } = await desk.newCustomer();
      const account = await desk.opened(id, { name: 'Secret garden', paymentMode: 'POSTPAID', creditLimit: limit('10') });
      await world.change(crm, 'billingAccountUpdate', '__typename',
        { billingAccountId: account, expectedVersion: 1, name: 'Hidden garden', creditLimit: limit('12.5') });
      const key = keyOf(account);
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

    it('gives credit by an agent up to the tenant\'s bound for agents, by finance beyond it', async () => {
      const { id } = await desk.newCustomer();
      expect((await desk.open(id, { paymentMode: 'POSTPAID', creditLimit: limit('500.000001') })).errors).toEqual([{ code: 'LIMIT_EXCEEDED', path: ['creditLimit'] }]);
      expect((await desk.open(id, { paymentMode: 'POSTPAID', creditLimit: { kind: 'UNLIMITED' } })).errors).toEqual([{ code: 'LIMIT_EXCEEDED', path: ['creditLimit'] }]);
      expect((await desk.open(id, { currency: 'KWD', paymentMode: 'POSTPAID', creditLimit: { kind: 'AMOUNT', amount: { amount: '1', currency: 'KWD' } } })).errors)
        .toEqual([{ code: 'LIMIT_EXCEEDED', path: ['creditLimit'] }]);
      const account = await desk.opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('500') });
      const raise = (caller: typeof crm, creditLimit: unknown): Promise<Refused> =>
        world.change(caller, 'billingAccountUpdate', '__typename', { billingAccountId: account, expectedVersion: 1, creditLimit });
      expect((await raise(crm, { kind: 'UNLIMITED' })).errors).toEqual([{ code: 'LIMIT_EXCEEDED', path: ['creditLimit'] }]);
      expect((await raise(finance, { kind: 'UNLIMITED' })).errors).toEqual([]);
      const { rows } = await world.database.ownerPool.query('select credit_limit from bucket where root_id = $1 and id = 0', [keyOf(account)]);
      expect(rows).toEqual([{ credit_limit: null }]);
    });

    it('may lower a limit below what is owed: nothing owed is lost', async () => {
      const { id } = await desk.newCustomer();
      const account = await desk.opened(id, { paymentMode: 'POSTPAID', creditLimit: limit('10') });
      const key = keyOf(account);
      await world.database.ownerPool.query('update bucket set value = -8000000 where root_id = $1 and id = 0', [key]);
      const { errors } = await world.change<Refused>(crm, 'billingAccountUpdate', '__typename',
        { billingAccountId: account, expectedVersion: 1, creditLimit: limit('5') });
      expect(errors).toEqual([]);
      const { rows } = await world.database.ownerPool.query('select value, credit_limit, overused from bucket where root_id = $1 and id = 0', [key]);
      expect(rows).toEqual([{ value: '-8000000', credit_limit: '5000000', overused: true }]);
    });

    it('leaves an audit row of its refusal too', async () => {
      const { id } = await desk.newCustomer();
      const account = await desk.opened(id);
      await world.change(crm, 'billingAccountUpdate', '__typename', { billingAccountId: account, expectedVersion: 7, name: 'X' });
      const key = keyOf(account);
      const { rows } = await world.database.ownerPool.query(
        `select actor, request_id, after from audit_log where object_id = $1 and result = 'REFUSED'`, [key]);
      expect(rows).toEqual([{ actor: crm.subject, request_id: 'request-1', after: { errorCode: 'CONFLICT' } }]);
    });
  });
});
