import type { DataSource } from 'typeorm';
import { Conductor } from '../../src/charging';
import { appDataSource } from '../../src/platform/db';
import { FulfilmentPort } from '../../src/ordering/fulfilment.port';
import { OrderDraft, ItemDraft } from '../../src/ordering/order-draft';
import { OrderQueue } from '../../src/ordering/order-queue';
import { OrderRunner, RunnerDeps } from '../../src/ordering/order-runner';
import { OrderService } from '../../src/ordering/order.service';
import { OrderTopics } from '../../src/ordering/order-topics';
import { Order } from '../../src/ordering/order.types';
import { SimulatedBehaviour, SimulatedNetwork } from '../../src/ordering/simulated-network';
import { Actor } from '../../src/tenant';
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

export const agentOf = (tenantId: number): Actor => ({ tenantId, subject: 'crm', role: 'CRM_AGENT', requestId: 'test' });

let externalIds = 0;
export const draft = (account: WorldAccount, items: readonly ItemDraft[], more: Partial<OrderDraft> = {}): OrderDraft => ({
  channel: 'web', externalId: `x${(externalIds += 1)}`, accountId: account.id, requestedStart: null, restarts: null, items, ...more,
});
const ITEM: Omit<ItemDraft, 'key' | 'action'> = {
  offeringCode: null, offeringVersion: null, productId: null, productVersion: null, takesEffect: 'NOW', attachedToKey: null, attachedTo: null,
  reliesOn: [], identifiers: [],
};
export const add = (key: string, offeringCode: string, more: Partial<ItemDraft> = {}): ItemDraft => ({ ...ITEM, key, action: 'ADD', offeringCode, ...more });
export const modify = (key: string, productId: bigint, offeringCode: string, more: Partial<ItemDraft> = {}): ItemDraft =>
  ({ ...ITEM, key, action: 'MODIFY', productId, offeringCode, ...more });
export const remove = (key: string, productId: bigint, more: Partial<ItemDraft> = {}): ItemDraft => ({ ...ITEM, key, action: 'DELETE', productId, ...more });
export const msisdn = (value: string) => ({ identifiers: [{ kind: 'MSISDN' as const, value }] });

/** State of an order and of its items, for comparisons. */
export const statesOf = (order: Order | null): unknown => order && [order.state, ...order.items.map(({ state }) => state)];
