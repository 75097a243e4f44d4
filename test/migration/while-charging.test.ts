import { migrate } from '../../src/platform/db/migrate';
import { amount } from '../../src/platform/money';
import { createTestDatabase, TestDatabase, violationsOf } from '../support';
import { blocksOf } from '../docs/blocks';
import { agentKey, call, createWorld, flatRate, World, WorldAccount } from '../support/world';

jest.setTimeout(120_000);

/*
 * A database one migration behind, on which a conductor of the old version charges while nodes of the new one start: the
 * last migration that touches the charging path's tables is taken back, then made again under load.
 */
const BEHIND = 'Due1764300000006';
const NUMBERS = ['353860010001', '353860010002', '353860010003'];

let db: TestDatabase;
let world: World;
const accounts: WorldAccount[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  world = await createWorld(db);
  await world.offering({ code: 'minutes', usage: [{ kind: 'VOICE', unit: 'SECOND', per: '60', rates: flatRate('0.60') }] });
  for (const number of NUMBERS) {
    const account = await world.account();
    accounts.push(account);
    await world.conductor.topUp(agentKey(1, `t${number}`), { accountId: account.id,
      funding: { kind: 'AGENT', amount: amount(900_000_000n), currency: 'EUR', promotional: false, validUntil: null } });
    expect(await world.conductor.activate(agentKey(1, `a${number}`), { accountId: account.id, offeringCode: 'minutes',
      startedAt: Date.now() - 60_000, identifiers: [{ kind: 'MSISDN', value: number }], attachedTo: null })).toMatchObject({ ok: true });
  }
  // Enough rows that the migration takes its time.
  await db.ownerPool.query(`insert into bucket (shard, root_id, id, tenant_id, account_id, kind, asset, valid_from, valid_until)
    select 7, 7, g, 1, 7, 'UNIT', 'BYTE', now(), now() + interval '1 year' from generate_series(1, 100000) g`);
});
afterAll(async () => {
  await world.close();
  await db.dispose();
});

async function takeBack(): Promise<void> {
  await db.ownerPool.query('drop index bucket_expiry_idx, product_end_idx');
  await db.ownerPool.query('delete from migration where name = $1', [BEHIND]);
}

interface Charging { readonly waits: number[]; stop(): Promise<void> }

/** Charges the numbers one after another until it is stopped; how long each took, in ms. Every one must be charged. */
function chargeOn(numbers: readonly string[]): Charging {
  const waits: number[] = [];
  let isRunning = true;
  const running = (async () => {
    for (let turn = 0; isRunning; turn += 1) {
      const startedAt = performance.now();
      const results = await world.conductor.chargeUsage([call(numbers[turn % numbers.length]!, 10n)], { delivered: false, lateLimitDays: undefined });
      expect(results).toMatchObject([{ status: 'CHARGED', error: null }]);
      waits.push(performance.now() - startedAt);
    }
  })();
  return { waits, stop: async () => { isRunning = false; await running; } };
}

const until = async (met: () => boolean): Promise<void> => {
  while (!met()) await new Promise((resolve) => { setTimeout(resolve, 5); });
};

it('runs once although three nodes start at once, and every usage is charged meanwhile', async () => {
  await takeBack();
  const charging = chargeOn(NUMBERS);
  await until(() => charging.waits.length > 20);
  const done = await Promise.all([migrate(db.ownerUrl), migrate(db.ownerUrl), migrate(db.ownerUrl)]);
  const during = charging.waits.length;
  await until(() => charging.waits.length > during + 20);
  await charging.stop();
  expect(done.flat()).toEqual([BEHIND]);
  expect((await db.ownerPool.query('select from migration where name = $1', [BEHIND])).rowCount).toBe(1);
  expect(Math.max(...charging.waits)).toBeLessThan(5_000);
  await db.ownerPool.query('delete from bucket where root_id = 7');
  expect(await violationsOf(db.appPool)).toEqual([]);
});

it('whose indexes the operator built beforehand, as the page on running it says, has nothing left to do', async () => {
  await takeBack();
  const block = blocksOf('docs/operations.md').find(({ language, text }) => language === 'sql' && text.includes(BEHIND));
  const charging = chargeOn(NUMBERS);
  for (const statement of block!.text.split(';\n').filter((text) => text.trim() !== '')) await db.ownerPool.query(statement);
  expect(await migrate(db.ownerUrl)).toEqual([]);
  await charging.stop();
  const { rows } = await db.ownerPool.query(`select indexrelid::regclass::text as name from pg_index where indisvalid and indexrelid::regclass::text in ('bucket_expiry_idx', 'product_end_idx')`);
  expect(rows).toHaveLength(2);
  expect(Math.max(...charging.waits)).toBeLessThan(2_000);
});

it('does not make charging wait behind it where a long transaction holds its table', async () => {
  await takeBack();
  const holder = await db.ownerPool.connect();
  await holder.query('begin');
  await holder.query('select from bucket where root_id = $1 for update', [accounts[0]!.rootId.toString()]);
  await holder.query('update bucket set priority = priority where root_id = $1', [accounts[0]!.rootId.toString()]);
  const charging = chargeOn(NUMBERS.slice(1));
  const migrating = migrate(db.ownerUrl);
  await new Promise((resolve) => { setTimeout(resolve, 3_000); });
  const meanwhile = charging.waits.length;
  await holder.query('rollback');
  holder.release();
  expect(await migrating).toEqual([BEHIND]);
  await charging.stop();
  // It tried more than once, and let the charges pass each time.
  expect(meanwhile).toBeGreaterThan(50);
  expect(Math.max(...charging.waits)).toBeLessThan(2_000);
  expect(await violationsOf(db.appPool)).toEqual([]);
});
