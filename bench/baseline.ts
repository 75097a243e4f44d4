import type { PoolClient } from 'pg';
import { createPool } from '../src/platform/db';
import { BENCH_TENANT } from './fleet';

/** The same rows as one charge of ours, one transaction each: what a program does that charges event by event. */
export async function runBaseline(url: string, accounts: number, seconds: number): Promise<number> {
  const pool = createPool({ url, max: 16, name: 'bench baseline', setRole: true });
  const roots = (await pool.query<{ shard: number; root_id: string }>(
    'select shard, root_id from bucket where id = 0 order by root_id limit $1', [accounts])).rows;
  let done = 0;
  const startedAt = performance.now();
  const work = async (lane: number): Promise<void> => {
    const client = await pool.connect();
    for (let n = 0; performance.now() - startedAt < seconds * 1000; n++) {
      await chargeOnce(client, roots[Math.floor(Math.random() * roots.length)]!, `baseline-${startedAt}-${lane}-${n}`);
      done++;
    }
    client.release();
  };
  await Promise.all(Array.from({ length: 16 }, (_, lane) => work(lane)));
  const rate = done / ((performance.now() - startedAt) / 1000);
  await pool.end();
  return rate;
}

const EXPLANATION = JSON.stringify({ r: { v: '1', r: 0, x: '353', q: '127', p: [[127, 127, 1]], a: '221667' }, b: [[0, '221667', '1000000']], t: 'S23' });

async function chargeOnce(client: PoolClient, root: { shard: number; root_id: string }, eventId: string): Promise<void> {
  await client.query('begin');
  const { rows } = await client.query<{ value: string; version: string; position: string }>({
    name: 'lock', text: 'select value, version, position from bucket where shard = $1 and root_id = $2 and id = 0 for update', values: [root.shard, root.root_id] });
  const [value, version, position] = [BigInt(rows[0]!.value) - 221667n, BigInt(rows[0]!.version) + 1n, BigInt(rows[0]!.position) + 1n];
  await client.query({ name: 'update', text: 'update bucket set value = $3, version = $4, position = $5 where shard = $1 and root_id = $2 and id = 0',
    values: [root.shard, root.root_id, value, version, position] });
  await client.query({ name: 'charge', text: `insert into charge (shard, root_id, position, tenant_id, source, event_id, role, party, body_hash, status, account_id,
      product_id, kind, identifier, other_party, event_at, booked_at, bill_period, unit, quantity, net, tax, asset, price_version_id, explanation)
      values ($1, $2, $3, $4, 'baseline', $5, 'RETAIL', 0, decode(repeat('ab', 32), 'hex'), 'CHARGED', $2, $2, 'VOICE', '353861234567', '353861111111', now(), now(),
      now(), 'SECOND', 127, 180217, 41450, 'EUR/6', 1, $6)`,
  values: [root.shard, root.root_id, position, BENCH_TENANT, eventId, EXPLANATION] });
  await client.query({ name: 'entry', text: `insert into entry (shard, root_id, bucket_id, version, position, tenant_id, kind, amount, balance_after, asset, account, contra,
      tax, tax_code, booked_at) values ($1, $2, 0, $3, $4, $5, 'CHARGE', -221667, $6, 'EUR/6', 'prepaid_liability', 'revenue', 41450, 'S23', now())`,
  values: [root.shard, root.root_id, version, position, BENCH_TENANT, value] });
  await client.query('commit');
}
