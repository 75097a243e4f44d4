import type { PriceRate, PriceStep, UsagePriceDefinition, UsagePriceVersion } from '../catalog/price.types';
import { isCurrency } from '../platform/money';
import { isTimeZone } from '../platform/time';
import { unitOfKind } from './kind';
import { PriceProblem } from './problem';
import { parseFee, parsePrice, parseQuantity } from './texts';
import { boundProblems } from './validate-bounds';
import { windowProblems } from './validate-windows';

/** Everything that keeps a usage price from being launched, by place; empty when it is sound. */
export function validatePrice(version: UsagePriceVersion): PriceProblem[] {
  const { definition } = version;
  return [
    ...headProblems(version),
    ...conditionProblems(definition),
    ...prefixProblems(definition.rates),
    ...definition.rates.flatMap((rate, index) => rateProblems(rate, `definition.rates[${index}]`)),
    ...boundProblems(definition),
  ];
}

function headProblems(version: UsagePriceVersion): PriceProblem[] {
  const problems: PriceProblem[] = [];
  const { usageKind, timeZone, rates } = version.definition;
  const due = unitOfKind(usageKind, version.unit);
  if (version.unit !== due) problems.push({ path: 'unit', message: `must be ${due} for ${usageKind} usage.` });
  if (version.per < 1n) problems.push({ path: 'per', message: 'must be at least 1.' });
  if (!isCurrency(version.currency)) problems.push({ path: 'currency', message: 'is no currency in use.' });
  if (!isTimeZone(timeZone)) problems.push({ path: 'definition.timeZone', message: 'is no known time zone.' });
  if (rates.length === 0) problems.push({ path: 'definition.rates', message: 'must hold at least one rate.' });
  return problems;
}

function conditionProblems(definition: UsagePriceDefinition): PriceProblem[] {
  return definition.conditions.flatMap((condition, index) => {
    const path = `definition.conditions[${index}]`;
    if (condition.attribute === '') return [{ path: `${path}.attribute`, message: 'must name an attribute.' }];
    return condition.in.length === 0 ? [{ path: `${path}.in`, message: 'must list at least one value.' }] : [];
  });
}

/** A prefix inside another is how destinations nest; the same one twice leaves the choice to chance. */
function prefixProblems(rates: readonly PriceRate[]): PriceProblem[] {
  const problems: PriceProblem[] = [];
  const seen = new Map<string, string>();
  const claim = (key: string, path: string, what: string): void => {
    const other = seen.get(key);
    if (other) problems.push({ path, message: `${what} stands at ${other} too.` });
    else seen.set(key, path);
  };
  rates.forEach((rate, index) => {
    const path = `definition.rates[${index}].prefixes`;
    if (rate.prefixes.length === 0) claim('', path, 'a rate without prefixes');
    rate.prefixes.forEach((prefix, place) => {
      const here = `${path}[${place}]`;
      if (prefix !== '*' && !/^\d{1,18}$/.test(prefix)) problems.push({ path: here, message: 'must be digits or "*".' });
      else claim(prefix, here, `prefix "${prefix}"`);
    });
  });
  return problems;
}

function rateProblems(rate: PriceRate, path: string): PriceProblem[] {
  const windows = rate.windows ?? [];
  return [
    ...tariffProblems(rate, path),
    ...windows.flatMap((window, index) => tariffProblems(window, `${path}.windows[${index}]`)),
    ...windowProblems(windows, `${path}.windows`),
  ];
}

function tariffProblems(tariff: Pick<PriceRate, 'connectFee' | 'steps'>, path: string): PriceProblem[] {
  const problems = tariff.steps.flatMap((_, index) => stepProblems(tariff.steps, index, `${path}.steps[${index}]`));
  if (parseFee(tariff.connectFee) === null) {
    problems.unshift({ path: `${path}.connectFee`, message: 'must be money of at most six decimals, not negative.' });
  }
  if (tariff.steps.length === 0) problems.push({ path: `${path}.steps`, message: 'must hold at least one step.' });
  return problems;
}

function stepProblems(steps: readonly PriceStep[], index: number, path: string): PriceProblem[] {
  const problems: PriceProblem[] = [];
  const [from, increment] = [parseQuantity(steps[index].from), parseQuantity(steps[index].increment)];
  const previous = index === 0 ? null : parseQuantity(steps[index - 1].from);
  if (from === null) problems.push({ path: `${path}.from`, message: 'must be a whole quantity.' });
  else if (index === 0 && from !== 0n) problems.push({ path: `${path}.from`, message: 'must be 0: nothing prices the first units.' });
  else if (previous !== null && from <= previous) problems.push({ path: `${path}.from`, message: 'must be above the step before.' });
  if (increment === null || increment < 1n) problems.push({ path: `${path}.increment`, message: 'must be a whole quantity of at least 1.' });
  if (parsePrice(steps[index].amount) === null) problems.push({ path: `${path}.amount`, message: 'must be a decimal, not negative.' });
  return problems;
}
