import { ownerOf } from '../../guiding';
import { UsageEvent } from '../../usage/usage.types';
import { ChargeUsageOptions, UsageResult } from '../charging.api';
import type { OnlinePart, OnlineSum } from '../charge.types';
import { COMPARISONS, ONLINE_RAISES, ONLINE_USAGES, USAGE_RECORDS } from '../sql/record.sql';
import { OnlineUse, onlineKey } from '../work/online-use';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';
import { judgedAt } from './clock-skew';
import { decideUsage, NOT_OWNED } from './usage';

/** A usage whose sender states its charging id. */
export type LinkedUsage = UsageEvent & { readonly chargingId: string };

export const isLinked = (event: UsageEvent): event is LinkedUsage => event.chargingId !== undefined;

const NOTHING: OnlineSum = { quantity: 0n, usages: 0 };

/**
 * Decides a usage with a charging id, under its root's lock, so that what comes first is known to what comes second:
 *
 * - online usage is charged, and remembered by its charging id;
 * - a record of an id that was charged online for the same owner is compared, however late or large it is, and not charged;
 * - a record of any other id is charged as all usage is, and remembered too: where online usage of its id comes after it, both
 *   are charged, because the network has granted that usage, and the comparison tells what was charged beyond the records.
 */
export function decideLinked(work: Work, root: RootState, event: LinkedUsage, options: ChargeUsageOptions): UsageResult | typeof NOT_OWNED {
  const owner = ownerOf(judgedAt(event, work.now(event.tenantId)), root.setup);
  // It says itself that nobody owns it.
  if (!owner) return decideUsage(work, root, event, options);
  const part: Omit<OnlinePart, 'position'> = {
    shard: root.shard, rootId: root.rootId, chargingId: event.chargingId, ownerId: owner.lineId ?? owner.account.id,
    tenantId: event.tenantId, unit: event.unit, quantity: event.quantity,
  };
  const online = work.online.get(onlineKey(part));
  if (event.isRecord && online) return compared(work, event, part, online);
  const result = decideUsage(work, root, event, options);
  if (result === NOT_OWNED || result.charge === null) return result;
  const { position } = result.charge;
  if (event.isRecord) writeRecord(work, event, part, NOTHING, position);
  else writeOnline(work, { ...part, position });
  return result;
}

function compared(work: Work, event: LinkedUsage, part: Omit<OnlinePart, 'position'>, online: OnlineUse): UsageResult {
  writeRecord(work, event, part, online.stored.get(event.unit) ?? NOTHING, null);
  work.settled.push({ tenantId: event.tenantId, source: event.source, eventId: event.usageId, bodyHash: event.bodyHash });
  return { usageId: event.usageId, status: 'COMPARED', duplicate: false, charge: null, error: null };
}

function writeRecord(work: Work, event: LinkedUsage, part: Omit<OnlinePart, 'position'>, online: OnlineSum, position: bigint | null): void {
  const { source, usageId: eventId, bodyHash, startedAt } = event;
  work.write(USAGE_RECORDS, { ...part, source, eventId, bodyHash, eventAt: startedAt, position, bookedAt: work.now(event.tenantId) });
  work.write(COMPARISONS, {
    ...part, source, startedAt, online, records: 1,
    chargedQuantity: position === null ? 0n : part.quantity, chargedRecords: position === null ? 0 : 1,
  });
}

function writeOnline(work: Work, part: OnlinePart): void {
  work.write(ONLINE_USAGES, part);
  work.write(ONLINE_RAISES, part);
  // The records behind it in this batch know it; its quantity reaches their comparison by the raise.
  if (!work.online.has(onlineKey(part))) work.online.set(onlineKey(part), { stored: new Map() });
}
