import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { ChargingApi } from '../src/charging/charging.api';
import type { Services } from '../src/context';
import type { Actor } from '../src/tenant';

/** What the stories work with; they change money only through the services. */
export interface SeedContext {
  readonly pool: Pool;
  readonly data: DataSource;
  readonly services: SeedServices;
  log(line: string): void;
}

/** The services that the stories call. */
export type SeedServices = Pick<Services, 'catalog' | 'parties' | 'accounts' | 'sharingGroups' | 'tenants' | 'partners' | 'agreements'> & {
  readonly charging: Pick<ChargingApi, 'activate' | 'topUp'>;
};

/** One numbered story. It finds what an earlier run made, so that running it again changes nothing. */
export type Story = (context: SeedContext) => Promise<void>;

/** Raised where a story cannot be told; the message names the step and the expected errors. */
export class SeedFailed extends Error {}

/** The tenants of the stories. Ids are given, because tenants are created by the operator of the installation, not by the API. */
export const DEMO = { id: 1, code: 'demo' } as const;
export const OTHER = { id: 2, code: 'other' } as const;
export const ARCHIVE = { id: 3, code: 'archive' } as const;

/** Who the stories act as, in audit rows and idempotency keys. */
export const SEED_CALLER = 'seed';
export const seedActor = (tenantId: number): Actor => ({ tenantId, subject: SEED_CALLER, role: 'ADMIN', requestId: 'seed' });
