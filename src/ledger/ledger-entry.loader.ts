import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { encodeCursor, foreignCursor, OwnedPlace, ownedPlace, Page, PageArgs, pageOf, pagesByOwner, wholePart } from '../platform/graphql';
import type { RootRef } from '../platform/root';
import { BalanceCause, causeOf } from './balance-cause.type';
import { EntryPlace, LedgerEntry, ledgerEntryOf } from './ledger-entry.type';
import { CauseRecord, EntryRecord, SELECT_CAUSES, SELECT_ENTRY_PAGES } from './sql/select-entries';

const SCOPE = 'ledgerEntry';
const NEWEST = 2n ** 63n - 1n;

/** A bucket by its key. */
export interface BucketKey extends RootRef {
  readonly bucketId: number;
}

const keyText = ({ rootId, bucketId }: BucketKey): string => `${rootId}:${bucketId}`;

/** Pages of the entries of buckets that the caller was shown, newest first; all buckets of one field in one statement. */
export function entryPageLoader(context: RequestContext, page: PageArgs): DataLoader<BucketKey, Page<LedgerEntry>, string> {
  const place = ownedPlace(page.after, SCOPE, 1);
  const below = versionBelow(place).toString();
  return context.loader(`ledger.entries.${page.first}.${page.after ?? ''}`, () => new DataLoader(async (buckets: readonly BucketKey[]) => {
    const { rows } = await context.services.pool.query<EntryRecord>(SELECT_ENTRY_PAGES, [
      buckets.map(({ shard }) => shard), buckets.map(({ rootId }) => rootId.toString()), buckets.map(({ bucketId }) => bucketId),
      below, page.first + 1,
    ]);
    return pagesByOwner(buckets, place, keyText, (bucket) => pageOf(rows.filter((row) => isOf(row, bucket)), page, ledgerEntryOf,
      (row) => encodeCursor(SCOPE, keyText(bucket), row.version)));
  }, { cacheKeyFn: keyText }));
}

const isOf = (row: EntryRecord, { rootId, bucketId }: BucketKey): boolean => row.bucket_id === bucketId && row.root_id === rootId.toString();

function versionBelow(place: OwnedPlace | null): bigint {
  if (place === null) return NEWEST;
  const version = wholePart(place.keys[0]);
  if (version === null) throw foreignCursor();
  return version;
}

/** What stands at places of roots that the caller may see; one statement for all. */
export function causeLoader({ loader, services }: RequestContext): DataLoader<EntryPlace, BalanceCause | null, string> {
  return loader('ledger.cause', () => new DataLoader(async (places: readonly EntryPlace[]) => {
    const { rows } = await services.pool.query<CauseRecord>(SELECT_CAUSES, [
      places.map(({ shard }) => shard), places.map(({ rootId }) => rootId.toString()), places.map(({ position }) => position.toString()),
    ]);
    const found = new Map(rows.map((row) => [`${row.root_id}:${row.position}`, causeOf(row)]));
    return places.map((place) => found.get(placeText(place)) ?? null);
  }, { cacheKeyFn: placeText }));
}

const placeText = ({ rootId, position }: EntryPlace): string => `${rootId}:${position}`;
