import type { Pool } from 'pg';
import { LruMap } from '../platform/cache';
import { Gathered } from '../platform/async';
import { texts } from '../platform/db';
import { RootRef, shardOfId } from '../platform/root';
import { IdentifierKind } from '../usage/usage.types';
import { SetupLoader } from './setup.loader';
import { holdsAt, RootSetup } from './setup.types';
import { SELECT_OWNERS } from './sql/setup.sql';

interface OwnerRange extends RootRef {
  readonly from: number;
  readonly until: number | null;
}
interface OwnerRow { tenant_id: number; kind: IdentifierKind; value: string; shard: number; root_id: string; from: number; until: number | null }

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
  private readonly setupReads: Gathered<bigint, RootSetup>;
  private readonly ownerReads: Gathered<string, OwnerRange[]>;

  constructor(private readonly pool: Pool, sizes: { readonly roots: number; readonly identifiers: number }) {
    this.loader = new SetupLoader(pool);
    this.setups = new LruMap(sizes.roots);
    this.owners = new LruMap(sizes.identifiers);
    this.setupReads = new Gathered((rootIds) => this.loader.load(rootIds.map((rootId) => ({ shard: shardOfId(rootId), rootId }))), READ_MAX);
    this.ownerReads = new Gathered((keys) => this.loadOwners(keys), READ_MAX);
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

  /** The roots that owned the identifiers at the instants, in order; null where nobody did. */
  async ownersOf(tenantId: number, questions: readonly OwnerQuestion[]): Promise<(RootRef | null)[]> {
    const unknown = questions.filter((question) => this.known(tenantId, question) === undefined);
    if (unknown.length > 0) {
      await Promise.all(unknown.map(async ({ kind, value }) => {
        const key = ownerKey(tenantId, kind, value);
        const ranges = await this.ownerReads.ask(key);
        if (ranges) this.owners.set(key, ranges);
      }));
    }
    return questions.map((question) => this.known(tenantId, question) ?? null);
  }

  /** Drops what is remembered of an identifier whose root turned out not to own it. */
  forgetOwner(tenantId: number, kind: IdentifierKind, value: string): void {
    this.owners.delete(ownerKey(tenantId, kind, value));
  }

  private known(tenantId: number, { kind, value, at }: OwnerQuestion): RootRef | undefined {
    return this.owners.get(ownerKey(tenantId, kind, value))?.find((range) => holdsAt(range, at));
  }

  private async loadOwners(keys: readonly string[]): Promise<Map<string, OwnerRange[]>> {
    const asked = keys.map((key) => key.split('\n'));
    const { rows } = await this.pool.query<OwnerRow>(SELECT_OWNERS,
      [texts(asked, (key) => key[0]!), texts(asked, (key) => key[1]!), texts(asked, (key) => key[2]!)]);
    const found = new Map<string, OwnerRange[]>();
    for (const row of rows) {
      const key = ownerKey(row.tenant_id, row.kind, row.value);
      const range = { shard: row.shard, rootId: BigInt(row.root_id), from: row.from, until: row.until };
      const ranges = found.get(key);
      if (ranges) ranges.push(range);
      else found.set(key, [range]);
    }
    return found;
  }
}

/** Roots or identifiers read in one trip. */
const READ_MAX = 1_000;

const ownerKey = (tenantId: number, kind: IdentifierKind, value: string): string => `${tenantId}\n${kind}\n${value}`;
