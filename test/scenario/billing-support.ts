import type { DataSource } from 'typeorm';
import { Conductor } from '../../src/charging';
import { BillRun, BillRunService } from '../../src/invoicing';
import { appDataSource } from '../../src/platform/db';
import { TenantDirectory } from '../../src/tenant';
import { TestDatabase } from '../support';

/** Bill runs on a test database, as finance starts them. */
export interface Billing {
  readonly runs: BillRunService;
  /** Starts the run of the periods that end on a day and waits until it is done. */
  bill(tenantId: number, cycleEnd: string, key?: string): Promise<BillRun>;
  close(): Promise<void>;
}

let keys = 0;

export async function openBilling(db: TestDatabase, conductor: Conductor): Promise<Billing> {
  const data: DataSource = await appDataSource(db.ownerUrl, true).initialize();
  const runs = new BillRunService({
    pool: db.appPool, data, charging: conductor, tenants: new TenantDirectory(db.appPool), failed: (_run, error) => { throw error; },
  });
  return {
    runs,
    bill: async (tenantId, cycleEnd, key = `run-${(keys += 1)}`) => {
      const actor = { tenantId, subject: 'finance', role: 'FINANCE', requestId: 'r' };
      const run = await runs.start(actor, cycleEnd, key);
      await runs.finished(run.id);
      return run;
    },
    close: async () => {
      await runs.close();
      await data.destroy();
    },
  };
}
