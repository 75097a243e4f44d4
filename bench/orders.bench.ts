import { setTimeout as sleep } from 'node:timers/promises';
import { encodeId } from '../src/platform/graphql/node-id';
import { BenchRow } from './bench.types';
import { BENCH_TENANT } from './fleet';
import { graphqlRequest, LoadClient } from './http-client';
import { openSite, Site } from './site';

const ACCOUNTS = 5_000;
const SECONDS = 8;
const CONNECTIONS = 16;
/** Orders that are sent as fast as they are taken, and those that come at random, 100 a second. */
const FLOOD = 1_000;
const POISSON_PER_SECOND = 100;

const ACTIVATE = `mutation Activate($input: ProductActivateInput!) { productActivate(input: $input) { product { id } errors { code message } } }`;
const ORDER = `mutation Order($input: ProductOrderCreateInput!) { productOrderCreate(input: $input) { order { id state } errors { code message } } }`;

let serial = 0;
const externalIdOf = (turn: number): string => `bench-${process.pid}-${turn}`;

/** Sends mutations of agents in turn over connections in turn. */
class Desk {
  private constructor(private readonly port: number, private readonly tokens: readonly string[], private readonly accounts: readonly string[]) {}

  static async open(site: Site): Promise<Desk> {
    const { rows } = await site.owner.query<{ id: string }>('select id::text from billing_account where tenant_id = $1 order by id limit $2', [BENCH_TENANT, ACCOUNTS]);
    return new Desk(site.port, await site.agents(64), rows.map(({ id }) => encodeId('BillingAccount', BigInt(id))));
  }

  async activate(client: LoadClient): Promise<void> {
    await this.send(client, ACTIVATE, (accountId, key) => ({ accountId, offeringCode: 'payg', idempotencyKey: key }), '"product":{"id"');
  }

  order(client: LoadClient): Promise<void> {
    return this.next()(client);
  }

  /** The order whose turn it is, to be sent later. */
  next(): (client: LoadClient) => Promise<void> {
    const turn = serial++;
    return (client) => this.send(client, ORDER, (accountId, externalId) => (
      { externalId, channel: 'bench', accountId, items: [{ key: 'a', action: 'ADD', offering: 'payg' }] }), '"order":{"id"', turn);
  }

  private async send(client: LoadClient, query: string, input: (account: string, key: string) => object, good: string, turn = serial++): Promise<void> {
    const variables = { input: input(this.accounts[turn % this.accounts.length]!, externalIdOf(turn)) };
    const answer = await client.send(graphqlRequest(this.port, this.tokens[turn % this.tokens.length]!, JSON.stringify({ query, variables })));
    if (!answer.includes(good)) throw new Error(`It was not done: ${answer.slice(0, 400)}`);
  }
}

/** Closed loop until the time is up or the work is done; how many a second. */
async function loop(port: number, work: (client: LoadClient) => Promise<void>, until: { readonly seconds?: number; readonly count?: number }): Promise<number> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => LoadClient.open(port)));
  const startedAt = performance.now();
  let [begun, done] = [0, 0];
  const isOn = (): boolean => (until.count === undefined ? performance.now() - startedAt < (until.seconds ?? 0) * 1000 : begun < until.count);
  await Promise.all(clients.map(async (client) => {
    while (isOn()) {
      begun += 1;
      await work(client);
      done += 1;
    }
  }));
  for (const client of clients) client.close();
  return done / ((performance.now() - startedAt) / 1000);
}

/** Waits until no order is open. */
async function settled(site: Site): Promise<void> {
  for (;;) {
    const { rows } = await site.owner.query<{ open: string }>('select count(*) as open from product_order where completed_at is null');
    if (rows[0]!.open === '0') return;
    await sleep(50);
  }
}

/** Random arrivals at a steady rate, each on a connection of its own or one that is free: when each came, by its external id. */
async function arrivals(port: number, desk: Desk, seconds: number): Promise<ReadonlyMap<string, number>> {
  const free = await Promise.all(Array.from({ length: CONNECTIONS }, () => LoadClient.open(port)));
  const cameAt = new Map<string, number>();
  const under: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let at = 0; at < seconds * 1000; at += -Math.log(1 - Math.random()) * (1000 / POISSON_PER_SECOND)) {
    await sleep(Math.max(0, startedAt + at - performance.now()));
    cameAt.set(externalIdOf(serial), Date.now());
    const order = desk.next();
    const sent = async (): Promise<void> => {
      const client = free.pop() ?? await LoadClient.open(port);
      await order(client);
      free.push(client);
    };
    under.push(sent());
  }
  await Promise.all(under);
  for (const client of free) client.close();
  return cameAt;
}

const row = (name: string, value: number, unit: string, baseline: number | null): BenchRow =>
  ({ name, value, unit, baseline, ratio: baseline === null ? null : value / baseline });

/** An order to its active product with a network that answers at once, beside productActivate alone. */
export async function run(): Promise<BenchRow[]> {
  const site = await openSite(ACCOUNTS);
  try {
    const desk = await Desk.open(site);
    await loop(site.port, (client) => desk.order(client), { count: 200 });
    await settled(site);
    await site.owner.query('set statement_timeout = 0');
    await site.owner.query('vacuum analyze');
    const alone = await loop(site.port, (client) => desk.activate(client), { seconds: SECONDS });
    const floodAt = performance.now();
    await loop(site.port, (client) => desk.order(client), { count: FLOOD });
    await settled(site);
    const rate = FLOOD / ((performance.now() - floodAt) / 1000);
    const cameAt = await arrivals(site.port, desk, SECONDS);
    await settled(site);
    const { rows } = await site.owner.query<{ external_id: string; state: string; at: number }>(
      'select external_id, state, extract(epoch from completed_at)::float8 * 1000 as at from product_order where external_id = any($1)', [[...cameAt.keys()]]);
    const open = rows.find(({ state }) => state !== 'COMPLETED');
    if (open || rows.length !== cameAt.size) throw new Error(`Not every order was completed: ${rows.length} of ${cameAt.size}, ${open?.state}.`);
    const took = rows.map(({ external_id: id, at }) => at - cameAt.get(id)!).sort((a, b) => a - b);
    const share = (part: number): number => took[Math.floor((took.length - 1) * part)]!;
    return [
      row('baseline: productActivate alone, closed loop, 16 connections', alone, '/s', null),
      row('orders of one item to the active product, network at once', rate, '/s', alone),
      row('order to active at 100 random arrivals a second, median', share(0.5), 'ms', null),
      row('order to active at 100 random arrivals a second, 95th percentile', share(0.95), 'ms', null),
    ];
  } finally {
    await site.close();
  }
}
