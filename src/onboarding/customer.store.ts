import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { recordAudits } from '../audit';
import { DeadlineExceeded, OutcomeUnknown, Overloaded } from '../charging';
import { draftHash, findOrders, FreshOrder, ItemDraft, KnownOrder, Order, OrderDraft, OrderRef, storeFreshOrders } from '../ordering';
import type { CustomerOpening } from '../party';
import { Refusal } from '../platform/errors';
import { Actor, changeMasterData } from '../tenant';
import { ImportStopped, isConnectionLost } from '../usage/import';
import type { CustomerRow } from './customer-row';

/** The services by which customers are made; every one of them is the room's own, nothing is written past it. */
export interface StoreDeps {
  readonly pool: Pool;
  readonly data: DataSource;
  readonly opening: CustomerOpening;
  /** Runs the steps of an order. */
  readonly advance: (ref: OrderRef) => Promise<Order | null>;
  readonly actor: Actor;
  /** The channel of the orders. */
  readonly channel: string;
  /** First pause before what met a busy or lost database is tried again. */
  readonly pauseMs: number;
}

/** What is there of a row's customer: nothing, the customer without an order of this source, or its order. */
export type Known = 'NOTHING' | 'CUSTOMER' | KnownOrder;

const CUSTOMERS = 'select external_id from customer where tenant_id = $1 and external_id = any($2::text[])';
const ATTEMPTS = 8;

/** Customers with their orders in the database: looked up, stored and fulfilled, many at once. */
export class CustomerStore {
  constructor(private readonly deps: StoreDeps) {}

  /** What is there of each customer, by three statements. */
  async known(ids: readonly string[]): Promise<ReadonlyMap<string, Known>> {
    const { pool, actor: { tenantId }, channel } = this.deps;
    return this.patient(async () => {
      const customers = await pool.query<{ external_id: string }>(CUSTOMERS, [tenantId, ids]);
      const orders = await findOrders(pool, tenantId, channel, ids);
      const found = new Map<string, Known>(ids.map((id) => [id, 'NOTHING']));
      for (const row of customers.rows) found.set(row.external_id, 'CUSTOMER');
      for (const order of orders) found.set(order.externalId, order);
      return found;
    });
  }

  /**
   * Stores customers with their accounts and orders, all or none, with their audit rows; what another import stored
   * meanwhile makes it throw.
   * @throws Refusal ALREADY_EXISTS, OFFERING_NOT_SOLD
   */
  store(rows: readonly CustomerRow[]): Promise<readonly OrderRef[]> {
    const { data, opening, actor } = this.deps;
    return this.patient(() => changeMasterData(data, async (change) => {
      const { opened, audit } = await opening.open(change, actor, rows.map(({ customer }) => customer));
      const fresh = opened.flatMap(({ account }, index): FreshOrder[] => (
        rows[index]!.offerings.length === 0 ? [] : [{ account, draft: this.draftOf(rows[index]!, account.id) }]));
      const stored = await storeFreshOrders(change, actor, fresh);
      await recordAudits(change.client, actor.tenantId, [...audit, ...stored.audit]);
      return stored.orders;
    }));
  }

  /** Runs an order as far as it goes now, again where the database or the charging path is busy: each step happens once. */
  async advance(ref: OrderRef): Promise<Order> {
    const order = await this.patient(() => this.deps.advance(ref));
    if (!order) throw new Error(`Order ${ref.id} is not there.`);
    return order;
  }

  /** Whether an order was made for what the row says. */
  isSame(row: CustomerRow, { order, bodyHash }: KnownOrder): boolean {
    return draftHash(this.draftOf(row, order.accountId)).equals(bodyHash);
  }

  private draftOf({ id, offerings }: CustomerRow, accountId: bigint): OrderDraft {
    return { channel: this.deps.channel, externalId: id, accountId, requestedStart: null, restarts: null, items: offerings.map(itemOf) };
  }

  private async patient<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (attempt + 1 === ATTEMPTS) throw new ImportStopped('The database does not answer. What is imported stays; run the same command again to go on.');
      }
      await sleep(this.deps.pauseMs * 2 ** attempt);
    }
  }
}

/** The same code again has a number behind it: keys of items are their own within the order. */
const itemOf = (code: string, index: number, codes: readonly string[]): ItemDraft => {
  const before = codes.slice(0, index).filter((other) => other === code).length;
  return {
    key: before === 0 ? code : `${code}-${before + 1}`, action: 'ADD', offeringCode: code, offeringVersion: null, productId: null, productVersion: null,
    takesEffect: 'NOW', attachedToKey: null, attachedTo: null, bundledInKey: null, bundledIn: null, reliesOn: [], identifiers: [],
  };
};

const isPassing = (error: unknown): boolean => error instanceof Overloaded || error instanceof OutcomeUnknown || error instanceof DeadlineExceeded
  || isConnectionLost(error) || (error instanceof Refusal && error.userError.code === 'OVERLOADED');
