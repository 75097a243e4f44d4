import { Bucket } from '../../balance';
import { parseAmount } from '../../platform/money';
import { DAY_MS } from '../../platform/time';
import type { TenantSettings } from '../../tenant';

/** When a bucket's value lapses, epoch ms: units and promotions at their end, paid money after its grace; null = never. */
export function lapsesAt(bucket: Bucket, graceDays: number): number | null {
  if (bucket.validUntil === null || bucket.kind === 'CREDIT') return null;
  return bucket.kind === 'MONEY' ? bucket.validUntil + graceDays * DAY_MS : bucket.validUntil;
}

/** Whether the grace of paid money is over too: then it receives nothing but a top-up. */
export function hasLapsed(bucket: Bucket, now: number, graceDays: number): boolean {
  const at = lapsesAt(bucket, graceDays);
  return at !== null && at <= now;
}

/**
 * The end of a purse's life after a top-up (money-rules 5.10), epoch ms; null = without end. The longest class that the
 * amount reaches decides, and never shortens a life. An amount below every class prolongs nothing, but where no life is
 * running it starts one of the lowest class, so that nobody pays for money that is lost at once.
 */
export function lifeAfterTopUp(
  until: number | null, value: bigint, now: number, classes: TenantSettings['topUpClasses'],
): number | null {
  if (classes.length === 0) return null;
  const reached = classes.filter(({ minimum }) => value >= (parseAmount(minimum) ?? 0n));
  const isRunning = until !== null && until > now;
  if (reached.length === 0 && isRunning) return until;
  const days = reached.length === 0 ? classes[0]!.days : reached.reduce((most, { days: length }) => (length > most ? length : most), 0);
  const renewed = now + days * DAY_MS;
  return isRunning && until > renewed ? until : renewed;
}
