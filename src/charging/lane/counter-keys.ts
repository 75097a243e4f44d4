import { ownerOf, SetupCache, tieredPrices } from '../../guiding';
import { billCycleOf } from '../decide/periods';
import { SPEND_KEY } from '../decide/spend';
import { CounterKey } from '../sql/batch.sql';
import { UsageItem } from './item';

/** The counters that a batch's usages may ask for: of tiered prices, and of members with a limit of their own. */
export function counterKeysOf(items: readonly UsageItem[], setups: SetupCache): readonly CounterKey[] {
  const keys = new Map<string, CounterKey>();
  for (const { roots, event } of items) {
    const root = roots[0]!;
    const setup = setups.get(root.rootId);
    const owner = setup?.hasCounters && ownerOf(event, setup);
    if (!owner) continue;
    const add = (ownerId: bigint, key: string): void => {
      const periodStart = billCycleOf(owner.payer, event.startedAt).start;
      keys.set(`${ownerId}/${key}/${periodStart}`, { shard: root.shard, rootId: root.rootId, ownerId, key, periodStart });
    };
    if (owner.account.ownLimit !== null) add(owner.account.id, SPEND_KEY);
    for (const product of setup.products.values()) {
      if (product.accountId === owner.account.id) for (const priceId of tieredPrices(product)) add(product.id, `price:${priceId}`);
    }
  }
  return [...keys.values()];
}
