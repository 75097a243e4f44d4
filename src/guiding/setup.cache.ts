import type { Pool } from 'pg';
import { LruMap } from '../platform/cache';
import { Gathered } from '../platform/async';
import { ints, texts } from '../platform/db';
import { RootRef, shardOfId } from '../platform/root';
import { SubscriberKind } from '../usage/usage.types';
import { SetupLoader } from './setup.loader';
import { holdsAt, RootSetup } from './setup.types';
import { SELECT_OWNERS, SELECT_PRODUCT_OWNERS, SELECT_SLICE_OWNERS } from './sql/setup.sql';

interface OwnerRange extends RootRef {
  readonly from: number;
  readonly until: number | null;
}
interface OwnerRow { tenant_id: number; kind: string; value: string; shard: number; root_id: string; from: number; until: number | null }
interface SliceOwnerRow extends OwnerRow { snssai: string }
type ProductOwnerRow = Pick<OwnerRow, 'tenant_id' | 'value' | 'shard' | 'root_id'>;

export interface OwnerQuestion {
  readonly kind: SubscriberKind;
  readonly value: string;
  readonly at: number;
  /** The slice that it happened in, which may pay for it; undefined = none that is asked. */
  readonly snssai?: string | undefined;
}

/**
 * What a node remembers of roots and of who owns which identifier. Both are only shortcuts: a setup is checked under the
 * lock by its version, and an identifier by the setup of the root that it names; what is not found is always asked again.
 */
export class SetupCache {
  readonly loader: SetupLoader;
  private readonly setups: LruMap<bigint, RootSetup>;
  private readonly owners: LruMap<string, readonly OwnerRange[]>;
  private readonly setupReads: Gathered<bigint, RootSetup>;
  private readonly ownerReads: Gathered<string, OwnerRange[]>;
  private readonly sliceReads: Gathered<string, OwnerRange[]>;

  constructor(private readonly pool: Pool, sizes: { readonly roots: number; readonly identifiers: number }) {
    this.loader = new SetupLoader(pool);
    this.setups = new LruMap(sizes.roots);
    this.owners = new LruMap(sizes.identifiers);
    this.setupReads = new Gathered((rootIds) => this.loader.load(rootIds.map((rootId) => ({ shard: shardOfId(rootId), rootId }))), READ_MAX);
    this.ownerReads = new Gathered((keys) => this.loadOwners(keys), READ_MAX);
    this.sliceReads = new Gathered((keys) => this.loadSliceOwners(keys), READ_MAX);
  }

  get(rootId: bigint): RootSetup | undefined {
    return this.setups.get(rootId);
  }

  forget(rootId: bigint): void {
    this.setups.delete(rootId);
  }

  /** Sees to it that the roots' setups are in memory, as far as the roots exist. */
  async ensure(roots: readonly RootRef[]): Promise<void> {
    const missing = roots.filter((root) => this.setups.get(root.rootId) === undefined);
    if (missing.length === 0) return;
    await Promise.all(missing.map(async ({ rootId }) => {
      const setup = await this.setupReads.ask(rootId);
      if (setup) this.setups.set(rootId, setup);
    }));
  }

  /** The roots that owned what is asked at the instants, in order: the slice that pays, else the identifier's owner; null where nobody did. */
  async ownersOf(tenantId: number, questions: readonly OwnerQuestion[]): Promise<(RootRef | null)[]> {
    const inSlices = questions.filter(({ snssai }) => snssai !== undefined);
    const paid = inSlices.length === 0 ? NOBODY : new Map(inSlices.map((question, index) => [question, index]));
    const payers = inSlices.length === 0 ? [] : await this.answers(tenantId, inSlices, sliceKey, this.sliceReads);
    const payerOf = (question: OwnerQuestion): RootRef | null => payers[paid.get(question) ?? -1] ?? null;
    const others = inSlices.length === 0 ? questions : questions.filter((question) => payerOf(question) === null);
    const owners = await this.answers(tenantId, others, ownerKey, this.ownerReads);
    if (others === questions) return owners;
    const rest = owners.values();
    return questions.map((question) => payerOf(question) ?? rest.next().value ?? null);
  }

  /** Drops what is remembered of a usage whose root turned out not to own it. */
  forgetOwner(tenantId: number, question: Omit<OwnerQuestion, 'at'>): void {
    this.owners.delete(ownerKey(tenantId, question));
    if (question.snssai !== undefined) this.owners.delete(sliceKey(tenantId, question));
  }

  private async answers(tenantId: number, questions: readonly OwnerQuestion[], keyOf: KeyOf, reads: Gathered<string, OwnerRange[]>): Promise<(RootRef | null)[]> {
    const known = (question: OwnerQuestion): RootRef | undefined => this.owners.get(keyOf(tenantId, question))?.find((range) => holdsAt(range, question.at));
    const unknown = questions.filter((question) => known(question) === undefined);
    if (unknown.length > 0) {
      await Promise.all(unknown.map(async (question) => {
        const key = keyOf(tenantId, question);
        const ranges = await reads.ask(key);
        if (ranges) this.owners.set(key, ranges);
      }));
    }
    return questions.map((question) => known(question) ?? null);
  }

  private async loadOwners(keys: readonly string[]): Promise<Map<string, OwnerRange[]>> {
    const asked = keys.map((key) => key.split('\n'));
    const [slices, identifiers] = [asked.filter(([, kind]) => kind === 'SLICE'), asked.filter(([, kind]) => kind !== 'SLICE')];
    const { rows } = identifiers.length === 0 ? { rows: [] } : await this.pool.query<OwnerRow>(SELECT_OWNERS,
      [texts(identifiers, (key) => key[0]!), texts(identifiers, (key) => key[1]!), texts(identifiers, (key) => key[2]!)]);
    const found = rangesOf(rows, (row) => ownerKey(row.tenant_id, row));
    for (const [key, ranges] of await this.loadProductOwners(slices)) found.set(key, ranges);
    return found;
  }

  /** A product lives with its root from its first day to its last. */
  private async loadProductOwners(asked: readonly string[][]): Promise<Map<string, OwnerRange[]>> {
    if (asked.length === 0) return new Map();
    const { rows } = await this.pool.query<ProductOwnerRow>(SELECT_PRODUCT_OWNERS,
      [texts(asked, (key) => key[0]!), ints(asked, (key) => shardOfId(BigInt(key[2]!))), texts(asked, (key) => key[2]!)]);
    return rangesOf(rows.map((row) => ({ ...row, kind: 'SLICE', from: 0, until: null })), (row) => ownerKey(row.tenant_id, row));
  }

  private async loadSliceOwners(keys: readonly string[]): Promise<Map<string, OwnerRange[]>> {
    const asked = keys.map((key) => key.split('\n'));
    const { rows } = await this.pool.query<SliceOwnerRow>(SELECT_SLICE_OWNERS, [0, 1, 2, 3].map((part) => texts(asked, (key) => key[part]!)));
    return rangesOf(rows, (row) => sliceKey(row.tenant_id, row));
  }
}

const NOBODY: ReadonlyMap<OwnerQuestion, number> = new Map();

function rangesOf<R extends OwnerRow>(rows: readonly R[], keyOf: (row: R) => string): Map<string, OwnerRange[]> {
  const found = new Map<string, OwnerRange[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const range = { shard: row.shard, rootId: BigInt(row.root_id), from: row.from, until: row.until };
    const ranges = found.get(key);
    if (ranges) ranges.push(range);
    else found.set(key, [range]);
  }
  return found;
}

/** Roots or identifiers read in one trip. */
const READ_MAX = 1_000;

type Asked = { readonly kind: string; readonly value: string; readonly snssai?: string | undefined };
type KeyOf = (tenantId: number, asked: Asked) => string;
const ownerKey: KeyOf = (tenantId, { kind, value }) => `${tenantId}\n${kind}\n${value}`;
const sliceKey: KeyOf = (tenantId, { kind, value, snssai }) => `${tenantId}\n${snssai}\n${kind}\n${value}`;
