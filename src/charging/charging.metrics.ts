import { Counter, Histogram } from 'prom-client';
import { metrics } from '../platform/observe';
import { UsageResult } from './charging.api';

const batchSize = new Histogram({
  name: 'tributary_charging_batch_items', help: 'Usages and moves that travelled in one batch.',
  buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500], registers: [metrics],
});

const batchSeconds = new Histogram({
  name: 'tributary_charging_batch_seconds', help: 'Seconds from taking a batch to its known commit.',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5], registers: [metrics],
});

const queueSeconds = new Histogram({
  name: 'tributary_charging_queue_seconds', help: 'Seconds that the oldest item of a batch waited for it.',
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5], registers: [metrics],
});

const usages = new Counter({
  name: 'tributary_usages_total', help: 'Usages by what became of them and, where they were not charged, why.',
  labelNames: ['status', 'reason'] as const, registers: [metrics],
});

/** Counts a batch that is committed. */
export function observeCharging(batch: { readonly size: number; readonly waitMs: number; readonly ms: number }): void {
  batchSize.observe(batch.size);
  batchSeconds.observe(batch.ms / 1000);
  queueSeconds.observe(batch.waitMs / 1000);
}

/** Counts answers; the reasons are the documented codes, a small closed set. */
export function countUsages(results: readonly UsageResult[]): void {
  const counts = new Map<string, number>();
  for (const { status, error } of results) {
    const name = `${status}\n${error?.code ?? ''}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const [name, count] of counts) {
    const [status, reason] = name.split('\n');
    usages.inc({ status, reason }, count);
  }
}
