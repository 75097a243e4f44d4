import type { Pool } from 'pg';

/** A code that we do not know reads the table again, at most this often. */
const RETRY_MS = 1_000;

interface TenantRow {
  readonly id: number;
  readonly code: string;
}

/** Tenant ids by their code, kept in memory: tenants are few, are added seldom, and never change their code. */
export class TenantCodes {
  private ids: ReadonlyMap<string, number> = new Map();
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly pool: Pool) {}

  /** The tenant's id, or null where no tenant has this code. */
  async idOf(code: string): Promise<number | null> {
    const known = this.ids.get(code);
    if (known !== undefined) return known;
    if (performance.now() - this.readAt < RETRY_MS) return null;
    await this.load();
    return this.ids.get(code) ?? null;
  }

  async load(): Promise<void> {
    const { rows } = await this.pool.query<TenantRow>('select id, code from tenant');
    this.readAt = performance.now();
    this.ids = new Map(rows.map((row) => [row.code, row.id]));
  }
}
