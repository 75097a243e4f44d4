import { Counter } from 'prom-client';
import { metrics } from '../platform/observe';

const measurements = new Counter({
  name: 'tributary_slice_measurements_total', help: 'Measurements of slices by what became of them and, where they were not taken in, why.',
  labelNames: ['status', 'reason'] as const, registers: [metrics],
});

/** Counts answers; the reasons are the documented codes, a small closed set. */
export function countMeasurements(results: readonly { readonly status: string; readonly error: { readonly code: string } | null }[]): void {
  for (const { status, error } of results) measurements.inc({ status, reason: error?.code ?? '' });
}
