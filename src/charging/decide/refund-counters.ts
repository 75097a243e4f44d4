import { SetupAccount } from '../../guiding';
import { Statement } from '../../platform/db';
import { RootState } from '../work/root-state';
import { CounterState } from '../charge.types';
import { Work } from '../work/work';
import { billCycleOf } from './periods';
import { SPEND_KEY } from './spend';

/** The counters that a charge may have added to: of its price, and of its account's own limit. */
export const countersRead = (shard: number, rootId: bigint, position: bigint): Statement => ({
  name: 'refund-counters',
  text: `select k.owner_id, k.key, k.amount, k.quantity, k.events, floor(extract(epoch from k.period_start) * 1000)::float8 as period_start
           from charge c
           left join price_version v on v.id = c.price_version_id
           join counter k on k.shard = c.shard and k.root_id = c.root_id
            and ((k.owner_id = c.product_id and k.key = 'price:' || v.price_id) or (k.owner_id = c.account_id and k.key = '${SPEND_KEY}'))
          where c.shard = $1 and c.root_id = $2 and c.position = $3`,
  values: [shard, rootId.toString(), position.toString()],
});

/** What a reversal takes back: gross money always, units and the event only with the whole charge. */
export interface TakenBack {
  readonly payer: SetupAccount;
  readonly eventAt: number;
  readonly gross: bigint;
  /** Billed units of the whole charge; null for a part of its money. */
  readonly billed: bigint | null;
  /** Whether it was priced by itself, so that it is in no counter of tiers. */
  readonly isByItself: boolean;
}

/** Takes a reversal off the counters of the period of its charge (money-rules 3.9). */
export function takeBackCounters(work: Work, root: RootState, rows: readonly Record<string, unknown>[], back: TakenBack): void {
  const period = billCycleOf(back.payer, back.eventAt).start;
  for (const row of rows) {
    if (row.period_start !== period) continue;
    const counter = work.counter(root, BigInt(row.owner_id as string), row.key as string, period, stored(row));
    const isSpend = counter.key === SPEND_KEY;
    if (!isSpend && (back.billed === null || back.isByItself)) continue;
    work.count(counter, { amount: -back.gross, quantity: isSpend ? 0n : -(back.billed ?? 0n), events: back.billed === null ? 0n : -1n });
  }
}

const stored = (row: Record<string, unknown>): Pick<CounterState, 'amount' | 'quantity' | 'events'> => ({
  amount: BigInt(row.amount as string), quantity: BigInt(row.quantity as string), events: BigInt(row.events as string),
});

/** Units that the rating of a charge billed, from its stored explanation; zero where an allowance paid all of it. */
export function billedUnits(explanation: unknown): bigint {
  const pieces = (explanation as { r?: { p?: readonly (readonly [number, string, string])[] } } | null)?.r?.p ?? [];
  return pieces.reduce((sum, [, , billed]) => sum + BigInt(billed), 0n);
}
