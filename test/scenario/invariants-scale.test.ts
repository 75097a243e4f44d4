import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { checkInvariants, prepareSession } from '../../src/audit';
import { createTestDatabase, TestDatabase } from '../support';
import { createWorld, WorldAccount } from '../support/world';

let db: TestDatabase;
let account: WorldAccount;

beforeAll(async () => {
  db = await createTestDatabase();
  account = await (await createWorld(db)).account({ mode: 'POSTPAID', limit: null });
});
afterAll(() => db.dispose());

const USED = 40_000;

/** One root with much usage, as an import leaves it: rows that no statistics tell of yet. */
async function useMuch(): Promise<void> {
  const place = [account.shard, account.rootId.toString(), USED];
  await db.ownerPool.query('alter table charge set (autovacuum_enabled = off)');
  await db.ownerPool.query('alter table entry set (autovacuum_enabled = off)');
  await db.ownerPool.query(`insert into charge (shard, root_id, position, tenant_id, source, event_id, role, party, body_hash, status, account_id,
      kind, event_at, booked_at, bill_period, unit, quantity, net, tax, asset)
    select $1, $2, n, 1, 'much', n::text, 'RETAIL', 0, '\\x00', 'CHARGED', $2, 'VOICE', now(), now(), now(), 'SECOND', 1, 1, 0, 'EUR/6'
      from generate_series(1, $3::int) n`, place);
  await db.ownerPool.query(`insert into entry (shard, root_id, bucket_id, version, position, tenant_id, kind, amount, balance_after, asset, account,
      contra, booked_at)
    select $1, $2, 0, n, n, 1, 'CHARGE', -1, -n, 'EUR/6', 'unbilled_receivable', 'revenue', now() from generate_series(1, $3::int) n`, place);
  await db.ownerPool.query('update bucket set value = -$3::bigint, version = $3, position = $3 where shard = $1 and root_id = $2 and id = 0', place);
}

// Asking every charge for its entries would look at 800 million rows here.
it.each([['whole', null], ['shard by shard', 1]])('checks one root with much usage in time, %s', async (_, one) => {
  if (one === null) await useMuch();
  const slow: string[] = [];
  const found = await checkInvariants(db.appPool, { shard: one === null ? null : account.shard, since: null }, (invariant, __, ms) => {
    if (ms > 5_000) slow.push(`${invariant.number}: ${ms} ms`);
  });
  expect(slow).toEqual([]);
  expect(found.map(({ invariant }) => invariant)).not.toContain('07');
}, 120_000);

it('its statement ends where nobody waits for it any more', async () => {
  const client = await db.appPool.connect() as PoolClient & { readonly processID: number; readonly connection: { stream: { destroy(): void } } };
  const { processID } = client;
  client.on('error', () => undefined);
  await prepareSession(client, { shard: null, since: null });
  const asked = client.query('select pg_sleep(600)').catch(() => undefined);
  client.connection.stream.destroy();
  await asked;
  client.release(true);
  const isThere = async (): Promise<boolean> => (await db.ownerPool.query('select from pg_stat_activity where pid = $1', [processID])).rowCount === 1;
  for (const until = Date.now() + 10_000; Date.now() < until && await isThere();) await sleep(100);
  expect(await isThere()).toBe(false);
}, 20_000);
