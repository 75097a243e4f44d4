import type { PriceRate } from '../catalog/price.types';
import { Destinations, RateMatch } from './prepared.types';

const ZERO_CODE = 48;

/** Builds the tree of all prefixes of a price. */
export function prepareDestinations(rates: readonly PriceRate[]): Destinations {
  const children: number[] = new Array<number>(10).fill(0);
  const ends: (RateMatch | null)[] = [null];
  let fallback: RateMatch | null = null;
  let bare: RateMatch | null = null;
  rates.forEach((rate, rateIndex) => {
    if (rate.prefixes.length === 0) bare = { rateIndex, prefix: '', length: 0 };
    for (const prefix of rate.prefixes) {
      if (prefix === '*') fallback = { rateIndex, prefix, length: 0 };
      else ends[growTo(prefix, children, ends)] = { rateIndex, prefix, length: prefix.length };
    }
  });
  const hasPrefixes = rates.some((rate) => rate.prefixes.length > 0);
  return { children: Int32Array.from(children), ends, fallback, bare, hasPrefixes };
}

function growTo(prefix: string, children: number[], ends: (RateMatch | null)[]): number {
  let node = 0;
  for (const digit of prefix) {
    const slot = node * 10 + digit.charCodeAt(0) - ZERO_CODE;
    if (children[slot] === 0) {
      children[slot] = ends.length;
      ends.push(null);
      for (let child = 0; child < 10; child++) children.push(0);
    }
    node = children[slot];
  }
  return node;
}

/**
 * The rate for a destination: the longest prefix, then "*". Without a destination the rate without prefixes comes
 * first. A price that has no prefixes does not look at the destination at all. `isWhole`: only a prefix that is all of
 * the destination counts. Null: no rate for it.
 */
export function findRate(destinations: Destinations, otherParty: string | null, isWhole = false): RateMatch | null {
  if (!destinations.hasPrefixes) return destinations.bare;
  if (otherParty === null) return destinations.bare ?? destinations.fallback;
  const found = longestPrefix(destinations, otherParty);
  return found && (!isWhole || found.length === otherParty.length) ? found : destinations.fallback;
}

function longestPrefix({ children, ends }: Destinations, number: string): RateMatch | null {
  let found: RateMatch | null = null;
  let node = 0;
  for (let index = 0; index < number.length; index++) {
    const digit = number.charCodeAt(index) - ZERO_CODE;
    if (digit < 0 || digit > 9) break;
    node = children[node * 10 + digit];
    if (node === 0) break;
    found = ends[node] ?? found;
  }
  return found;
}
