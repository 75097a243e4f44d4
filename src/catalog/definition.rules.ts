import { PriceCondition, PriceRate, PriceStep, PriceTiers, PriceWindow, UsagePriceDefinition } from './price.types';
import { ConditionDraft, RateDraft, StepDraft, UsagePriceDraft, WindowDraft } from './draft.types';

/** The stored form of a usage price: quantities become text, because a JSON number is a binary float; absent members stay absent. */
export function definitionOf(draft: UsagePriceDraft): UsagePriceDefinition {
  const { rounding, minimumCharge, maximumCharge, freeUnits, tiers } = draft;
  return {
    usageKind: draft.usageKind,
    timeZone: draft.timeZone,
    conditions: draft.conditions.map(conditionOf),
    rates: draft.rates.map(rateOf),
    ...(rounding ? { rounding: { digits: rounding.digits, mode: rounding.mode } } : {}),
    ...(isGiven(minimumCharge) ? { minimumCharge } : {}),
    ...(isGiven(maximumCharge) ? { maximumCharge } : {}),
    ...(isGiven(freeUnits) ? { freeUnits: freeUnits.toString() } : {}),
    ...(tiers ? { tiers: tiersOf(tiers) } : {}),
  };
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

export const conditionOf = ({ attribute, in: accepted }: ConditionDraft): PriceCondition => ({ attribute, in: [...accepted] });

const rateOf = ({ zone, prefixes, connectFee, steps, windows }: RateDraft): PriceRate => ({
  zone, prefixes: [...prefixes], connectFee, steps: steps.map(stepOf),
  ...(windows && windows.length > 0 ? { windows: windows.map(windowOf) } : {}),
});

const stepOf = ({ from, amount, increment }: StepDraft): PriceStep => ({
  from: from.toString(), amount, increment: increment.toString(),
});

const windowOf = ({ name, weekdays, dates, from, until, weight, connectFee, steps }: WindowDraft): PriceWindow => ({
  name, weekdays: [...weekdays], dates: [...dates], from, until, weight, connectFee, steps: steps.map(stepOf),
});

const tiersOf = ({ mode, tiers }: NonNullable<UsagePriceDraft['tiers']>): PriceTiers => ({
  mode,
  tiers: tiers.map(({ upTo, amount, flatAmount }) => ({ upTo: upTo?.toString() ?? null, amount, flatAmount })),
});
