import { UsageEvent } from '../../usage/usage.types';

/** A usage as it is judged; `reportedAt` where its sender's clock ran ahead of the database's. */
export interface JudgedUsage extends UsageEvent {
  readonly reportedAt?: number;
}

/** What starts ahead of now, within what clocks may differ, began when it was received: both instants are kept. */
export const judgedAt = (event: UsageEvent, now: number): JudgedUsage =>
  (event.startedAt > now ? { ...event, startedAt: now, reportedAt: event.startedAt } : event);

/** The usage as its sender told it: what is put aside must hash as it did. */
export function asReported(event: JudgedUsage): UsageEvent {
  if (event.reportedAt === undefined) return event;
  const { reportedAt, ...usage } = event;
  return { ...usage, startedAt: reportedAt };
}
