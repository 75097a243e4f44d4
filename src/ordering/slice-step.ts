import type { Pool } from 'pg';
import type { ActivateAnswer, BeginInput, ChargingApi, MoveKey, MoveOutcome } from '../charging';
import { loadSliceTerms, snssaiOf } from '../slice';
import type { OrderItem } from './order.types';

/**
 * Begins the product of an item. A slice begins with its end and its devices in one move; then its end is named, so that it
 * shows and nobody takes it back. A run that is killed between the two leaves a slice that ends rightly.
 */
export async function beginItem(
  pool: Pool, charging: Pick<ChargingApi, 'products' | 'terminate'>, keyOf: (move: string) => MoveKey, item: OrderItem,
): Promise<MoveOutcome<ActivateAnswer>> {
  const outcome = await charging.products.begin(keyOf('begin'), await beginInputOf(pool, item));
  if (outcome.ok && item.slice !== null && item.slice.until !== null) await nameEnd(charging, keyOf('end'), item.productId, item.slice.until);
  return outcome;
}

async function beginInputOf(pool: Pool, { productId, offeringVersionId, slice }: OrderItem): Promise<BeginInput> {
  if (slice === null) return { productId };
  const terms = (await loadSliceTerms(pool, [offeringVersionId!])).get(offeringVersionId!);
  if (!terms) throw new Error(`Offering version ${offeringVersionId} was a slice and is none.`);
  return { productId, slice: { snssai: snssaiOf(terms), payer: terms.payer, endsAt: slice.until, devices: slice.devices } };
}

/** The same again changes nothing, and an end that has come or lies earlier by now stands. */
async function nameEnd(charging: Pick<ChargingApi, 'terminate'>, key: MoveKey, productId: bigint, until: number): Promise<void> {
  const outcome = await charging.terminate(key, { productId, at: until });
  const code = outcome.ok ? undefined : outcome.errors[0]?.code;
  // The product runs: the item is not given up for what can be repeated.
  if (!outcome.ok && code !== 'CONFLICT' && code !== 'INVALID_INPUT') throw new Error(`The end of product ${productId} was not named: ${code}.`);
}
