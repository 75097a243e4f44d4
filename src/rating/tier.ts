import { PreparedTiers } from './prepared.types';

/**
 * The price of a whole period's units as a numerator. Before the first unit nothing is owed, so that the first usage
 * brings the first tier's flat amount with it.
 * - GRADUATED: each tier prices the units inside it; its flat amount falls due when it is entered.
 * - VOLUME: the tier that holds the quantity prices all units, plus its flat amount.
 */
export function cumulativeCost({ mode, tiers }: PreparedTiers, units: bigint): bigint {
  if (units === 0n) return 0n;
  let index = 0;
  for (let upTo = tiers[0].upTo; upTo !== null && units > upTo; upTo = tiers[index].upTo) index++;
  const tier = tiers[index];
  if (mode === 'VOLUME') return tier.flatAmount + units * tier.amount;
  return tier.before + tier.flatAmount + (units - tier.above) * tier.amount;
}
