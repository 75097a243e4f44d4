import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { agentOf } from '../scenario/ordering-world';
import { bill, importFile, moveClock, telco } from '../scenario/customers-support';
import { ImportBench, openImportBench } from '../scenario/import-support';
import { encodeId } from '../../src/platform/graphql';
import { ApiNode, openNode, Shown, tokenOf } from './balance-world';

jest.setTimeout(120_000);

/** Everything that is known of a customer, as a desk shows it on one page. */
const EVERYTHING = `query ($externalId: String!) {
  customers(externalId: $externalId, first: 1) { nodes {
    id name externalId segment state party { id ... on Individual { familyName } }
    accounts(first: 3) {
      id name currency paymentMode billCycleDay state spendable { amount } exposure { amount } billCredit { amount } payer { id }
      identifiers(first: 5) { nodes { kind value } }
      buckets { id kind value { amount unit } product { id } }
      products(first: 10) { nodes {
        id state startedAt period { from until } renewsAt renewalFee { amount } attachedTo { id }
        offering { id code name description prices { id name taxClass } }
        prices { price { id code name } valid { from until } }
        buckets { id }
      } }
      bills(first: 4) { nodes {
        id documentNumber state total { amount } remaining { amount } taxes { code amount { amount } }
        lines(first: 9) { nodes { description net { amount } product { id } } }
        payments { amount { amount } payment { id reference } }
      } }
      productOrders(first: 4) { nodes { id externalId state items { key state offering { code name } product { id state } } } }
      billPayments(first: 4) { nodes { id reference amount { amount } unallocated { amount } allocations { amount { amount } bill { id documentNumber } } } }
    }
  } }
}`;

const MOST = 25;

let bench: ImportBench;
let node: ApiNode;

/** Rows of the sample's form: one service, and all of them. */
const HEAD = 'customerID,PhoneService,MultipleLines,InternetService,OnlineSecurity,OnlineBackup,DeviceProtection,TechSupport,StreamingTV,StreamingMovies,MonthlyCharges';
const FEW = `few,Yes,No,No,${Array(6).fill('No internet service').join(',')},20`;
const MANY = 'many,Yes,Yes,Fiber optic,Yes,Yes,Yes,Yes,Yes,Yes,115';

beforeAll(async () => {
  bench = await openImportBench();
  node = await openNode(bench.db);
  await importFile(bench.rooms, bench.file('customers.csv', [HEAD, FEW, MANY, MANY.replace('many', 'other'), ''].join('\n')));
  await furnish('many');
});
afterAll(async () => {
  await node.close();
  await bench.dispose();
});

/** Two more accounts with orders of their own, three months of bills, and payments. */
async function furnish(externalId: string): Promise<void> {
  const { rooms } = bench;
  const actor = agentOf(1);
  const { rows: [customer] } = await bench.db.ownerPool.query<{ id: string }>('select id from customer where external_id = $1', [externalId]);
  const accounts: bigint[] = [];
  for (const name of ['Office', 'Cabin']) {
    const { account: terms } = telco();
    const { id } = await rooms.accounts.create({ ...actor, role: 'FINANCE' }, { ...terms, customerId: BigInt(customer!.id), name, creditLimit: { kind: 'UNLIMITED' } });
    accounts.push(id);
    for (const [turn, codes] of [['phone', 'internet-fiber', 'tech-support'], ['streaming-tv', 'streaming-movies']].entries()) {
      const order = await rooms.orders.create(actor, () => ({
        channel: 'desk', externalId: `${name}-${turn}`, accountId: id, requestedStart: null, restarts: null,
        items: codes.map((code) => ({ key: code, action: 'ADD', offeringCode: code, offeringVersion: null, productId: null, productVersion: null, takesEffect: 'NOW',
          attachedToKey: null, attachedTo: null, bundledInKey: null, bundledIn: null, reliesOn: [], identifiers: [] })),
      }));
      await rooms.orderRunner.advance(order);
    }
  }
  const now = await rooms.clock.now(1);
  for (const month of [1, 2, 3]) {
    const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, 1, 12)).toISOString();
    await moveClock(rooms, at);
    await bill(rooms, at.slice(0, 10));
    for (const id of accounts) {
      const { data } = await node.ask(tokenOf('FINANCE'), `mutation ($input: BillPaymentRecordInput!) { billPaymentRecord(input: $input) { payment { id } errors { code } } }`,
        { input: { accountId: encodeId('BillingAccount', id), amount: { amount: '10.00', currency: 'EUR' }, reference: `m${month}`, idempotencyKey: `pay-${id}-${month}` } });
      expect(data!.billPaymentRecord!.errors).toEqual([]);
    }
  }
}

/** Every statement that the node sends for its readers: those of the pool, and those of connections that are taken from it. */
function listen(): { readonly statements: string[]; stop(): void } {
  const pool = bench.db.appPool;
  const statements: string[] = [];
  const note = ([given]: readonly unknown[]): void => { statements.push(typeof given === 'string' ? given : (given as { text: string }).text); };
  const read = jest.spyOn(pool, 'query');
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => Promise<PoolClient> | undefined;
  const taken = jest.spyOn(pool, 'connect').mockImplementation(((...args: unknown[]) => {
    // The pool's own query takes its connection by a callback.
    if (args.length > 0) return connect(...args);
    return connect()!.then((client) => {
      const query = client.query.bind(client) as (...sent: unknown[]) => unknown;
      client.query = ((...sent: unknown[]) => { note(sent); return query(...sent); }) as typeof client.query;
      const release = client.release.bind(client);
      client.release = (error) => { Reflect.deleteProperty(client, 'query'); release(error); };
      return client;
    });
  }) as never);
  return { statements, stop: () => { read.mock.calls.forEach((call) => note(call)); read.mockRestore(); taken.mockRestore(); } };
}

async function asked(externalId: string): Promise<{ readonly customer: Shown; readonly sent: readonly string[] }> {
  const { statements, stop } = listen();
  const answer = await node.ask(tokenOf('CRM_AGENT'), EVERYTHING, { externalId });
  stop();
  expect(answer.codes).toEqual([]);
  const text = (sql: string): string => sql.trim().replace(/\s+/g, ' ').slice(0, 160);
  return { customer: answer.data!.customers!.nodes[0]!, sent: statements.map(text).filter((sql) => !/^(begin|rollback)/.test(sql)) };
}

it('is read in at most 25 statements, however much it has', async () => {
  // Another customer fills what a node remembers of the catalog, which never changes; these two it has not seen yet.
  await asked('other');
  const [few, many] = [await asked('few'), await asked('many')];
  const sizeOf = (customer: Shown): number[] => ['products', 'bills', 'productOrders', 'billPayments'].map((list) =>
    customer.accounts.reduce((sum: number, account: Shown) => sum + account[list]!.nodes.length, 0));
  expect(few.customer.accounts).toHaveLength(1);
  expect(many.customer.accounts).toHaveLength(3);
  expect(sizeOf(few.customer)).toEqual([1, 3, 1, 0]);
  expect(sizeOf(many.customer)).toEqual([19, 9, 5, 6]);
  const telling = `${few.sent.length} and ${many.sent.length}:\n${many.sent.join('\n')}`;
  expect({ isFew: many.sent.length <= MOST && few.sent.length <= MOST, telling }).toEqual({ isFew: true, telling });
});

it('is so in whatever order the answers come', async () => {
  const pool = bench.db.appPool;
  const send = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  // Laid below the listener, which takes the pool as it finds it.
  pool.query = (async (...args: unknown[]) => { await sleep(Math.random() * 20); return send(...args); }) as never;
  let most: readonly string[] = [];
  for (let turn = 0; turn < 15; turn += 1) {
    const { sent } = await asked('many');
    if (sent.length > most.length) most = sent;
  }
  Reflect.deleteProperty(pool, 'query');
  expect({ isFew: most.length <= MOST, most }).toEqual({ isFew: true, most });
});
