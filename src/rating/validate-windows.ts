import type { PriceWindow } from '../catalog/price.types';
import { epochDayOf, minuteOfDay } from '../platform/time';
import { PriceProblem } from './problem';
import { unreachableWindows } from './schedule';

/** What is wrong with the windows of one rate; whether each can ever hold is asked only when all are well formed. */
export function windowProblems(windows: readonly PriceWindow[], path: string): PriceProblem[] {
  const problems = windows.flatMap((window, index) => shapeProblems(window, `${path}[${index}]`));
  windows.forEach(({ name }, index) => {
    // Explanations name the window, so the name must tell which it was.
    const isTaken = windows.findIndex((other) => other.name === name) < index;
    if (isTaken) problems.push({ path: `${path}[${index}].name`, message: `"${name}" is another window's name.` });
  });
  if (problems.length > 0 || windows.length === 0) return problems;
  return unreachableWindows(windows).map((index) => ({
    path: `${path}[${index}]`,
    message: 'never holds: other windows take all of its time.',
  }));
}

function shapeProblems(window: PriceWindow, path: string): PriceProblem[] {
  const problems: PriceProblem[] = [];
  if (window.name === '') problems.push({ path: `${path}.name`, message: 'must not be empty.' });
  if (minuteOfDay(window.from) === null) problems.push({ path: `${path}.from`, message: 'must be a time "HH:MM".' });
  if (minuteOfDay(window.until) === null) problems.push({ path: `${path}.until`, message: 'must be a time "HH:MM".' });
  if (window.weekdays.some((day) => !Number.isInteger(day) || day < 1 || day > 7)) {
    problems.push({ path: `${path}.weekdays`, message: 'must be 1 (Monday) to 7.' });
  }
  window.dates.forEach((date, index) => {
    if (epochDayOf(date) === null) problems.push({ path: `${path}.dates[${index}]`, message: 'is no date.' });
  });
  if (!Number.isSafeInteger(window.weight)) problems.push({ path: `${path}.weight`, message: 'must be a whole number.' });
  return problems;
}
