import type { Pool } from 'pg';
import { LruMap } from '../platform/cache';
import { RootRef } from '../platform/root';
import { IdentifierKind } from '../usage/usage.types';
import { SetupLoader } from './setup.loader';
import { holdsAt, identifierKey, RootSetup } from './setup.types';
import { SELECT_OWNERS } from './sql/setup.sql';

interface OwnerRange extends RootRef {
  readonly from: number;
  readonly until: number | null;
}
interface OwnerRow { kind: IdentifierKind; value: string; shard: number; root_id: string; from: number; until: number | null }

export interface OwnerQuestion {
  readonly kind: IdentifierKind;
  readonly value: string;
  readonly at: number;
}

/**
 * What a node remembers of roots and of who owns which identifier. Both are only shortcuts: a setup is checked under the
 * lock by its version, and an identifier by the setup of the root that it names; what is not found is always asked again.
 */
export class SetupCache {
  readonly loader: SetupLoader;
  private readonly setups: LruMap<bigint, RootSetup>;
  private readonly owners: LruMap<string, readonly OwnerRange[]>;

  constructor(private readonly pool: Pool, sizes: { readonly roots: number; readonly identifiers: number }) {
    this.loader = new SetupLoader(pool);
    this.setups = new LruMap(sizes.roots);
    this.owners = new LruMap(sizes.identifiers);
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
    const loaded = await this.loader.load([...new Map(missing.map((root) => [root.rootId, root])).values()]);
    for (const [rootId, setup] of loaded) this.setups.set(rootId, setup);
  }

  /** The roots that owned the identifiers at the instants, in order; null where nobody did. */
  async ownersOf(tenantId: number, questions: readonly OwnerQuestion[]): Promise<(RootRef | null)[]> {
    const unknown = questions.filter((question) => this.known(tenantId, question) === undefined);
    if (unknown.length > 0) await this.loadOwners(tenantId, unknown);
    return questions.map((question) => this.known(tenantId, question) ?? null);
  }

  /** Drops what is remembered of an identifier whose root turned out not to own it. */
  forgetOwner(tenantId: number, kind: IdentifierKind, value: string): void {
    this.owners.delete(`${tenantId}:${identifierKey(kind, value)}`);
  }

  private known(tenantId: number, question: OwnerQuestion): RootRef | undefined {
    return this.owners.get(`${tenantId}:${identifierKey(question.kind, question.value)}`)?.find((range) => holdsAt(range, question.at));
  }

  private async loadOwners(tenantId: number, questions: readonly OwnerQuestion[]): Promise<void> {
    const wanted = [...new Map(questions.map((q) => [identifierKey(q.kind, q.value), q])).values()];
    const { rows } = await this.pool.query<OwnerRow>(SELECT_OWNERS,
      [tenantId, wanted.map((q) => q.kind), wanted.map((q) => q.value)]);
    const ranges = new Map<string, OwnerRange[]>();
    for (const row of rows) {
      const key = `${tenantId}:${identifierKey(row.kind, row.value)}`;
      const range = { shard: row.shard, rootId: BigInt(row.root_id), from: row.from, until: row.until };
      ranges.set(key, [...(ranges.get(key) ?? []), range]);
    }
    for (const [key, found] of ranges) this.owners.set(key, found);
  }
}
