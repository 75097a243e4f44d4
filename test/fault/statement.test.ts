import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, NodeProcess, startNode, temporaryFolder, TestDatabase, violationsOf } from '../support';
import { tokenOf } from './http-sender';

/**
 * F16: a partner's statement run again, killed half way, a refund after its publishing. The node is killed where everything is
 * written and nothing committed: it waits for the head of the audit trail, which the test holds.
 */
jest.setTimeout(180_000);

type Data = Record<string, { readonly [field: string]: unknown }>;
const PASSES = 20;
const folder = temporaryFolder();
let db: TestDatabase;
let node: NodeProcess;

const start = async (): Promise<void> => {
  node = await startNode({ DATABASE_URL: db.ownerUrl, TRIBUTARY_DEMO: '1', TRIBUTARY_TEST: '1', DATA_DIR: folder.path });
};
beforeAll(async () => {
  db = await createTestDatabase({ seeded: true });
  await start();
});
afterEach(async () => expect(await violationsOf(db.appPool)).toEqual([]));
afterAll(async () => {
  await node.end('SIGTERM');
  await db.dispose();
  folder.remove();
});

async function ask(who: string, query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(`${node.address}/graphql`, {
    method: 'POST', headers: { authorization: `Bearer ${tokenOf(node, who)}`, 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json() as { data: Data; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
async function change(who: string, field: string, selection: string, input: object): Promise<Record<string, unknown>> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const data = await ask(who, `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} errors { code message path } } }`, { input });
  expect(data[field]!.errors).toEqual([]);
  return data[field] as Record<string, unknown>;
}

/** Everything that stands of statements and their postings. */
const standing = async (): Promise<string> => JSON.stringify((await db.ownerPool.query(`select
  (select json_agg(s order by s.id) from share_statement s) as statements, (select json_agg(l order by l.statement_id, l.line) from share_statement_line l) as lines,
  (select json_agg(e order by e.statement_id, e.kind) from settlement_entry e) as entries, (select count(*) from audit_log where operation like 'statement%') as told`)).rows);

/** Kills the node in the work's last step before its commit, and starts another. */
async function killedHalfWay(work: () => Promise<unknown>): Promise<void> {
  const before = await standing();
  const holder = await db.ownerPool.connect();
  await holder.query('begin');
  await holder.query('select from audit_head for update');
  const lost = expect(work()).rejects.toThrow('fetch failed');
  const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%audit_head%'`;
  while ((await db.ownerPool.query(waits)).rowCount === 0) await sleep(20);
  await node.end('SIGKILL');
  await lost;
  await holder.query('rollback');
  holder.release();
  while ((await db.ownerPool.query(`select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()`)).rowCount !== 0) await sleep(20);
  expect(await standing()).toBe(before);
  await start();
}

let settlementAccountId: string;
let charges: string[];
const close = (periodFrom: string): Promise<Record<string, unknown>> =>
  change('finance', 'statementClose', 'statement { id state version share { amount } rounding { amount } payable { amount } carriedForward { amount } }', { settlementAccountId, periodFrom });
const closed = async (periodFrom: string): Promise<Record<string, unknown>> => (await close(periodFrom)).statement as Record<string, unknown>;
const firstDays = (): [string, string] => {
  const now = new Date();
  const day = (months: number): string => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
  return [day(0), day(1)];
};

it('is whole or not there wherever its node is killed, and the same when it is run again', async () => {
  const home = await ask('partner', '{ viewerPartner { settlementAccounts { id } } }');
  settlementAccountId = (home.viewerPartner!.settlementAccounts as { id: string }[])[0]!.id;
  const viewer = await ask('bob', '{ viewer { accounts { id } } }');
  const accountId = (viewer.viewer!.accounts as { id: string }[])[0]!.id;
  for (let index = 0; index < PASSES; index += 1) await change('crm', 'productActivate', 'product { id }', { accountId, offeringCode: 'video-pass-24h', idempotencyKey: `pass-${index}` });
  const history = await ask('bob', '{ viewer { accounts { charges(first: 50) { nodes { id gross { amount } } } } } }');
  charges = (history.viewer!.accounts as { charges: { nodes: { id: string; gross: { amount: string } }[] } }[])[0]!.charges.nodes.filter(({ gross }) => gross.amount === '1.50').map(({ id }) => id);
  expect(charges).toHaveLength(PASSES);
  const [month, next] = firstDays();
  await change('admin', 'tenantClockAdvance', 'businessTime', { until: `${next}T09:00:00Z` });
  await killedHalfWay(() => close(month));
  const statement = await closed(month);
  // 20 × 70 % of 1.219512 = 20 × 0.853658 = 17.07316.
  expect(statement).toMatchObject({ state: 'CALCULATED', version: 1, share: { amount: '17.07' }, rounding: { amount: '-0.00316' }, payable: { amount: '17.07' } });
  const publish = (): Promise<unknown> => change('finance', 'statementPublish', 'statement { state }', { statementId: statement.id, expectedVersion: 1 });
  await killedHalfWay(publish);
  await publish();
  const published = await standing();
  await Promise.all(Array.from({ length: 5 }, () => close(month)));
  // But for the audit rows of who ran it again.
  const told = /"told":"\d+"/;
  expect((await standing()).replace(told, '')).toBe(published.replace(told, ''));
});

it('a refund after its publishing is an adjustment on the next, and changes nothing of it', async () => {
  const [month, next] = firstDays();
  const before = await closed(month);
  await change('finance', 'chargeRefund', 'refund { id }', { chargeId: charges[0], reason: 'GOODWILL', idempotencyKey: 'back' });
  expect(await closed(month)).toEqual(before);
  const after = new Date(Date.parse(next));
  await change('admin', 'tenantClockAdvance', 'businessTime', { until: new Date(Date.UTC(after.getUTCFullYear(), after.getUTCMonth() + 1, 1, 9)).toISOString() });
  await killedHalfWay(() => close(next));
  const statement = await closed(next);
  expect(statement).toMatchObject({ share: { amount: '-0.85' }, payable: { amount: '0.00' }, carriedForward: { amount: '-0.85' } });
  const lines = await ask('finance', 'query($id: ID!) { statement(id: $id) { lines { nodes { count exactShare { amount } adjusts { number } } } } }', { id: statement.id });
  expect((lines.statement!.lines as { nodes: unknown[] }).nodes).toEqual([{ count: '1', exactShare: { amount: '-0.853658' }, adjusts: { number: 1 } }]);
});
