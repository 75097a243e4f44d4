import type { OnlineSum } from '../charge.types';
import type { OnlineRecord } from '../sql/record.sql';

/** What was charged online under one charging id for one owner: by unit, as it stood before the batch. */
export interface OnlineUse {
  readonly stored: ReadonlyMap<string, OnlineSum>;
}

export const onlineKey = (key: { readonly rootId: bigint; readonly ownerId: bigint; readonly chargingId: string }): string =>
  `${key.rootId}/${key.ownerId}/${key.chargingId}`;

/** Online use as read, by key. */
export function onlineUses(rows: readonly OnlineRecord[]): Map<string, OnlineUse> {
  const uses = new Map<string, { stored: Map<string, OnlineSum> }>();
  for (const row of rows) {
    const key = onlineKey({ rootId: BigInt(row.root_id), ownerId: BigInt(row.owner_id), chargingId: row.charging_id });
    const use = uses.get(key) ?? { stored: new Map<string, OnlineSum>() };
    use.stored.set(row.unit, { quantity: BigInt(row.quantity), usages: row.usages });
    uses.set(key, use);
  }
  return uses;
}
