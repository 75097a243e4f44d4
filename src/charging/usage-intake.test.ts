import type { Pool } from 'pg';
import { call } from '../../test/support/world';
import type { SetupCache } from '../guiding';
import { UsageResult } from './charging.api';
import { DeadlineExceeded } from './lane/faults';
import { Item, UsageItem } from './lane/item';
import { UsageIntake } from './usage-intake';

const charged = (usageId: string): UsageResult => ({ usageId, status: 'CHARGED', duplicate: false, charge: null, error: null });

it('an item that is answered twice does not answer for its neighbour', async () => {
  const setups = {
    ownersOf: (_: number, asked: readonly unknown[]) => Promise.resolve(asked.map(() => ({ shard: 1, rootId: 1n }))),
    ensure: () => Promise.resolve(),
  } as unknown as SetupCache;
  const taken: UsageItem[] = [];
  const intake = new UsageIntake({} as Pool, setups, (items: readonly Item[]) => { taken.push(...(items as UsageItem[])); }, 1_000);
  const events = [call('353860000001', 1n), call('353860000001', 2n)];
  let isAnswered = false;
  const answer = intake.take(events, { delivered: false, lateLimitDays: undefined }).then((results) => {
    isAnswered = true;
    return results;
  });
  await new Promise((resolve) => { setImmediate(resolve); });
  // Its deadline passed while its batch was under way, and then the batch came through after all.
  taken[0]!.reject(new DeadlineExceeded('late'));
  taken[0]!.resolve(charged(events[0]!.usageId));
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(isAnswered).toBe(false);
  taken[1]!.resolve(charged(events[1]!.usageId));
  expect((await answer).map(({ status }) => status)).toEqual(['FAILED', 'CHARGED']);
});
