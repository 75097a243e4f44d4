import { isSpread, placeOf } from '../../platform/db';
import { rootKey } from '../../platform/root';
import { DeadlineExceeded, OutcomeUnknown } from './faults';
import { Item } from './item';

/** Answers items for which it is too late, and gives back the others. An item whose COMMIT may be stored is told so. */
export function dropLate(items: readonly Item[]): Item[] {
  const now = performance.now();
  return items.filter((item) => {
    if (item.deadline >= now) return true;
    item.reject(item.inDoubt ? new OutcomeUnknown('The outcome is not known.') : new DeadlineExceeded('The deadline passed.'));
    return false;
  });
}

/** Tells those whose deadline passes while their batch is under way that nobody knows how it will end. */
export function answerLate(items: readonly Item[]): void {
  const now = performance.now();
  for (const item of items) if (item.deadline < now) item.reject(new OutcomeUnknown('The outcome is not known.'));
}

/** Until when somebody waits for a batch (monotonic). */
export const lastDeadline = (items: readonly Item[]): number =>
  items.reduce((last, { deadline }) => (deadline > last ? deadline : last), 0);

/**
 * The next batch of a queue: items of one tenant and, on a cluster, of one place, in order; and what stays. What spans two
 * places travels alone. Of the items with reads of their own there is at most one, or one a root where each reads its own
 * root's rows only: what one decides no other may have read before.
 */
export function takeBatch(queue: readonly Item[], most: number): { readonly taken: Item[]; readonly rest: Item[] } {
  const taken: Item[] = [];
  const rest: Item[] = [];
  const readers = new Set<string>();
  let index = 0;
  for (; index < queue.length && taken.length < most; index++) {
    const item = queue[index]!;
    const reader = readerOf(item);
    if ((taken.length > 0 && !mayJoin(item, taken[0]!)) || (reader !== null && meets(reader, readers))) rest.push(item);
    else {
      if (reader !== null) readers.add(reader);
      taken.push(item);
    }
  }
  return { taken, rest: [...rest, ...queue.slice(index)] };
}

const ANYWHERE = '';

/** What an item with reads of its own looks at: its root, or anything; null for an item without. */
function readerOf(item: Item): string | null {
  if (item.kind !== 'MOVE' || item.move.reads.length === 0) return null;
  return item.move.readsOwnRoot ? rootKey(item.move.home) : ANYWHERE;
}

const meets = (reader: string, readers: ReadonlySet<string>): boolean =>
  readers.size > 0 && (reader === ANYWHERE || readers.has(ANYWHERE) || readers.has(reader));

function mayJoin(item: Item, first: Item): boolean {
  if (item.tenantId !== first.tenantId) return false;
  if (!isSpread()) return true;
  const place = placeOf(first.roots[0]!.shard);
  return [...first.roots, ...item.roots].every(({ shard }) => placeOf(shard) === place);
}

/** The items that need the very roots that the first one needs, and the others. */
export function sameRoots(items: readonly Item[]): { readonly same: Item[]; readonly others: Item[] } {
  const wanted = rootsOf(items[0]!);
  const same = items.filter((item) => rootsOf(item) === wanted);
  return { same, others: items.filter((item) => rootsOf(item) !== wanted) };
}

/** One text for the roots of an item, whatever their order. */
export const rootsOf = (item: Item): string => item.roots.map(rootKey).sort().join(' ');
