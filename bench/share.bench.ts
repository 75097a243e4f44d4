import { BenchRow } from './bench.types';
import { BENCH_TENANT, numberOf } from './fleet';
import { graphqlRequest, LoadClient } from './http-client';
import { openSite, Site } from './site';

const ACCOUNTS = 20_000;
const BATCH = 500;
const CONNECTIONS = 6;
const ROUND_SECONDS = 4;
const ROUNDS = 4;

const QUERY = `mutation Charge($input: UsageChargeInput!) {
  usageCharge(input: $input) { accepted results { usageId status charges { gross { amount currency } } } }
}`;

let serial = 0;

function body(subscriber: () => number): string {
  const startedAt = new Date().toISOString();
  const usages = Array.from({ length: BATCH }, () => ({
    usageId: `share-${process.pid}-${serial++}`, subscriber: { msisdn: numberOf(subscriber()) }, startedAt,
    voice: { direction: 'OUTGOING', otherParty: '+353861111111', quantity: { amount: '127', unit: 'SECOND' } },
  }));
  return JSON.stringify({ query: QUERY, variables: { input: { source: 'bench', usages } } });
}

/** Batched usage, closed loop; usages a second. */
async function drive({ port, token }: Site, seconds: number, subscriber = (): number => Math.floor(Math.random() * ACCOUNTS)): Promise<number> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => LoadClient.open(port)));
  const startedAt = performance.now();
  let done = 0;
  await Promise.all(clients.map(async (client) => {
    while (performance.now() - startedAt < seconds * 1000) {
      const answer = await client.send(graphqlRequest(port, token, body(subscriber)));
      if (!answer.includes(`"accepted":${BATCH},`)) throw new Error(`Not every usage was charged: ${answer.slice(0, 400)}`);
      done += BATCH;
    }
  }));
  for (const client of clients) client.close();
  return done / ((performance.now() - startedAt) / 1000);
}

/** One partner with 70 % of every charge; put in force and ended as an approval and a termination do it. */
async function plant({ owner }: Site): Promise<void> {
  await owner.query(`insert into party (id, tenant_id, kind, trading_name) overriding system value values (2, $1, 'ORGANIZATION', 'Studio')`, [BENCH_TENANT]);
  await owner.query(`insert into partner (party_id, tenant_id, state, created_at) values (2, $1, 'ACTIVE', now())`, [BENCH_TENANT]);
  await owner.query(`insert into agreement (id, tenant_id, code, name) overriding system value values (1, $1, 'all', 'All')`, [BENCH_TENANT]);
  await owner.query(`insert into agreement_version (id, tenant_id, agreement_id, version, state, currency, proposed_by, proposed_at)
    overriding system value values (1, $1, 1, 1, 'IN_PROCESS', 'EUR', 'catalog', now())`, [BENCH_TENANT]);
  await owner.query(`insert into agreement_item (agreement_version_id, item, tenant_id, basis) values (1, 0, $1, 'NET')`, [BENCH_TENANT]);
  await owner.query(`insert into agreement_part (agreement_version_id, item, partner_id, tenant_id, model, percent) values (1, 0, 2, $1, 'PERCENTAGE', 70)`, [BENCH_TENANT]);
}

async function turn({ owner }: Site, isShared: boolean): Promise<void> {
  await owner.query(`alter table agreement_version disable trigger agreement_version_kept`);
  await owner.query(isShared ? `update agreement_version set state = 'APPROVED', valid_from = now() - interval '1 day', decided_by = 'finance', decided_at = now()`
    : `update agreement_version set state = 'IN_PROCESS', valid_from = null, decided_by = null, decided_at = null`);
  await owner.query('update tenant set catalog_version = catalog_version + 1');
}

/** What accrual costs batched charging: the same load with and without an agreement in turns, because machines differ from minute to minute. */
export async function run(): Promise<BenchRow[]> {
  const site = await openSite(ACCOUNTS);
  try {
    await plant(site);
    let next = 0;
    while (next < ACCOUNTS) await drive(site, 1, () => next++ % ACCOUNTS);
    await turn(site, true);
    await drive(site, 2);
    const rates: Record<'plain' | 'shared', number[]> = { plain: [], shared: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of round % 2 === 0 ? ['plain', 'shared'] as const : ['shared', 'plain'] as const) {
        await turn(site, kind === 'shared');
        rates[kind].push(await drive(site, ROUND_SECONDS));
      }
    }
    const { rows: [found] } = await site.owner.query<{ shares: string; events: string }>(
      `select (select count(*) from charge where shares is not null) as shares, (select sum(events) from share_total) as events`);
    if (!found || found.shares !== found.events || found.shares === '0') throw new Error('The shares were not accrued.');
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [plain, shared] = [mean(rates.plain), mean(rates.shared)];
    return [
      { name: `batched usage over GraphQL, ${ACCOUNTS} accounts, no agreement`, value: plain, unit: 'usages/s', baseline: null, ratio: null },
      { name: 'the same, one partner shares in every charge', value: shared, unit: 'usages/s', baseline: plain, ratio: shared / plain },
    ];
  } finally {
    await site.close();
  }
}
