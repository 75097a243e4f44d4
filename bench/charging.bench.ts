import { runBaseline } from './baseline';
import { BenchRow } from './bench.types';
import { numberOf } from './fleet';
import { graphqlRequest, LoadClient } from './http-client';
import { openSite, Site } from './site';

const ACCOUNTS = 100_000;
const SECONDS = 8;
const BATCH = 500;

const QUERY = `mutation Charge($input: UsageChargeInput!) {
  usageCharge(input: $input) { accepted results { usageId status charges { gross { amount currency } } } }
}`;

let serial = 0;

function bodyOf(count: number, subscriber: () => number): string {
  const startedAt = new Date(Date.now() - 60_000).toISOString();
  const usages = Array.from({ length: count }, () => ({
    usageId: `bench-${process.pid}-${serial++}`, subscriber: { msisdn: numberOf(subscriber()) }, startedAt,
    voice: { direction: 'OUTGOING', otherParty: '+353861111111', quantity: { amount: '127', unit: 'SECOND' } },
  }));
  return JSON.stringify({ query: QUERY, variables: { input: { source: 'bench', usages } } });
}

interface Load {
  readonly connections: number;
  readonly perRequest: number;
  readonly subscriber: () => number;
  readonly seconds: number;
}

interface Outcome {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** Closed loop: each connection sends, waits for the answer, checks it, sends again. */
async function drive({ port, token }: Site, load: Load): Promise<Outcome> {
  const clients = await Promise.all(Array.from({ length: load.connections }, () => LoadClient.open(port)));
  const latencies: number[] = [];
  let done = 0;
  const startedAt = performance.now();
  const until = startedAt + load.seconds * 1000;
  await Promise.all(clients.map(async (client) => {
    while (performance.now() < until) {
      const request = graphqlRequest(port, token, bodyOf(load.perRequest, load.subscriber));
      const sentAt = performance.now();
      const answer = await client.send(request);
      latencies.push(performance.now() - sentAt);
      if (!answer.includes(`"accepted":${load.perRequest},`)) throw new Error(`Not every usage was charged: ${answer.slice(0, 400)}`);
      done += load.perRequest;
    }
  }));
  const rate = done / ((performance.now() - startedAt) / 1000);
  for (const client of clients) client.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;
  return { rate, p50: at(0.5), p99: at(0.99) };
}

const anyone = (): number => Math.floor(Math.random() * ACCOUNTS);

const row = (name: string, value: number, unit: string, baseline: number | null): BenchRow =>
  ({ name, value, unit, baseline, ratio: baseline === null ? null : value / baseline });

/** Charging through GraphQL over HTTP, beside charging event by event with the bare driver on the same database. */
export async function run(): Promise<BenchRow[]> {
  const site = await openSite(ACCOUNTS);
  try {
    // Every account is touched once, so that the figures are those of a node that has been up for a while.
    let next = 0;
    while (next < ACCOUNTS) await drive(site, { connections: 4, perRequest: BATCH, subscriber: () => next++ % ACCOUNTS, seconds: 1 });
    await site.owner.query('set statement_timeout = 0');
    await site.owner.query('vacuum analyze');
    const before = await runBaseline(site.url, ACCOUNTS, SECONDS);
    const batched = await drive(site, { connections: 6, perRequest: BATCH, subscriber: anyone, seconds: SECONDS });
    const single = await drive(site, { connections: 64, perRequest: 1, subscriber: anyone, seconds: SECONDS });
    const hot = await drive(site, { connections: 64, perRequest: 1, subscriber: () => 7, seconds: SECONDS });
    const after = await runBaseline(site.url, ACCOUNTS, SECONDS);
    const baseline = (before + after) / 2;
    return [
      row('baseline: one transaction a charge, 16 connections', baseline, 'charges/s', null),
      row(`batched usage over GraphQL, ${ACCOUNTS} accounts`, batched.rate, 'usages/s', baseline),
      row('single mutations, closed loop, 64 connections', single.rate, 'mutations/s', baseline),
      row('single mutations, median latency', single.p50, 'ms', null),
      row('single mutations, 99th percentile', single.p99, 'ms', null),
      row('single mutations on one hot bucket', hot.rate, 'mutations/s', baseline),
    ];
  } finally {
    await site.close();
  }
}
