import type { PriceRate, UsagePriceDefinition, UsagePriceVersion } from '../catalog/price.types';
import { quantity, Unit } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';
import { compilePrice } from './compile';
import { unitOfKind } from './kind';
import { ChosenPrice, PriceCandidate, PricingSpan, UsageToRate } from './rating.types';

/** Small prices and usages that the tables of the tests and the benchmark are written in. */
export interface ExamplePrice extends Partial<UsagePriceDefinition> {
  readonly id?: string;
  readonly per?: bigint;
  readonly unit?: Unit;
}

/** A rate of one step without destination: amount per `per`, in increments. */
export const flatRate = (amount: string, increment = '1', connectFee = '0'): PriceRate => ({
  zone: 'Anywhere', prefixes: [], connectFee, steps: [{ from: '0', amount, increment }],
});

/** A voice price of 0.10 a minute in 1 s increments, Dublin time, unless told otherwise. */
export function examplePrice({ id = '1', per, unit, ...definition }: ExamplePrice = {}): UsagePriceVersion {
  const usageKind: UsageKind = definition.usageKind ?? 'VOICE';
  return {
    id, priceId: id, version: 1, name: 'Example', priceType: 'USAGE', currency: 'EUR',
    unit: unitOfKind(usageKind, 'EVENT'), ...(unit && { unit }),
    per: per ?? (usageKind === 'VOICE' ? 60n : 1n),
    taxClass: 'STANDARD', taxIncluded: false, revenueAccount: 'USAGE', recognition: 'AT_POINT', listPriced: false,
    definition: { usageKind, timeZone: 'Europe/Dublin', conditions: [], rates: [flatRate('0.10')], ...definition },
  };
}

/** The price in the hands of one product. */
export const exampleCandidate = (price: ExamplePrice, product: Partial<PriceCandidate> = {}): PriceCandidate => ({
  price: compilePrice(examplePrice(price)), productPriority: 10, isAddOn: false, productStartedAt: 0, productId: 'p', ...product,
});

/** The first rate of a price, chosen. */
export const exampleChoice = (price: ExamplePrice): ChosenPrice => ({
  candidate: exampleCandidate(price), rateIndex: 0, matchedPrefix: '',
});

/** A call, unless another kind is named. `at` is an ISO instant. */
export function exampleUsage(seconds: bigint, at = '2026-01-14T12:00:00Z', more: Partial<UsageToRate> = {}): UsageToRate {
  const kind = more.kind ?? 'VOICE';
  return {
    startedAt: Date.parse(at), quantity: quantity(seconds), unit: unitOfKind(kind, 'EVENT'),
    otherParty: null, otherNetwork: null, attributes: {}, direction: 'OUTGOING', ...more, kind,
  };
}

/** A whole usage from its start, nothing counted before. */
export const exampleSpan = (units: bigint, offset = 0n, counterBefore = 0n, chargeConnectFee = true): PricingSpan => ({
  offset: quantity(offset), quantity: quantity(units), counterBefore: quantity(counterBefore), chargeConnectFee,
});
