import type { Pool } from 'pg';
import { SettingsInvalid } from './settings.forms';
import { readSettings, TenantSettings } from './tenant.settings';

/** A tenant as every request sees it. */
export interface Tenant {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly isSandbox: boolean;
  readonly clockOffsetMs: bigint;
  readonly catalogVersion: bigint;
  readonly settings: TenantSettings;
}

interface TenantRow {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly currency: string;
  readonly time_zone: string;
  readonly is_sandbox: boolean;
  readonly clock_offset_ms: string;
  readonly catalog_version: string;
  readonly settings: unknown;
}

/** How old an answer may be, in ms. */
const FRESH_MS = 2_000;

const READ_TENANTS = `
  select id, code, name, currency, time_zone, is_sandbox, clock_offset_ms, catalog_version, settings from tenant`;

/** One tenant's row as read; a row whose settings cannot be read fails its own tenant's requests and no other's. */
type Reading = Tenant | SettingsInvalid;

/**
 * Tenants by id and code, kept in memory for at most two seconds: an answer that is older waits for a new reading, which
 * callers that come meanwhile share. Business time of a money move is never taken from here.
 */
export class TenantDirectory {
  private byId: ReadonlyMap<number, Reading> = new Map();
  private idByCode: ReadonlyMap<string, number> = new Map();
  private readAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | null = null;

  constructor(private readonly pool: Pool) {}

  /** The tenant, or null where there is none with this id. @throws SettingsInvalid where its settings cannot be read. */
  async find(id: number): Promise<Tenant | null> {
    await this.ensureFresh();
    const found = this.byId.get(id) ?? null;
    if (found instanceof SettingsInvalid) throw found;
    return found;
  }

  /** The tenant, or null where there is none with this code. */
  async findByCode(code: string): Promise<Tenant | null> {
    await this.ensureFresh();
    const id = this.idByCode.get(code);
    return id === undefined ? null : this.find(id);
  }

  /** The tenant of a verified caller; it exists, because its token was accepted. */
  async require(id: number): Promise<Tenant> {
    const tenant = await this.find(id);
    if (!tenant) throw new Error(`Tenant ${id} does not exist.`);
    return tenant;
  }

  /** The ids of every tenant. */
  async ids(): Promise<readonly number[]> {
    await this.ensureFresh();
    return [...this.byId.keys()];
  }

  /** Forgets what was read, so that a change made by this process is seen by its next request. */
  invalidate(): void {
    this.readAt = Number.NEGATIVE_INFINITY;
    this.reading = null;
  }

  private async ensureFresh(): Promise<void> {
    if (performance.now() - this.readAt < FRESH_MS) return;
    this.reading ??= this.read();
    await this.reading;
  }

  private read(): Promise<void> {
    const startedAt = performance.now();
    const query = this.pool.query<TenantRow>(READ_TENANTS);
    const mine = query.then(({ rows }) => {
      this.byId = new Map(rows.map((row) => [row.id, readingOf(row)]));
      this.idByCode = new Map(rows.map((row) => [row.code, row.id]));
      // A reading that was invalidated under way may be shown once, but is not kept.
      if (this.reading === mine) this.readAt = startedAt;
    }).finally(() => {
      if (this.reading === mine) this.reading = null;
    });
    return mine;
  }
}

function readingOf(row: TenantRow): Reading {
  try {
    return tenantOf(row);
  } catch (error) {
    if (error instanceof SettingsInvalid) return error;
    throw error;
  }
}

const tenantOf = (row: TenantRow): Tenant => ({
  id: row.id,
  code: row.code,
  name: row.name,
  currency: row.currency,
  timeZone: row.time_zone,
  isSandbox: row.is_sandbox,
  clockOffsetMs: BigInt(row.clock_offset_ms),
  catalogVersion: BigInt(row.catalog_version),
  settings: readSettings(row.settings),
});
