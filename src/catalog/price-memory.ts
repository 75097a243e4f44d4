import type { Pool } from 'pg';
import { LruMap } from '../platform/cache';
import type { PriceRow } from './sql/terms.sql';

/** Prices by offering version and by their own id. They are written with their version and never change, so a node reads them once. */
export class PriceMemory {
  readonly ofVersion = new LruMap<string, readonly PriceRow[]>(10_000);
  readonly byId = new LruMap<string, PriceRow>(50_000);
}

/** One a database that the node reads. */
const memories = new WeakMap<Pool, PriceMemory>();

export function priceMemory(pool: Pool): PriceMemory {
  let memory = memories.get(pool);
  if (!memory) memories.set(pool, memory = new PriceMemory());
  return memory;
}
