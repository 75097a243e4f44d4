import type { Client } from 'graphql-ws';
import { balanceKey, balanceStream, sharedBalances } from '../../src/balance/balance-stream';
import { encodeId } from '../../src/platform/graphql';
import { call, flatRate, WorldAccount } from '../support/world';
import { accountId, ApiNode, BalanceWorld, openBalanceWorld, openNode, tokenOf, Watcher } from '../api/balance-world';
import { RawSocket } from '../api/server.fixture';

interface BalanceMessage {
  readonly cursor: string;
  readonly reason: 'SNAPSHOT' | 'CHANGE' | 'RESYNC';
  readonly spendable: { readonly amount: string };
  readonly buckets: readonly { readonly id: string; readonly version: string }[];
  readonly cause: { readonly kind: string; readonly usageId: string | null; readonly chargeId: string | null; readonly moveId: string | null } | null;
}
interface UsageMessage {
  readonly cursor: string;
  readonly reason: 'SNAPSHOT' | 'CHARGE' | 'RESUME_EXPIRED';
  readonly usage: { readonly usageId: string } | null;
  readonly charge: { readonly gross: { readonly amount: string } } | null;
}
const BALANCE = `subscription($accountId: ID!, $after: Cursor) { balanceChanged(accountId: $accountId, after: $after) {
  cursor reason at spendable { amount } buckets { id version } cause { kind usageId chargeId moveId } } }`;
const USAGE = `subscription($productId: ID, $accountId: ID, $after: Cursor) { usageCharged(productId: $productId, accountId: $accountId, after: $after) {
  cursor reason usage { usageId } charge { gross { amount } } } }`;

let open: BalanceWorld;
/** The other node: another server, hub and conductor on the same database. */
let other: ApiNode;
const clients: Client[] = [];
let numbers = 0;

const client = (node: ApiNode, token: string): Client => {
  const made = node.socket(token);
  clients.push(made);
  return made;
};
const balance = async (node: ApiNode, account: WorldAccount, after?: string): Promise<Watcher<BalanceMessage>> =>
  new Watcher(client(node, await open.ownerOf(account)), BALANCE, { accountId: accountId(account), after }, 'balanceChanged');
const usage = async (node: ApiNode, account: WorldAccount, after?: string): Promise<Watcher<UsageMessage>> =>
  new Watcher(client(node, await open.ownerOf(account)), USAGE, { accountId: accountId(account), after }, 'usageCharged');

async function subscriber(euros = 40n): Promise<{ account: WorldAccount; number: string; productId: string }> {
  const account = await open.world.account();
  const key = () => ({ tenantId: 1, caller: 'test', key: `k${++numbers}` });
  const number = `3538620${String(++numbers).padStart(5, '0')}`;
  const funding = { kind: 'AGENT' as const, amount: (euros * 1_000_000n) as never, currency: 'EUR', promotional: false, validUntil: null };
  expect(await open.node.conductor.topUp(key(), { accountId: account.id, funding })).toMatchObject({ ok: true });
  const made = await open.node.conductor.activate(key(), {
    accountId: account.id, offeringCode: 'payg', startedAt: Date.now() - 3_600_000, identifiers: [{ kind: 'MSISDN', value: number }], attachedTo: null,
  });
  if (!made.ok) throw new Error('not activated');
  return { account, number, productId: encodeId('Product', made.answer.productId) };
}
/** A call of a minute costs 0.10. */
async function charge(node: ApiNode, number: string): Promise<string> {
  const event = call(number, 60n);
  const [result] = await node.conductor.chargeUsage([event], { delivered: false, lateLimitDays: undefined });
  expect(result).toMatchObject({ status: 'CHARGED' });
  return event.usageId;
}
const quiet = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 150); });
async function eventually(what: () => boolean): Promise<void> {
  for (let round = 0; round < 100 && !what(); round++) await new Promise((resolve) => { setTimeout(resolve, 20); });
  expect(what()).toBe(true);
}

beforeAll(async () => {
  open = await openBalanceWorld();
  other = await openNode(open.db);
  await open.world.offering({ code: 'family', period: 'MONTH', allowances: [{ code: 'pool', kind: 'VOICE', unit: 'SECOND', quantity: '6000', shared: true }] });
  await open.world.offering({ code: 'payg', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.10') }] });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((one) => one.dispose()));
  await eventually(() => open.node.live.readers === 0 && other.live.readers === 0);
});
afterAll(async () => {
  await other.close();
  await open.dispose();
});

describe('balances', () => {
  it('a charge on one node is seen on a socket of the other within 2 s, with its cause', async () => {
    const { account, number } = await subscriber();
    const [near, far] = [await balance(open.node, account), await balance(other, account)];
    for (const watcher of [near, far]) expect(await watcher.until(() => true)).toMatchObject({ reason: 'SNAPSHOT', spendable: { amount: '40.00' }, cause: null });
    const usageId = await charge(open.node, number);
    for (const watcher of [near, far]) {
      const news = await watcher.until(({ reason }) => reason === 'CHANGE', 2_000);
      expect(news).toMatchObject({ spendable: { amount: '39.90' }, cause: { kind: 'USAGE', usageId } });
      expect(news.cause!.chargeId).not.toBeNull();
    }
  });

  it('no version goes back, and the last one comes, while both nodes charge', async () => {
    const { account, number } = await subscriber();
    const watchers = [await balance(open.node, account), await balance(other, account)];
    for (const watcher of watchers) await watcher.until(() => true);
    await Promise.all(Array.from({ length: 100 }, (_, index) => charge(index % 2 ? open.node : other, number)));
    for (const watcher of watchers) {
      await watcher.until(({ spendable }) => spendable.amount === '30.00', 2_000);
      const versions = watcher.seen.map(({ buckets }) => parseInt(buckets[0]!.version, 10));
      expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
      expect(versions.length).toBeLessThanOrEqual(101);
    }
  });

  it('a resumed connection gets one resync with what stands now, then changes', async () => {
    const { account, number } = await subscriber();
    const first = await balance(open.node, account);
    const { cursor } = await first.until(() => true);
    first.stop();
    await charge(open.node, number);
    const again = await balance(other, account, cursor);
    expect(await again.until(() => true)).toMatchObject({ reason: 'RESYNC', spendable: { amount: '39.90' } });
    await charge(open.node, number);
    expect(await again.until(({ reason }) => reason === 'CHANGE')).toMatchObject({ spendable: { amount: '39.80' } });
    expect(again.seen).toHaveLength(2);
  });

  it('a member of a sharing group sees the shared bucket move, not by whose usage', async () => {
    const { account: owner, number } = await subscriber();
    const member = await open.world.account({ mode: 'POSTPAID', within: owner });
    await open.node.conductor.activate({ tenantId: 1, caller: 'test', key: `k${++numbers}` }, {
      accountId: owner.id, offeringCode: 'family', startedAt: Date.now() - 3_600_000, identifiers: [], attachedTo: null,
    });
    const watchers = [await balance(other, owner), await balance(other, member)];
    for (const watcher of watchers) await watcher.until(() => true);
    await charge(open.node, number);
    const [mine, theirs] = await Promise.all(watchers.map((watcher) => watcher.until(({ reason }) => reason === 'CHANGE', 2_000)));
    expect(mine).toMatchObject({ cause: { kind: 'USAGE' } });
    expect(theirs).toMatchObject({ cause: null });
  });

  it('a changed credit limit is seen although nothing moved', async () => {
    const account = await open.world.account({ mode: 'POSTPAID', limit: 10_000_000n });
    const watcher = await balance(other, account);
    expect(await watcher.until(() => true)).toMatchObject({ spendable: { amount: '10.00' } });
    await open.db.ownerPool.query(`update bucket set credit_limit = 25000000, setup_version = setup_version + 1 where root_id = $1 and id = 0`, [account.rootId.toString()]);
    expect(await watcher.until(({ reason }) => reason === 'CHANGE', 2_000)).toMatchObject({ spendable: { amount: '25.00' } });
  });

  it('a refused usage, which moves no balance, is no message', async () => {
    const { account, number } = await subscriber(1n);
    const watcher = await balance(open.node, account);
    await watcher.until(() => true);
    const refused = await open.node.conductor.chargeUsage([call(number, 36_000n)], { delivered: false, lateLimitDays: undefined });
    expect(refused).toMatchObject([{ status: 'REFUSED' }]);
    await charge(open.node, number);
    await watcher.until(({ reason }) => reason === 'CHANGE');
    await quiet();
    expect(watcher.seen).toHaveLength(2);
  });
});

describe('charged usage', () => {
  it('resumes over dropped connections and nodes under 500 charges: no gap, no repeat', async () => {
    const { account, number } = await subscriber(60n);
    const seen: string[] = [];
    const beginning = await usage(open.node, account);
    const first = await beginning.until(() => true);
    expect(first).toMatchObject({ reason: 'SNAPSHOT', usage: null, charge: null });
    beginning.stop();
    const sending = (async () => {
      for (let batch = 0; batch < 50; batch++) {
        await Promise.all(Array.from({ length: 10 }, () => charge(batch % 2 ? open.node : other, number)));
      }
    })();
    let { cursor } = first;
    let drops = 0;
    for (const late = Date.now() + 20_000; Date.now() < late && seen.length < 500; drops++) {
      const watcher = await usage(drops % 2 ? open.node : other, account, cursor);
      await watcher.until(() => watcher.seen.length > 40, 400).catch(() => undefined);
      watcher.stop();
      const messages = watcher.seen.slice();
      expect(messages.filter(({ reason }) => reason !== 'CHARGE')).toEqual([]);
      seen.push(...messages.map((message) => message.usage!.usageId));
      cursor = messages.at(-1)?.cursor ?? cursor;
      expect(watcher.errors).toEqual([]);
    }
    await sending;
    expect(drops).toBeGreaterThan(3);
    const { rows } = await open.db.ownerPool.query<{ event_id: string }>(
      'select event_id from charge where root_id = $1 order by position', [account.rootId.toString()]);
    expect(seen).toEqual(rows.map((row) => row.event_id));
    expect(seen).toHaveLength(500);
  }, 30_000);

  it('of one product holds that product\'s only', async () => {
    const { account, number, productId } = await subscriber();
    const second = await open.node.conductor.activate({ tenantId: 1, caller: 'test', key: `k${++numbers}` }, {
      accountId: account.id, offeringCode: 'payg', startedAt: Date.now() - 3_600_000, identifiers: [{ kind: 'MSISDN', value: '353863000001' }], attachedTo: null,
    });
    expect(second).toMatchObject({ ok: true });
    const watcher = new Watcher<UsageMessage>(client(other, await open.ownerOf(account)), USAGE, { productId }, 'usageCharged');
    await watcher.until(() => true);
    await charge(open.node, '353863000001');
    const mine = await charge(open.node, number);
    expect(await watcher.until(({ usage: one }) => one?.usageId === mine, 2_000)).toMatchObject({ charge: { gross: { amount: '0.10' } } });
    expect(watcher.seen).toHaveLength(2);
  });

  it('of a cursor that is too old, or ahead of the root, begins anew', async () => {
    const { account, number } = await subscriber();
    await open.db.ownerPool.query('update bucket set position = position + 20000 where root_id = $1 and id = 0', [account.rootId.toString()]);
    for (const position of ['1', '900000']) {
      const cursor = Buffer.from(`~root:${account.rootId}:${position}`).toString('base64url');
      const watcher = await usage(open.node, account, cursor);
      expect(await watcher.until(() => true)).toMatchObject({ reason: 'RESUME_EXPIRED', usage: null });
      const id = await charge(other, number);
      expect(await watcher.until(({ reason }) => reason === 'CHARGE', 2_000)).toMatchObject({ usage: { usageId: id } });
    }
  });
});

describe('who may watch', () => {
  it.each([['balanceChanged', BALANCE], ['usageCharged', USAGE]])('%s: a foreign account is refused like an unknown one', async (field, query) => {
    const [{ account }, stranger] = [await subscriber(), await open.world.account()];
    const tokens = [await open.ownerOf(stranger), tokenOf('CRM_AGENT', { tenantId: 2 })];
    for (const token of tokens) {
      for (const id of [accountId(account), encodeId('BillingAccount', account.id + 4096n * 1_000_000n), 'nonsense']) {
        const watcher = new Watcher(client(open.node, token), query, { accountId: id }, field);
        await watcher.end();
        expect([watcher.seen, watcher.errors]).toEqual([[], ['NOT_FOUND']]);
      }
    }
    const channel = new Watcher(client(open.node, tokenOf('CHANNEL')), query, { accountId: accountId(account) }, field);
    await channel.end();
    expect(channel.errors).toEqual(['FORBIDDEN']);
  });

  it.each([['balanceChanged', BALANCE], ['usageCharged', USAGE]])('%s: a cursor of another account is refused', async (field, query) => {
    const [{ account }, foreign] = [await subscriber(), await subscriber()];
    for (const cursor of [Buffer.from(`~root:${foreign.account.rootId}:1`).toString('base64url'), 'nonsense']) {
      const watcher = new Watcher(client(open.node, await open.ownerOf(account)), query, { accountId: accountId(account), after: cursor }, field);
      await watcher.end();
      expect([watcher.seen, watcher.errors]).toEqual([[], ['BAD_USER_INPUT']]);
    }
  });

  it('an account that moves to another customer ends its watchers within 5 s, and shows them nothing more', async () => {
    const [{ account, number }, buyer] = [await subscriber(), await open.world.account()];
    const watchers = [await balance(other, account), await usage(other, account)];
    for (const watcher of watchers) await watcher.until(() => true);
    await open.db.ownerPool.query(`
      with moved as (update billing_account set customer_id = (select customer_id from billing_account where id = $2) where id = $1 returning root_id)
      update bucket set setup_version = setup_version + 1 where root_id = (select root_id from moved) and id = 0`, [account.id.toString(), buyer.id.toString()]);
    for (const watcher of watchers) await watcher.end();
    await charge(open.node, number);
    await quiet();
    for (const watcher of watchers) expect([watcher.seen.length, watcher.errors]).toEqual([1, ['NOT_FOUND']]);
  });
});

describe('the signals', () => {
  it('are not needed: with the line cut every watcher still sees the last version within 2 s, and the line comes back', async () => {
    const { account, number } = await subscriber();
    const watcher = await balance(other, account);
    await watcher.until(() => true);
    for (let round = 1; round <= 3; round++) {
      const { rowCount } = await open.db.ownerPool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'tributary live'`);
      expect(rowCount).toBeGreaterThan(0);
      await charge(open.node, number);
      const expected = `39.${100 - 10 * round}`;
      await watcher.until(({ spendable }) => spendable.amount === expected, 2_000);
      await new Promise((resolve) => { setTimeout(resolve, 700); });
    }
    const { rows } = await open.db.ownerPool.query<{ lines: string }>(
      `select count(*) as lines from pg_stat_activity where datname = current_database() and application_name = 'tributary live'`);
    expect(rows).toEqual([{ lines: '2' }]);
  });
});

describe('a reader that stops', () => {
  it('costs no reading, and gets one balance for all that it missed', async () => {
    const { account, number } = await subscriber();
    const reads = jest.spyOn(other.conductor, 'balances');
    const stream = balanceStream({
      live: other.live, root: account, reads: sharedBalances(other.conductor), key: balanceKey(1, account.id), isResumed: false, isOwner: async () => true,
    });
    expect((await stream.next()).value).toMatchObject({ reason: 'SNAPSHOT', view: { spendable: 40_000_000n } });
    await Promise.all(Array.from({ length: 200 }, () => charge(open.node, number)));
    await quiet();
    expect(reads).toHaveBeenCalledTimes(1);
    expect((await stream.next()).value).toMatchObject({ reason: 'CHANGE', view: { spendable: 20_000_000n } });
    expect(reads).toHaveBeenCalledTimes(2);
    const waiting = stream.next();
    await stream.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    reads.mockRestore();
  });

  it('of one account is read once for all who watch it', async () => {
    const { account, number } = await subscriber();
    const watchers = await Promise.all(Array.from({ length: 15 }, () => balance(other, account)));
    for (const watcher of watchers) await watcher.until(() => true);
    const reads = jest.spyOn(other.conductor, 'balances');
    await charge(open.node, number);
    for (const watcher of watchers) await watcher.until(({ reason }) => reason === 'CHANGE', 2_000);
    expect(reads.mock.calls.length).toBeLessThan(6);
    reads.mockRestore();
  });

  it('is brought up to date when it reads again', async () => {
    const { account, number } = await subscriber();
    const socket = await RawSocket.signedIn(other.server, await open.ownerOf(account));
    socket.subscribe('1', BALANCE, { accountId: accountId(account) });
    await socket.until(({ type }) => type === 'next');
    socket.socket.pause();
    await Promise.all(Array.from({ length: 300 }, () => charge(open.node, number)));
    socket.socket.resume();
    await socket.until(({ payload }) => JSON.stringify(payload)?.includes('"spendable":{"amount":"10.00"}') ?? false);
    socket.close();
  });
});
