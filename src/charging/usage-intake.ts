import type { Pool } from 'pg';
import { OwnerQuestion, SetupCache } from '../guiding';
import { ints, isoInstant, texts } from '../platform/db';
import { ErrorCode } from '../platform/errors';
import { RootRef, shardOfUsage } from '../platform/root';
import { storedUsage } from '../usage/usage.codec';
import { SNSSAI, UsageEvent } from '../usage/usage.types';
import { ChargeUsageOptions, UsageResult } from './charging.api';
import { messageOf } from './decide/refusals';
import { NOT_OWNED, quarantined } from './decide/usage';
import { DeadlineExceeded, Overloaded, OutcomeUnknown } from './lane/faults';
import { Item, UsageItem } from './lane/item';
import { quarantineUsages } from './sql/batch.sql';

/** Guides usages to the roots that own them, sends them to their lanes, and puts aside what nobody owns. */
export class UsageIntake {
  constructor(
    private readonly pool: Pool, private readonly setups: SetupCache, private readonly enqueue: (items: readonly Item[]) => void,
    private readonly deadlineMs: number,
  ) {}

  /** One result a usage, in order. Usages of one call are of one tenant. */
  async take(events: readonly UsageEvent[], options: ChargeUsageOptions): Promise<UsageResult[]> {
    if (events.length === 0) return [];
    const first = await this.round(events, options);
    const lost = events.filter((_, index) => first[index] === NOT_OWNED);
    if (lost.length === 0) return first as UsageResult[];
    // The node's memory of owners was old: forget it and ask the table once more.
    for (const event of lost) this.setups.forgetOwner(event.tenantId, questionOf(event));
    const again = new Map((await this.round(lost, options)).map((result, index) => [lost[index]!, result]));
    // A slice that pays only after what the usage is judged at does not pay: then it is the device's own.
    const unpaid = lost.filter((event) => again.get(event) === NOT_OWNED && event.attributes[SNSSAI] !== undefined);
    if (unpaid.length > 0) (await this.round(unpaid, options, false)).forEach((result, index) => again.set(unpaid[index]!, result));
    const unowned = lost.filter((event) => again.get(event) === NOT_OWNED);
    for (const [index, result] of (await this.putAside(unowned)).entries()) again.set(unowned[index]!, result);
    return first.map((result, index) => (result === NOT_OWNED ? (again.get(events[index]!) as UsageResult) : result));
  }

  private async round(events: readonly UsageEvent[], options: ChargeUsageOptions, asksSlices = true): Promise<(UsageResult | typeof NOT_OWNED)[]> {
    const tenantId = events[0]!.tenantId;
    const owners = await this.setups.ownersOf(tenantId, events.map((event) => questionOf(event, asksSlices)));
    await this.setups.ensure(owners.filter((owner): owner is RootRef => owner !== null));
    const results = new Array<UsageResult | typeof NOT_OWNED>(events.length);
    const unowned = [...events.keys()].filter((index) => owners[index] === null);
    const aside = await this.putAside(unowned.map((index) => events[index]!));
    unowned.forEach((index, order) => { results[index] = aside[order]!; });
    await this.charge(events, owners, options, results);
    return results;
  }

  /** Sends what has an owner to its lane and fills in the answers: one promise for the call, because a call has many usages. */
  private charge(
    events: readonly UsageEvent[], owners: readonly (RootRef | null)[], options: ChargeUsageOptions, results: (UsageResult | typeof NOT_OWNED)[],
  ): Promise<void> {
    const tenantId = events[0]!.tenantId;
    const deadline = performance.now() + this.deadlineMs;
    return new Promise((done, broken) => {
      const items: UsageItem[] = [];
      let open = 0;
      const settle = (index: number, result: UsageResult | typeof NOT_OWNED): void => {
        // A usage that was answered late may be answered again by the batch it travels in; only its first answer counts.
        if (results[index] !== undefined) return;
        results[index] = result;
        if (--open === 0) done();
      };
      owners.forEach((owner, index) => {
        const event = events[index]!;
        if (!owner) return;
        items.push({
          kind: 'USAGE', tenantId, roots: [owner], deadline, passes: 0, inDoubt: false, event, options,
          resolve: (result) => settle(index, result),
          reject: (error) => {
            const result = failed(event, error);
            if (result) settle(index, result);
            else broken(error);
          },
        });
      });
      open = items.length;
      if (open === 0) done();
      else this.enqueue(items);
    });
  }

  /** Emergency usage needs no account and is free; everything else that nobody owns waits for a person or an inventory. */
  private async putAside(events: readonly UsageEvent[]): Promise<UsageResult[]> {
    if (events.length === 0) return [];
    const rows = distinct(events).map((event) => ({
      tenantId: event.tenantId, source: event.source, eventId: event.usageId, bodyHash: event.bodyHash,
      body: JSON.stringify(storedUsage(event)), reason: event.emergency ? 'EMERGENCY' : 'UNKNOWN_SUBSCRIBER',
      message: event.emergency ? 'Emergency usage is free.' : messageOf('UNKNOWN_SUBSCRIBER'),
      state: event.emergency ? ('FREE' as const) : ('OPEN' as const),
    }));
    const known = await this.freeBefore(events);
    const { text, values } = quarantineUsages(rows, isoInstant(await this.businessNow(events[0]!.tenantId)));
    await this.pool.query(text, [...values]);
    return events.map((event, index) => {
      if (!event.emergency) return quarantined(event, 'UNKNOWN_SUBSCRIBER');
      const isTwin = events.findIndex((other) => keyOf(other) === keyOf(event)) < index;
      return { usageId: event.usageId, status: 'CHARGED', duplicate: isTwin || known.has(keyOf(event)), charge: null, error: null };
    });
  }

  /** Emergency usages without an account that were taken in before. Two at once may both be told that they were the first. */
  private async freeBefore(events: readonly UsageEvent[]): Promise<ReadonlySet<string>> {
    const free = events.filter((event) => event.emergency);
    if (free.length === 0) return new Set();
    const { rows } = await this.pool.query<{ source: string; event_id: string; body_hash: Buffer }>(SELECT_FREE,
      [ints(free, (e) => shardOfUsage(e.source, e.usageId)), free[0]!.tenantId, texts(free, (e) => e.source), texts(free, (e) => e.usageId)]);
    return new Set(rows.map((row) => `${row.source}\n${row.event_id}\n${row.body_hash.toString('hex')}`));
  }

  private async businessNow(tenantId: number): Promise<number> {
    const { rows } = await this.pool.query<{ now: number }>(
      `select (floor(extract(epoch from clock_timestamp()) * 1000) + clock_offset_ms)::float8 as now from tenant where id = $1`, [tenantId]);
    return rows[0]!.now;
  }
}

const questionOf = ({ subscriber, startedAt, attributes }: UsageEvent, asksSlices = true): OwnerQuestion =>
  ({ kind: subscriber.kind, value: subscriber.value, at: startedAt, snssai: asksSlices ? attributes[SNSSAI] : undefined });

const SELECT_FREE = `
select u.source, u.event_id, u.body_hash from unnest($1::smallint[], $3::text[], $4::text[]) x(shard, source, event_id)
  join unguided_usage u on u.shard = x.shard and u.tenant_id = $2 and u.source = x.source and u.event_id = x.event_id and u.state = 'FREE'`;

const keyOf = (event: UsageEvent): string => `${event.source}\n${event.usageId}\n${event.bodyHash.toString('hex')}`;

/** One row a key: a statement may not touch one row twice. */
const distinct = (events: readonly UsageEvent[]): UsageEvent[] => [...new Map(events.map((event) => [keyOf(event), event])).values()];

const FAULT_CODES: readonly (readonly [new (...args: never[]) => Error, ErrorCode, string])[] = [
  [Overloaded, 'OVERLOADED', 'The queue is full; repeat after half a second.'],
  [OutcomeUnknown, 'OUTCOME_UNKNOWN', 'The outcome is not known; repeat with the same id.'],
  [DeadlineExceeded, 'DEADLINE_EXCEEDED', 'The usage was not handled in time; repeat with the same id.'],
];

/** One bad item is its own error; its neighbours have their own answers. Null: not the item's fault, the call fails. */
function failed(event: UsageEvent, error: unknown): UsageResult | null {
  const known = FAULT_CODES.find(([type]) => error instanceof type);
  if (!known && !isItemFault(error)) return null;
  const [, code, message] = known ?? [null, 'INVALID_INPUT' as const, 'The usage cannot be stored as it is.'];
  return { usageId: event.usageId, status: known ? 'FAILED' : 'INVALID', duplicate: false, charge: null,
    error: { code, message, path: [], retryable: known !== undefined },
  };
}

const isItemFault = (error: unknown): boolean => /^(22|54|23514)/.test((error as { code?: string }).code ?? '');
