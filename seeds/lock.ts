import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { SeedFailed } from './context';

/** Any number that no other advisory lock of the product uses. */
const LOCK = 7_301_501;
const PAUSE_MS = 100;
const PATIENCE_MS = 120_000;

/**
 * Lets one node at a time plant the seeds: the others wait and then find everything there. Asked for again and again,
 * because a waiting statement would meet the time limit; held by a connection of the master data, because the pool of
 * cold reads may have no second one.
 */
export async function oneAtATime(data: DataSource, work: () => Promise<void>): Promise<void> {
  const holder = data.createQueryRunner();
  try {
    for (let waited = 0; !(await takes(holder)); waited += PAUSE_MS) {
      if (waited >= PATIENCE_MS) throw new SeedFailed('Another node has been planting the seeds for two minutes.');
      await sleep(PAUSE_MS);
    }
    try {
      await work();
    } finally {
      await holder.query('select pg_advisory_unlock($1)', [LOCK]);
    }
  } finally {
    await holder.release();
  }
}

async function takes(holder: QueryRunner): Promise<boolean> {
  const rows: { readonly taken: boolean }[] = await holder.query('select pg_try_advisory_lock($1) as taken', [LOCK]);
  return rows[0].taken;
}
