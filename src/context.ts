import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Caller } from './platform/auth/caller';

/** What one operation carries: who calls, its id in logs and errors, the database, fresh loaders. */
export interface RequestContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** Long-lived parts, equal for every request of the process. */
  readonly services: Services;
  /** One DataLoader (or other per-request memo) per key, built at first use; never kept in a subscription. */
  loader<T>(key: string, build: () => T): T;
}

/** The process's parts that resolvers call. Rooms add their services here by declaration merging in their own `services.ts`. */
export interface Services {
  /** Cold reads by raw SQL, and what is not TypeORM's. */
  readonly pool: Pool;
  /** TypeORM for master data. */
  readonly data: DataSource;
  /** Told of a signed-in caller whose role may not do a mutation; absent where nobody keeps such a record. */
  readonly roleRefused?: (context: RequestContext, mutation: string) => Promise<void>;
}
