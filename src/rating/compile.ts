import type { PriceRate, PriceTiers, UsagePriceDefinition, UsagePriceVersion } from '../catalog/price.types';
import { Amount, ExactDecimal, MONEY_SCALE, pow10, Quantity, ZERO_QUANTITY } from '../platform/money';
import { prepareDestinations } from './destinations';
import { PreparedPrice, PreparedRate, PreparedRounding, PreparedTariff, PreparedTier, PreparedTiers } from './prepared.types';
import { MalformedPrice } from './problem';
import { CompiledPrice } from './rating.types';
import { prepareSchedule } from './schedule';
import { checked, parseFee, parsePrice, parseQuantity } from './texts';
import { validatePrice } from './validate';

/** Makes money texts numerators over one denominator, so that prices of different decimals add up without division. */
interface Numerators {
  readonly price: (text: string) => bigint;
  readonly fee: (text: string) => bigint;
}

/** Prepares a price version for rating, once per version. Throws MalformedPrice, which names the place. */
export function compilePrice(version: UsagePriceVersion): CompiledPrice {
  const [problem] = validatePrice(version);
  if (problem) throw new MalformedPrice(version.id, problem);
  const { definition } = version;
  const scale = finestScale(definition);
  const numerators = numeratorsOf(scale, version.per);
  const bound = (text: string | undefined): bigint | null => (text === undefined ? null : numerators.fee(text));
  const prepared: PreparedPrice = {
    conditions: definition.conditions.map(({ attribute, in: values }) => ({ attribute, accepted: new Set(values) })),
    asksNumberKind: definition.conditions.some(({ attribute }) => attribute === 'numberKind'),
    destinations: prepareDestinations(definition.rates),
    rates: definition.rates.map((rate) => prepareRate(rate, numerators)),
    timeZone: definition.timeZone,
    freeUnits: definition.freeUnits === undefined ? ZERO_QUANTITY : wholeOf(definition.freeUnits),
    minimumCharge: bound(definition.minimumCharge),
    maximumCharge: bound(definition.maximumCharge),
    tiers: definition.tiers ? prepareTiers(definition.tiers, numerators) : null,
    rounding: prepareRounding(definition, version.per * pow10(scale)),
  };
  return { version, compiled: prepared };
}

const decimalOf = (text: string): ExactDecimal => checked(parsePrice(text), text);
const wholeOf = (text: string): Quantity => checked(parseQuantity(text), text);
const feeOf = (text: string): Amount => checked(parseFee(text), text);

/** The most decimals any price names, at least money's six, so that fees fit as well. */
function finestScale(definition: UsagePriceDefinition): number {
  const steps = definition.rates.flatMap((rate) => [rate, ...(rate.windows ?? [])].flatMap((tariff) => tariff.steps));
  const texts = [...steps, ...(definition.tiers?.tiers ?? [])].map((priced) => priced.amount);
  return texts.reduce((scale, text) => {
    const own = decimalOf(text).scale;
    return own > scale ? own : scale;
  }, MONEY_SCALE);
}

function numeratorsOf(scale: number, per: bigint): Numerators {
  const price = (text: string): bigint => {
    const decimal = decimalOf(text);
    return decimal.unscaled * pow10(scale - decimal.scale);
  };
  return { price, fee: (text) => feeOf(text) * pow10(scale - MONEY_SCALE) * per };
}

function prepareRate(rate: PriceRate, numerators: Numerators): PreparedRate {
  const windows = rate.windows ?? [];
  return {
    base: prepareTariff(rate, null, numerators),
    windows: windows.map((window) => prepareTariff(window, window.name, numerators)),
    schedule: windows.length === 0 ? null : prepareSchedule(windows),
  };
}

function prepareTariff(
  tariff: Pick<PriceRate, 'connectFee' | 'steps'>,
  window: string | null,
  numerators: Numerators,
): PreparedTariff {
  const steps = tariff.steps.map((step) => ({
    from: wholeOf(step.from),
    amount: numerators.price(step.amount),
    increment: wholeOf(step.increment),
  }));
  return { window, connectFee: feeOf(tariff.connectFee), steps };
}

function prepareTiers({ mode, tiers }: PriceTiers, numerators: Numerators): PreparedTiers {
  const prepared: PreparedTier[] = [];
  let above = 0n;
  let before = 0n;
  for (const tier of tiers) {
    const upTo = tier.upTo === null ? null : wholeOf(tier.upTo);
    const price = numerators.price(tier.amount);
    const flatAmount = numerators.fee(tier.flatAmount);
    prepared.push({ above, upTo, amount: price, flatAmount, before });
    if (upTo === null) break;
    before += flatAmount + (upTo - above) * price;
    above = upTo;
  }
  return { mode, tiers: prepared };
}

function prepareRounding({ rounding }: UsagePriceDefinition, denominator: bigint): PreparedRounding {
  const { digits, mode } = rounding ?? { digits: MONEY_SCALE, mode: 'HALF_UP' };
  return { digits, mode, denominator, scale: pow10(digits), toAmount: pow10(MONEY_SCALE - digits) };
}
