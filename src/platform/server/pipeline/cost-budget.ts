import type { Caller, Role } from '../../auth/caller';
import { requestError } from '../../graphql/request-error';

/** What an operation cost and what is left of the caller's minute; shown as `extensions.cost`. */
export interface Cost {
  readonly requested: number;
  readonly remaining: number;
  readonly limit: number;
}

export type CostLimits = Readonly<Record<Role, number>>;

const MINUTE_MS = 60_000;
/** Callers remembered in one minute; beyond it the first seen are forgotten, which at worst gives them a second budget. */
const REMEMBERED = 100_000;

/** Points a minute. The network's charging traffic has a lane of its own: its bound is the charging queue, not this budget. */
export const COST_LIMITS: CostLimits = {
  ANONYMOUS: 5_000, SUBSCRIBER: 20_000, CRM_AGENT: 60_000, PARTNER: 20_000, CATALOG_MANAGER: 60_000, FINANCE: 60_000,
  NETWORK: 1_000_000_000, AUDITOR: 60_000, ADMIN: 60_000, CHANNEL: 200_000,
};

/** Points spent per caller in the running minute of this node; anonymous callers are told apart by address. */
export class CostBudget {
  private spent = new Map<string, number>();
  private minute = 0;

  constructor(private readonly limits: CostLimits = COST_LIMITS, private readonly now: () => number = Date.now) {}

  /**
   * Takes the points, or refuses and takes none.
   * @throws RequestError RATE_LIMITED with the seconds until the next minute.
   */
  spend(caller: Caller, address: string, requested: number): Cost {
    const now = this.now();
    this.startMinute(Math.floor(now / MINUTE_MS));
    const key = caller.role === 'ANONYMOUS' ? `@${address}` : `${caller.tenantId}:${caller.subject}`;
    const limit = this.limits[caller.role];
    const spent = (this.spent.get(key) ?? 0) + requested;
    if (spent > limit) {
      const wait = Math.ceil((MINUTE_MS - (now % MINUTE_MS)) / 1000);
      throw requestError('RATE_LIMITED', `The cost limit of ${limit} points a minute is used up.`, wait);
    }
    this.remember(key, spent);
    return { requested, remaining: limit - spent, limit };
  }

  private startMinute(minute: number): void {
    if (minute === this.minute) return;
    this.minute = minute;
    this.spent = new Map();
  }

  private remember(key: string, spent: number): void {
    if (this.spent.size >= REMEMBERED && !this.spent.has(key)) {
      const [first] = this.spent.keys();
      if (first !== undefined) this.spent.delete(first);
    }
    this.spent.set(key, spent);
  }
}
