/**
 * What is measured of slices: samples taken in once, agreed maintenance, the verdict of a period, and what follows from it
 * (a usage of the device count, a credit of the fee). It charges nothing itself: charging does.
 */
import { MaintenanceResolver } from './maintenance.resolver';
import { MeasurementResolver } from './measurement.resolver';
import { SliceMeasuresResolver } from './slice-measures.resolver';
import { SlicePeriodResolver } from './slice-period.resolver';

export { createAssurance, type AssuranceServices } from './services';

export const ASSURANCE_RESOLVERS = [MeasurementResolver, MaintenanceResolver, SlicePeriodResolver, SliceMeasuresResolver] as const;
