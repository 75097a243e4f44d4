import { insertBuckets, updateBuckets, updateRoots, ROOT_BUCKET_ID } from '../../balance';
import { insertEntries } from '../../ledger';
import { byPlace, Statement } from '../../platform/db';
import { shardOfUsage } from '../../platform/root';
import { closeQuarantined, insertCharges, insertRequests, quarantineUsages, TenantRecord, upsertCounters } from '../sql/batch.sql';
import {
  closeAssignments, insertAssignments, insertProducts, insertProductSteps, PlacedPrice, PlacedProduct, pricesOf, updateProducts, upsertSuspensions,
} from '../sql/product.sql';
import { RootState } from '../work/root-state';
import { Work } from '../work/work';

/** Everything a batch wants written, one statement a table, in the order of their dependence. */
export function writesOf(work: Work, tenant: Pick<TenantRecord, 'id' | 'has_aside'>): Statement[] {
  const at = work.bookedAt(tenant.id);
  const roots = [...work.roots.values()].filter((root) => root.isTouched || root.moved.size > 0);
  const opened = roots.flatMap((root) => root.opened);
  const fresh = new Set(opened);
  const moved = roots.flatMap((root) => [...root.moved]).filter((bucket) => bucket.id !== ROOT_BUCKET_ID && !fresh.has(bucket));
  const created = placed(roots, (root) => root.newProducts);
  const changed = placed(roots, (root) => root.changedProducts);
  const suspended = [...created, ...changed].filter((row) => row.product.suspensions.length > 0);
  const counters = [...work.changedCounters];
  const when = <T>(rows: readonly T[], make: (rows: readonly T[]) => Statement): Statement[] => (rows.length > 0 ? [make(rows)] : []);
  // An update is sent to one place; what is inserted finds its own.
  const each = <T>(rows: readonly T[], shardOf: (row: T) => number, make: (rows: readonly T[]) => Statement): Statement[] =>
    byPlace(rows, shardOf).map(make);
  return [
    ...each(roots, (root) => root.shard, (rows) => updateRoots(rows.map((root) => ({
      bucket: root.rootBucket, position: root.position, setupVersion: root.setupVersion, nextBucketId: root.nextBucketId,
    })))),
    ...each(moved, (bucket) => bucket.shard, updateBuckets),
    ...when(opened, insertBuckets),
    ...when(created, insertProducts),
    ...each(changed, (row) => row.shard, updateProducts),
    ...each(prices(roots, (root) => root.closedPrices), ({ row }) => row.shard, closeAssignments),
    ...when([...pricesOf(created), ...prices(roots, (root) => root.openedPrices)], insertAssignments),
    ...when(roots.flatMap((root) => root.steps.map((step) => ({ ...placeOf(root), step }))), insertProductSteps),
    ...when(suspended, upsertSuspensions),
    ...when(counters, upsertCounters),
    ...when(work.charges, (rows) => insertCharges(rows, at)),
    ...when(work.entries, (rows) => insertEntries(rows, at)),
    ...when(work.requests, (rows) => insertRequests(rows, at)),
    ...each(tenant.has_aside ? work.settled : [], (key) => shardOfUsage(key.source, key.eventId), (rows) => closeQuarantined(rows, at)),
    ...when(work.quarantine, (rows) => quarantineUsages(rows, at)),
    ...[...work.rows].sort(([a], [b]) => a.order - b.order).map(([writer, rows]) => writer.make(rows)),
    ...work.extra,
    ...work.last,
  ];
}

const placeOf = (root: RootState): Omit<PlacedProduct, 'product'> => ({ shard: root.shard, rootId: root.rootId, tenantId: root.setup.tenantId });

const prices = (roots: readonly RootState[], of: (root: RootState) => RootState['openedPrices']): PlacedPrice[] =>
  roots.flatMap((root) => of(root).map((dated) => ({ row: placeOf(root), ...dated })));

function placed(roots: readonly RootState[], of: (root: RootState) => ReadonlySet<bigint>): PlacedProduct[] {
  return roots.flatMap((root) => [...of(root)].map((id) => ({
    ...placeOf(root), product: root.products.get(id)!,
  })));
}
