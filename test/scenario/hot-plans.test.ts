import type { PoolClient } from 'pg';
import { insertBuckets, lockRoots, selectOtherBuckets, updateBuckets, updateRoots } from '../../src/balance';
import { bucketOf, BucketRecord } from '../../src/balance/sql/bucket.sql';
import {
  closeQuarantined, quarantineUsages, selectCharges, selectCounters, selectRequests, selectTenant, upsertCounters,
} from '../../src/charging/sql/batch.sql';
import { COMPARISONS, ONLINE_RAISES, ONLINE_USAGES, selectOnline, selectRecords, USAGE_RECORDS } from '../../src/charging/sql/record.sql';
import { updateProducts } from '../../src/charging/sql/product.sql';
import { SELECT_OWNERS } from '../../src/guiding/sql/setup.sql';
import { addShareTotals } from '../../src/revenue-share/sql/share-total.sql';
import { Statement } from '../../src/platform/db';
import { RootRef } from '../../src/platform/root';
import { createTestDatabase, TestDatabase } from '../support';

jest.setTimeout(60_000);

const TENANT = 1;
const FILLED = 30_000;
const AT = '2026-11-01T00:00:00.000Z';
const HASH = Buffer.alloc(32);

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
}

let prepared = 0;

/** The plan that a hot connection runs a statement by: prepared now, for any values. */
async function planOf(hot: PoolClient, { text, values }: Statement): Promise<PlanNode> {
  const name = `explained_${prepared++}`;
  await hot.query(`prepare ${name} as ${text}`);
  const { rows } = await hot.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (format json) execute ${name}(${values.map(() => 'null').join()})`);
  return rows[0]!['QUERY PLAN'][0]!.Plan;
}

const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
const JOINED_WHOLE = ['Hash Join', 'Merge Join', 'Materialize', 'Memoize'];

/** What makes a statement slow on a large table, or slow once it is large. */
function complaintsOf(plan: PlanNode): string[] {
  return nodesOf(plan).flatMap((node) => {
    const relation = node['Relation Name'];
    if (JOINED_WHOLE.includes(node['Node Type'])) return [node['Node Type']];
    if (relation === undefined || node['Node Type'] === 'ModifyTable') return [];
    if (!/^Index( Only)? Scan$/.test(node['Node Type'])) return [`${node['Node Type']} of ${relation}`];
    const condition = node['Index Cond'] ?? '';
    const missing = LED_BY[relation]!.filter((column) => !condition.includes(`${column} = `));
    const filtered = /x\.(?!since)|ANY/.test(node.Filter ?? '') ? [`filter ${node.Filter} on ${relation}`] : [];
    return [...missing.map((column) => `${relation} is not probed by ${column}: ${condition}`), ...filtered];
  });
}

/** The columns that every probe of a table must name; anything else reads what belongs to others. */
const LED_BY: Readonly<Record<string, readonly string[]>> = {
  bucket: ['shard', 'root_id'],
  counter: ['shard', 'root_id', 'owner_id', 'key', 'period_start'],
  charge: ['shard', 'tenant_id', 'source', 'event_id'],
  request: ['shard', 'tenant_id', 'operation', 'caller', 'key'],
  unguided_usage: ['shard', 'tenant_id', 'source', 'event_id', 'body_hash'],
  product: ['shard', 'id'],
  online_usage: ['shard', 'root_id', 'charging_id'],
  usage_record: ['shard', 'tenant_id', 'source', 'event_id'],
  usage_comparison: ['shard', 'root_id', 'charging_id'],
  identifier: ['tenant_id', 'value'],
};

const ROOTS: readonly RootRef[] = [4097, 8194, 12291].map((id) => ({ shard: id % 4096, rootId: BigInt(id) }));
const record = (root: RootRef): BucketRecord => ({
  shard: root.shard, root_id: root.rootId.toString(), id: 1, tenant_id: TENANT, account_id: root.rootId.toString(), product_id: null,
  allowance_id: null, kind: 'UNIT', asset: 'SECOND/6', value: '1', reserved: '0', granted: '1', expired: '0', credit_limit: '0', overused: false,
  version: '1', state: 'ACTIVE', priority: 100, is_shared: false, valid_from: 0, valid_until: null,
});
const buckets = ROOTS.map((root) => bucketOf(record(root)));
const moved = ROOTS.map((root) => ({ ...root, tenantId: TENANT }));
const counters = moved.map((root) => ({ ...root, ownerId: root.rootId, key: 'price:1', periodStart: 0, amount: 1n, quantity: 1n, events: 1n }));
const aside = moved.map((_, index) => ({
  tenantId: TENANT, source: 's', eventId: `e${index}`, bodyHash: HASH, body: '{}', reason: 'UNKNOWN_SUBSCRIBER', message: 'x', state: 'OPEN',
}));
const products = moved.map((root) => ({
  ...root, product: {
    id: root.rootId, state: 'ACTIVE', startedAt: 0, endedAt: null, anchorAt: 0, periodStart: null, periodEnd: null, nextRenewalAt: null, unpaidSince: null, version: 2,
    terms: { versionId: '1' }, nextTerms: null, formerTerms: [],
  },
}));

const linked = moved.map((root, index) => ({ ...root, chargingId: `c${index}`, ownerId: root.rootId, unit: 'SECOND', quantity: 1n, position: 1n }));
const records = linked.map((part, index) => ({ ...part, source: 's', eventId: `e${index}`, bodyHash: HASH, eventAt: 0, bookedAt: 0 }));
const parts = linked.map((part) => ({ ...part, source: 's', startedAt: 0, online: { quantity: 1n, usages: 1 }, records: 1, chargedQuantity: 0n, chargedRecords: 0 }));

const STATEMENTS: Readonly<Record<string, Statement>> = {
  'lock, passing over': lockRoots(ROOTS, 'SKIP'),
  'lock, waiting': lockRoots(ROOTS, 'WAIT'),
  'read without lock': lockRoots(ROOTS, 'READ'),
  'other buckets': selectOtherBuckets(ROOTS.map((root) => ({ ...root, since: 0 }))),
  charges: selectCharges(moved.map((root, index) => ({ ...root, source: 's', usageId: `e${index}` }))),
  requests: selectRequests(moved.map((root) => ({ ...root, operation: 'TOP_UP', caller: 'c', key: 'k' }))),
  counters: selectCounters(counters),
  'update of buckets': updateBuckets(buckets),
  'update of roots': updateRoots(buckets.map((bucket) => ({ bucket, position: 1n, setupVersion: 1n, nextBucketId: 1 }))),
  'new buckets': insertBuckets(buckets),
  'upsert of counters': upsertCounters(counters),
  'upsert of share totals': addShareTotals([{ shard: 1, versionId: '1', partyId: '1', day: '2026-11-01', key: '0:1:SMS', tenantId: TENANT, asset: 'EUR/6', basis: 1n, share: 1n, events: 1n }]),
  'put aside': quarantineUsages(aside as Parameters<typeof quarantineUsages>[0], AT),
  'close what was aside': closeQuarantined(aside, AT),
  'online use': selectOnline(linked),
  'records compared': selectRecords(moved.map((root, index) => ({ ...root, source: 's', usageId: `e${index}` }))),
  'insert of online use': ONLINE_USAGES.make(linked),
  'insert of records': USAGE_RECORDS.make(records),
  'upsert of comparisons': COMPARISONS.make(parts),
  'raise of comparisons': ONLINE_RAISES.make(linked),
  'update of products': updateProducts(products as unknown as Parameters<typeof updateProducts>[0]),
};

/** Asked by ordinary connections, which plan it anew for its values each time. */
const OWNERS: Statement = { name: 'owners', text: SELECT_OWNERS, values: [[TENANT, TENANT], ['MSISDN', 'IMSI'], ['1', '2']] };

let db: TestDatabase;
let hot: PoolClient;
beforeAll(async () => {
  db = await createTestDatabase();
  hot = await db.hotPool.connect();
});
afterAll(async () => {
  hot.release();
  await db.dispose();
});

async function fill(): Promise<void> {
  const owner = await db.ownerPool.connect();
  await owner.query('set statement_timeout = 0');
  await owner.query(`insert into tenant (id, code, name, currency, time_zone, settings) values ($1, 't', 'T', 'EUR', 'UTC', '{}')`, [TENANT]);
  const numbers = '(select n, (n % 4096)::smallint as s, (n::bigint << 12) | (n % 4096) as root from generate_series(1, $1::int) n) x';
  // Rows of one table alone: what they refer to does not matter to a plan.
  await owner.query(`set session_replication_role = 'replica'`);
  for (const text of FILL) await owner.query(text.replace('$numbers', numbers), [FILLED]);
  owner.release(true);
}

const FILL = [
  `insert into bucket (shard, root_id, id, tenant_id, account_id, kind, asset, valid_from, position, setup_version, next_bucket_id)
   select s, root, 0, 1, root, 'MONEY', 'EUR/6', now(), 0, 1, 3 from $numbers`,
  `insert into bucket (shard, root_id, id, tenant_id, account_id, kind, asset, valid_from)
   select s, root, b, 1, root, 'UNIT', 'SECOND/6', now() from $numbers, generate_series(1, 2) b`,
  `insert into counter (shard, root_id, owner_id, key, period_start, tenant_id) select s, root, root, 'price:1', now(), 1 from $numbers`,
  `insert into charge (shard, root_id, position, tenant_id, source, event_id, role, party, body_hash, status, account_id, kind, event_at, booked_at,
     bill_period, unit, quantity, net, tax, asset)
   select s, root, 1, 1, 's', 'e' || n, 'RETAIL', 0, '\\x00', 'CHARGED', root, 'VOICE', now(), now(), now(), 'SECOND', 1, 1, 0, 'EUR/6' from $numbers`,
  `insert into request (shard, tenant_id, operation, caller, key, root_id, position, body_hash, answer, at)
   select s, 1, 'TOP_UP', 'c', 'k' || n, root, 1, '\\x00', '{}', now() from $numbers`,
  `insert into unguided_usage (shard, tenant_id, source, event_id, body_hash, body, reason, message, received_at)
   select s, 1, 's', 'e' || n, '\\x00', '{}', 'X', 'x', now() from $numbers`,
  `insert into online_usage (shard, root_id, charging_id, position, owner_id, tenant_id, unit, quantity) select s, root, 'c' || n, 1, root, 1, 'SECOND', 1 from $numbers`,
  `insert into usage_record (shard, tenant_id, source, event_id, body_hash, root_id, charging_id, owner_id, unit, quantity, event_at, booked_at)
   select s, 1, 's', 'e' || n, '\\x00', root, 'c' || n, root, 'SECOND', 1, now(), now() from $numbers`,
  `insert into usage_comparison (shard, root_id, charging_id, owner_id, unit, source, tenant_id, started_at, online_quantity, online_usages, record_quantity, records,
     charged_quantity, charged_records) select s, root, 'c' || n, root, 'SECOND', 's', 1, now(), 1, 1, 1, 1, 0, 0 from $numbers`,
  `insert into identifier (tenant_id, kind, value, valid_from, shard, root_id, account_id)
   select 1, 'MSISDN', n::text, now(), s, root, root from $numbers`,
  `insert into product (shard, root_id, id, tenant_id, account_id, offering_version_id, account_wide, state, started_at, anchor_at)
   select s, root, root, 1, root, 1, false, 'ACTIVE', now(), now() from $numbers`,
];

/** What is wrong with the plans of the statements, by their names. */
const complaints = async (): Promise<Record<string, string[]>> => {
  const found: Record<string, string[]> = {};
  for (const [name, statement] of Object.entries(STATEMENTS)) {
    const bad = complaintsOf(await planOf(hot, statement));
    if (bad.length > 0) found[name] = bad;
  }
  return found;
};

describe('every hot statement probes the key of its table', () => {
  it('where the tables are empty', async () => {
    expect(await complaints()).toEqual({});
  });

  it('where they are filled and nobody has looked at them', async () => {
    await fill();
    expect(await complaints()).toEqual({});
  });

  it('where they are filled and analyzed', async () => {
    await db.ownerPool.query('analyze');
    expect(await complaints()).toEqual({});
    const { rows } = await db.appPool.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (format json) ${OWNERS.text}`, [...OWNERS.values]);
    expect(complaintsOf(rows[0]!['QUERY PLAN'][0]!.Plan)).toEqual([]);
  });

  it('and the test would see it if one did not', async () => {
    const bad = { name: 'bad', text: `select c.* from unnest($1::text[]) x(id) join charge c on c.event_id = x.id`, values: [['e1']] };
    expect(complaintsOf(await planOf(hot, bad))).not.toEqual([]);
    const later = { name: 'later', text: `select b.* from unnest($1::smallint[], $2::bigint[]) x(shard, root_id) join bucket b on b.root_id = x.root_id`, values: [1, 2] };
    expect(complaintsOf(await planOf(hot, later))).not.toEqual([]);
  });

  it('the clock and the tenant come by one probe', async () => {
    const kinds = nodesOf(await planOf(hot, selectTenant(TENANT))).map((node) => node['Node Type']);
    expect(kinds.filter((kind) => /Seq/.test(kind))).toEqual([]);
  });
});
