import { quantity, Quantity } from '../platform/money';
import { afterSeconds, secondsBegunUntil } from '../platform/time';
import { PreparedPrice, PreparedRate, PreparedTariff, PreparedStep } from './prepared.types';
import { UsageToRate } from './rating.types';
import { NO_WINDOW } from './schedule';
import { windowAt, windowChange } from './window';

/** Where in the rate a point of the session lies, and up to which point (in units of the session) that holds. */
export interface TariffStretch {
  readonly tariff: PreparedTariff;
  readonly until: Quantity;
}

/**
 * The tariff in force `offset` units after the session's start, and where its hold ends, at `end` at the latest. Only
 * voice follows the clock; everything else stays in the window of its start.
 */
export function tariffStretch(
  usage: UsageToRate,
  price: PreparedPrice,
  rate: PreparedRate,
  offset: Quantity,
  end: Quantity,
): TariffStretch {
  if (rate.schedule === null) return { tariff: rate.base, until: end };
  const isVoice = usage.kind === 'VOICE';
  const at = isVoice ? afterSeconds(usage.startedAt, offset) : usage.startedAt;
  const window = windowAt(rate.schedule, price.timeZone, at);
  const tariff = window === NO_WINDOW ? rate.base : rate.windows[window];
  if (!isVoice) return { tariff, until: end };
  const endAt = afterSeconds(usage.startedAt, end);
  const change = windowChange(rate.schedule, price.timeZone, at, endAt);
  return { tariff, until: change < endAt ? quantity(secondsBegunUntil(usage.startedAt, change)) : end };
}

/** The place of the step in force `offset` units after the session's start. */
export function stepIndexAt(steps: readonly PreparedStep[], offset: Quantity): number {
  let index = steps.length - 1;
  while (steps[index].from > offset) index--;
  return index;
}
