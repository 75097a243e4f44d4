import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomersRequest, CustomersSummary, importCustomers } from '../../src/cli/customers-import';
import { chargeReader, columnsOfMapping, CustomerMapping, idReader, readCustomerMapping, reconcile, Reconciled } from '../../src/onboarding';
import type { Rooms } from '../../src/services';
import { openWhole } from '../../src/usage/import';
import { ROOT } from './import-support';

export const TELCO = join(ROOT, 'imports', 'telco-customers.mapping.yaml');
export const SAMPLE = join(ROOT, 'imports', 'sample-customers.csv');
export const telco = (): CustomerMapping => readCustomerMapping(readFileSync(TELCO, 'utf8'), TELCO);

/** Imports a file into the demo as the command does, making the mapping's offerings. */
export async function importFile(rooms: Rooms, file: string, over: Partial<CustomersRequest> = {}): Promise<CustomersSummary> {
  const mapping = over.mapping ?? telco();
  return importCustomers({
    rooms, tenant: (await rooms.tenants.findByCode('demo'))!, file, mapping, mappingFile: TELCO, whole: await openWhole(file, mapping, columnsOfMapping(mapping)),
    createsOfferings: over.isDryRun !== true, isDryRun: false, rejectsPath: `${file}.rejects.csv`, showsProgress: false, stop: new AbortController().signal, pauseMs: 1, ...over,
  });
}

/** Compares a file with the demo's bills of a cycle. */
export async function reconcileFile(rooms: Rooms, file: string, cycleEnd: string, mapping = telco()): Promise<Reconciled> {
  const whole = await openWhole(file, mapping, columnsOfMapping(mapping));
  return reconcile({
    pool: rooms.pool, tenantId: 1, file: whole, id: idReader(mapping, whole.source.columns), charge: chargeReader(mapping.monthlyCharge!, whole.source.columns),
    tolerance: mapping.monthlyCharge!.tolerance, accountName: mapping.account.name, cycleEnd, told: 10, progress: () => undefined,
  });
}

export async function moveClock(rooms: Rooms, until: string): Promise<void> {
  await rooms.clock.advance({ tenantId: 1, subject: 'test', role: 'ADMIN', requestId: 'r' }, new Date(until));
}

/** Bills the demo's periods that end on a day. */
export async function bill(rooms: Rooms, cycleEnd: string, key = `test-${cycleEnd}`): Promise<void> {
  const run = await rooms.billRuns.start({ tenantId: 1, subject: 'test', role: 'FINANCE', requestId: 'r' }, cycleEnd, key);
  await rooms.billRuns.finished(run.id);
}
