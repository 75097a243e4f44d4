import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { PartnerService } from '../party';
import { refuse } from '../platform/errors';
import type { TenantServices } from '../tenant';
import { AgreementService } from './agreement.service';
import { isAgreed } from './agreement.store';
import { RunningTotalsReader } from './running-totals';
import { StatementService } from './statement.service';

/** What the room adds to the process's services. */
export interface ShareServices {
  readonly partners: PartnerService;
  readonly agreements: AgreementService;
  readonly statements: StatementService;
  readonly runningTotals: RunningTotalsReader;
}

declare module '../context' {
  interface Services extends ShareServices {}
}

/** Builds the room's services; one per process. */
export const createShareServices = (pool: Pool, data: DataSource, { clock, tenants }: TenantServices): ShareServices => ({
  partners: new PartnerService(data, async (client, partnerId, now) => {
    if (await isAgreed(client, partnerId, now)) refuse('CONFLICT', 'The partner stands in an agreement that holds, or waits to be decided.', ['partnerId']);
  }),
  agreements: new AgreementService(data),
  statements: new StatementService(data),
  runningTotals: new RunningTotalsReader(pool, clock, tenants),
});
