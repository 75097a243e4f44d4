import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { ChargingApi } from '../charging';
import type { TenantDirectory } from '../tenant';
import { MaintenanceService } from './maintenance.service';
import { MeasurementIntake } from './measurement.intake';
import { Settlement } from './settlement';
import { SlicePeriodService } from './slice-period.service';

/** What the room adds to the process's services. */
export interface AssuranceServices {
  readonly measurements: MeasurementIntake;
  readonly sliceMaintenance: MaintenanceService;
  readonly slicePeriods: SlicePeriodService;
}

declare module '../context' {
  interface Services extends AssuranceServices {}
}

export interface AssuranceDeps {
  readonly pool: Pool;
  readonly data: DataSource;
  readonly charging: ChargingApi;
  readonly tenants: Pick<TenantDirectory, 'require'>;
}

/** Builds the room's services, and the settlement that bill runs ask for before they close accounts. */
export function createAssurance(deps: AssuranceDeps): { readonly services: AssuranceServices; readonly settlement: Settlement } {
  const settlement = new Settlement(deps);
  const services = {
    measurements: new MeasurementIntake(deps.pool, deps.charging), sliceMaintenance: new MaintenanceService(deps.data),
    slicePeriods: new SlicePeriodService({ ...deps, settlement }),
  };
  return { services, settlement };
}
