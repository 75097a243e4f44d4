import type { DataSource } from 'typeorm';
import { CatalogService } from '../../src/catalog';
import { Conductor } from '../../src/charging';
import { appDataSource } from '../../src/platform/db';
import { FulfilmentAnswer, FulfilmentPort, FulfilmentWork } from '../../src/ordering/fulfilment.port';
import { OrderDraft, ItemDraft } from '../../src/ordering/order-draft';
import { OrderQueue } from '../../src/ordering/order-queue';
import { OrderRunner, RunnerDeps } from '../../src/ordering/order-runner';
import { OrderService } from '../../src/ordering/order.service';
import { OrderTopics } from '../../src/ordering/order-topics';
import { Order, Orderer } from '../../src/ordering/order.types';
import { SimulatedBehaviour, SimulatedNetwork } from '../../src/ordering/simulated-network';
import { TestDatabase } from '../support';
import { WorldAccount } from '../support/world';

/** The ordering room on a test database, with a network that the test may choose. */
export interface OrderingBench {
  readonly orders: OrderService;
  readonly topics: OrderTopics;
  readonly data: DataSource;
  runner(network?: FulfilmentPort, beforeStep?: RunnerDeps['beforeStep']): OrderRunner;
  /** Workers of graphile-worker, stopped by the caller. */
  queue(runner: OrderRunner): OrderQueue;
  close(): Promise<void>;
}

const AT_ONCE: SimulatedBehaviour = { delayMs: 0, failPerMille: 0, duplicates: 0 };

export async function openOrderingBench(db: TestDatabase, charging: Conductor): Promise<OrderingBench> {
  const data = await appDataSource(db.ownerUrl, true).initialize();
  const failed = (error: Error): void => { throw error; };
  const topics = new OrderTopics(db.appPool, failed);
  const orders = new OrderService(db.appPool, data, topics);
  return {
    orders, topics, data,
    runner: (network = simulated(db), beforeStep) => new OrderRunner({ pool: db.appPool, charging, network, topics, beforeStep }),
    queue: (runner) => new OrderQueue({ pool: db.appPool, orders, runner, concurrency: 2, failed }),
    close: async () => {
      await topics.stop();
      await data.destroy();
    },
  };
}

export const simulated = (db: TestDatabase, behaviour: Partial<SimulatedBehaviour> = {}): SimulatedNetwork =>
  new SimulatedNetwork(db.appPool, { ...AT_ONCE, ...behaviour });

export const agentOf = (tenantId: number): Orderer => ({ tenantId, subject: 'crm', role: 'CRM_AGENT', requestId: 'test', customerId: null });

let externalIds = 0;
export const draft = (account: WorldAccount, items: readonly ItemDraft[], more: Partial<OrderDraft> = {}): OrderDraft => ({
  channel: 'web', externalId: `x${(externalIds += 1)}`, accountId: account.id, requestedStart: null, restarts: null, items, ...more,
});
const ITEM: Omit<ItemDraft, 'key' | 'action'> = {
  offeringCode: null, offeringVersion: null, productId: null, productVersion: null, takesEffect: 'NOW', attachedToKey: null, attachedTo: null, bundledInKey: null, bundledIn: null,
  reliesOn: [], identifiers: [],
};
export const add = (key: string, offeringCode: string, more: Partial<ItemDraft> = {}): ItemDraft => ({ ...ITEM, key, action: 'ADD', offeringCode, ...more });
export const modify = (key: string, productId: bigint, offeringCode: string, more: Partial<ItemDraft> = {}): ItemDraft =>
  ({ ...ITEM, key, action: 'MODIFY', productId, offeringCode, ...more });
export const remove = (key: string, productId: bigint, more: Partial<ItemDraft> = {}): ItemDraft => ({ ...ITEM, key, action: 'DELETE', productId, ...more });
export const msisdn = (value: string) => ({ identifiers: [{ kind: 'MSISDN' as const, value }] });

/** State of an order and of its items, for comparisons. */
export const statesOf = (order: Order | null): unknown => order && [order.state, ...order.items.map(({ state }) => state)];

/** A network that takes every call and answers when the test says so. */
export class Hand implements FulfilmentPort {
  readonly answersAtOnce: boolean = false;
  readonly patienceMs = 60_000;
  readonly calls: [string, FulfilmentWork][] = [];
  readonly fulfil = async (work: FulfilmentWork): Promise<FulfilmentAnswer> => this.take('fulfil', work);
  readonly mayCancel = async (work: FulfilmentWork) => this.take('mayCancel', work);
  readonly cancel = async (work: FulfilmentWork) => this.take('cancel', work);
  private take(question: string, work: FulfilmentWork): { kind: 'TAKEN' } {
    this.calls.push([question, work]);
    return { kind: 'TAKEN' };
  }
}

export interface BundleOptions {
  readonly code: string;
  readonly fee?: string;
  readonly components: readonly { readonly code: string; readonly lower: number; readonly upper: number; readonly byDefault?: number }[];
}

/** A launched bundle of offerings that are there, without prices unless it has a fee, as the catalog's own service makes it. */
export async function launchBundle({ ownerUrl }: TestDatabase, tenantId: number, { code, fee, components }: BundleOptions): Promise<void> {
  const data = await appDataSource(ownerUrl, true).initialize();
  try {
    const actor = { tenantId, subject: 'test', role: 'CATALOG_MANAGER', requestId: 'test' };
    const catalog = new CatalogService(data, () => []);
    await catalog.draft(actor, {
      code, name: code, description: code, priority: 100, paymentModes: ['PREPAID'], periodKind: fee ? 'CALENDAR_MONTH' : 'NONE', periodLength: 1,
      autoRenew: true, unpaidRenewal: 'SUSPEND', paidRenewalStarts: 'WHEN_PAID', allowances: [],
      prices: fee ? [{ code: 'fee', name: 'Fee', currency: 'EUR', taxClass: 'none', taxIncluded: false, revenueAccount: 'bundles', recognition: 'AT_POINT', listPriced: false,
        recurring: { amount: fee, isProrated: false } }] : [],
      components: components.map(({ code: offering, lower, upper, byDefault }) => ({ offering, lowerLimit: lower, upperLimit: upper, defaultCount: byDefault ?? 0 })),
    });
    await catalog.launch(actor, { code, version: null, validFrom: null });
  } finally {
    await data.destroy();
  }
}
