import type { Pool } from 'pg';
import type { BatchDecision, BatchFacts, BatchStep } from '../charging';
import type { ChargeRow } from '../charging/charge.types';
import type { Statement } from '../platform/db';
import { dateOfEpochDay, localParts } from '../platform/time';
import { loadShareItems } from './agreement.store';
import { basisOf, byScope, concerns, itemAt, OPERATOR, ShareItem, Share, sharesBack, sharesIn, sharesOf, StoredShares, storedText } from './share.rules';
import { addShareTotals, ShareTotal } from './sql/share-total.sql';

/** The accrual of shares in the batch of the charge; registered with charging where the rooms are opened. */
export const shareStep: BatchStep = {
  async load(pool: Pool, tenantId: number): Promise<BatchDecision | null> {
    const { items, timeZone } = await loadShareItems(pool, tenantId);
    return items.length === 0 ? null : new ShareDecision(items, timeZone);
  },
};

/** The items that concern one offering and kind, in the order of their scope, and the key of their totals. */
interface Concern {
  readonly items: readonly ShareItem[];
  readonly key: string;
}

/** What every charge of a batch shares, with everything that is agreed in memory. */
export class ShareDecision implements BatchDecision {
  private readonly concerns = new Map<string, Concern>();
  private readonly byPlace: ReadonlyMap<string, ShareItem>;
  private readonly items: readonly ShareItem[];

  constructor(items: readonly ShareItem[], private readonly timeZone: string) {
    this.items = [...items].sort(byScope);
    this.byPlace = new Map(items.map((item) => [`${item.versionId}:${item.item}`, item]));
  }

  decide(charges: readonly ChargeRow[], batch: BatchFacts): readonly Statement[] {
    const totals = new Map<string, ShareTotal>();
    const day = this.dayOf(batch.now);
    for (const charge of charges) {
      // Emergency usage is of no product; what another role owes is not the retail customer's.
      const offeringId = charge.status === 'CHARGED' && charge.role === 'RETAIL' ? batch.offeringOf(charge) : null;
      if (offeringId === null) continue;
      // A credit that lowers nobody's share: the operator bears it alone.
      if (charge.reverses !== null && charge.reversed === null) continue;
      const concern = this.concernOf(offeringId, charge.kind);
      const { reversed } = charge;
      if (reversed) this.takeBack(charge, concern, day, totals);
      else {
        const item = itemAt(concern.items, charge.eventAt, charge.asset);
        if (item) add(totals, charge, item, sharesOf(item, basisOf(item, charge), charge), day, `${item.item}:${concern.key}`);
      }
    }
    // In one order on every node, because these rows are shared by the roots of a shard.
    return totals.size === 0 ? [] : [addShareTotals([...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total))];
  }

  private takeBack(charge: ChargeRow, { key }: Concern, day: string, totals: Map<string, ShareTotal>): void {
    const { reversed } = charge;
    const stored = reversed?.shares as StoredShares | null | undefined;
    if (!reversed || !stored) return;
    const item = this.byPlace.get(`${stored.v}:${stored.i}`);
    if (!item) throw new Error(`Agreement version ${stored.v} shared in a charge and is not known.`);
    const shares = sharesBack(item, {
      isWhole: reversed.isWhole, shares: sharesIn(stored), basis: basisOf(item, reversed), back: basisOf(item, charge),
      before: reversed.before.filter((refund) => refund.shares !== null).map((refund) => ({ shares: sharesIn(refund.shares as StoredShares), basis: basisOf(item, refund) })),
    });
    // What belongs to a period that is over is told apart: it becomes an adjustment of that period's statement.
    const origin = this.dayOf(reversed.bookedAt);
    const adjusts = origin.slice(0, MONTH) === day.slice(0, MONTH) ? '' : `:${origin}`;
    add(totals, charge, item, shares, day, `${item.item}:${key}${adjusts}`);
  }

  private concernOf(offeringId: string, kind: string): Concern {
    const key = `${offeringId}:${kind}`;
    let found = this.concerns.get(key);
    if (!found) this.concerns.set(key, found = { key, items: this.items.filter((item) => concerns(item, offeringId, kind)) });
    return found;
  }

  private dayOf(at: number): string {
    return dateOfEpochDay(localParts(this.timeZone, at).epochDay);
  }
}

/** Letters of a day that name its month. */
const MONTH = 7;

function add(totals: Map<string, ShareTotal>, charge: ChargeRow, item: ShareItem, shares: readonly Share[], day: string, key: string): void {
  charge.shares = storedText(item, shares);
  const basis = basisOf(item, charge);
  for (const { partyId, share } of shares) {
    // The operator's own part stands in the charge, and in no total.
    if (partyId === OPERATOR) continue;
    const place = `${charge.shard}|${item.versionId}|${partyId}|${key}`;
    const total = totals.get(place);
    if (total) {
      total.basis += basis;
      total.share += share;
      total.events += 1n;
    } else {
      totals.set(place, {
        shard: charge.shard, versionId: item.versionId, partyId, day, key, tenantId: charge.tenantId, asset: charge.asset, basis, share, events: 1n,
      });
    }
  }
}
