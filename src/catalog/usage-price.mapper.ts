import { MONEY_SCALE } from '../platform/money';
import type { PriceRate, PriceStep, PriceWindow, UsagePriceDefinition } from './price.types';
import { PriceRateType, PriceStepType, PriceWindowType, UsagePriceType } from './usage-price.type';

/** A stored definition as the API shows it, with the defaults written out. */
export function usagePriceOf(definition: UsagePriceDefinition): UsagePriceType {
  const { usageKind, timeZone, conditions, rates, rounding, tiers } = definition;
  return {
    usageKind, timeZone, conditions, rates: rates.map(rateOf),
    rounding: rounding ?? { digits: MONEY_SCALE, mode: 'HALF_UP' },
    minimumCharge: definition.minimumCharge ?? null,
    maximumCharge: definition.maximumCharge ?? null,
    freeUnits: BigInt(definition.freeUnits ?? '0'),
    tierMode: tiers?.mode ?? null,
    tiers: (tiers?.tiers ?? []).map(({ upTo, amount, flatAmount }) => ({ upTo: upTo === null ? null : BigInt(upTo), amount, flatAmount })),
  };
}

const stepOf = ({ from, amount, increment }: PriceStep): PriceStepType => ({ from: BigInt(from), amount, increment: BigInt(increment) });

const rateOf = (rate: PriceRate): PriceRateType => ({
  ...rate, steps: rate.steps.map(stepOf), windows: (rate.windows ?? []).map(windowOf),
});

const windowOf = (window: PriceWindow): PriceWindowType => ({ ...window, steps: window.steps.map(stepOf) });
