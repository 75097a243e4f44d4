import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { ChargingApi } from '../charging';
import type { OrdersConfig } from '../platform/config';
import { createPool } from '../platform/db';
import { FulfilmentPort } from './fulfilment.port';
import { OrderQueue } from './order-queue';
import { OrderRunner } from './order-runner';
import { OrderService } from './order.service';
import { OrderTopics } from './order-topics';
import { SimulatedNetwork } from './simulated-network';
import { WebhookNetwork } from './webhook-network';

/** What the ordering room adds to the process's services. */
export interface OrderingServices {
  readonly orders: OrderService;
  /** Runs the steps of an order in this process. */
  readonly orderRunner: OrderRunner;
}

declare module '../context' {
  interface Services extends OrderingServices {}
}

export interface OrderingSetup {
  /** Url of the running product, and whether its connections must take the role. */
  readonly appUrl: string;
  readonly setRole: boolean;
  readonly pool: Pool;
  readonly data: DataSource;
  readonly charging: ChargingApi;
  readonly config: OrdersConfig;
  /** Told when a step or a round failed; the next one tries again. */
  readonly failed: (error: Error) => void;
}

/** The room of a process; `start` begins to work on orders, `close` ends what is under way. */
export interface OpenOrdering extends OrderingServices {
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A receiver that says nothing for this long did not take the call. */
const NETWORK_ANSWER_MS = 8_000;

/** Opens the room; nothing runs before `start`. */
export function openOrdering({ appUrl: url, setRole, pool, data, charging, config, failed }: OrderingSetup): OpenOrdering {
  const topics = new OrderTopics(pool, failed);
  const orders = new OrderService(pool, data, topics);
  // One connection listens for jobs, the others fetch and finish them and write the steps.
  const queuePool = createPool({ url, setRole, max: 10, name: 'tributary orders' });
  const runner = new OrderRunner({ pool: queuePool, charging, network: networkOf(config, pool), topics });
  const queue = new OrderQueue({ pool: queuePool, orders, runner, concurrency: config.workers, failed });
  const close = async (): Promise<void> => {
    await queue.stop();
    await topics.stop();
    await queuePool.end();
  };
  return { orders, orderRunner: runner, start: () => queue.start(), close };
}

const networkOf = ({ network, simulated }: OrdersConfig, pool: Pool): FulfilmentPort => (network === null
  ? new SimulatedNetwork(pool, simulated) : new WebhookNetwork({ ...network, answerWithinMs: NETWORK_ANSWER_MS }));
