import { ownerOf, SetupCache } from '../../guiding';
import { billCycleOf } from '../decide/periods';
import { CounterKey } from '../sql/batch.sql';
import { UsageItem } from './item';

/** The counters that the tiered prices of a batch's products may ask for. */
export function counterKeysOf(items: readonly UsageItem[], setups: SetupCache): readonly CounterKey[] {
  const keys = new Map<string, CounterKey>();
  for (const { roots, event } of items) {
    const root = roots[0]!;
    const setup = setups.get(root.rootId);
    const owner = setup && ownerOf(event, setup);
    if (!owner) continue;
    for (const product of setup.products.values()) {
      if (product.accountId !== owner.account.id) continue;
      for (const price of product.terms.usage) {
        if (!price.definition.tiers) continue;
        const periodStart = billCycleOf(owner.payer, event.startedAt).start;
        const key = { shard: root.shard, rootId: root.rootId, ownerId: product.id, key: `price:${price.priceId}`, periodStart };
        keys.set(`${product.id}/${key.key}/${periodStart}`, key);
      }
    }
  }
  return [...keys.values()];
}
