import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { refuse } from '../platform/errors';
import { DAY_MS } from '../platform/time';
import { Actor, changeAudited, Queryable } from './change';
import type { TenantDirectory } from './tenant-directory';

/** How far one step may go: a mistyped year would otherwise push a sandbox out of reach for good. */
const LONGEST_STEP_MS = 3_660 * DAY_MS;

const READ_CLOCK = `
  select (extract(epoch from clock_timestamp()) * 1000)::bigint as real_ms, clock_offset_ms, is_sandbox
    from tenant where id = $1`;

interface ClockRow {
  readonly real_ms: string;
  readonly clock_offset_ms: string;
  readonly is_sandbox: boolean;
}

/** Business time of the tenant now: the database's clock plus the tenant's offset. Inside a change, call it after the lock. */
export async function businessNow(database: Queryable, tenantId: number): Promise<Date> {
  const row = await readClock(database, READ_CLOCK, tenantId);
  return new Date(Number(BigInt(row.real_ms) + BigInt(row.clock_offset_ms)));
}

async function readClock(database: Queryable, statement: string, tenantId: number): Promise<ClockRow> {
  const { rows } = await database.query<ClockRow>(statement, [tenantId]);
  if (!rows[0]) throw new Error(`Tenant ${tenantId} does not exist.`);
  return rows[0];
}

/** Business time: equal for all nodes, because it comes from the database; only a sandbox tenant's can be moved, and only forward. */
export class TenantClock {
  constructor(
    private readonly pool: Pool,
    private readonly data: DataSource,
    private readonly directory: TenantDirectory,
  ) {}

  /** Business time of the tenant now. */
  now(tenantId: number): Promise<Date> {
    return businessNow(this.pool, tenantId);
  }

  /**
   * Moves a sandbox tenant's clock forward to `until` and answers the business time after it.
   * @throws Refusal NOT_ALLOWED for a tenant that is no sandbox, CLOCK_BACKWARD, INVALID_INPUT for a step above ten years.
   */
  async advance(actor: Actor, until: Date): Promise<Date> {
    const { tenantId } = actor;
    const object = { type: 'Tenant', id: tenantId.toString() };
    const now = await changeAudited(this.data, actor, 'tenantClockAdvance', object, async ({ client }) => {
      const row = await readClock(client, `${READ_CLOCK} for update`, tenantId);
      const realMs = BigInt(row.real_ms);
      const before = new Date(Number(realMs + BigInt(row.clock_offset_ms)));
      checkStep(row.is_sandbox, before, until);
      await client.query('update tenant set clock_offset_ms = $2 where id = $1', [tenantId, (BigInt(until.getTime()) - realMs).toString()]);
      const audit = { objectType: object.type, objectId: object.id, before: { clockAt: before.toISOString() }, after: { clockAt: until.toISOString() } };
      return { result: await businessNow(client, tenantId), audit };
    });
    this.directory.invalidate();
    return now;
  }
}

function checkStep(isSandbox: boolean, now: Date, until: Date): void {
  if (!isSandbox) refuse('NOT_ALLOWED', 'Only the clock of a sandbox tenant can be moved.');
  if (until.getTime() <= now.getTime()) refuse('CLOCK_BACKWARD', `The clock only moves forward; it shows ${now.toISOString()}.`, ['until']);
  if (until.getTime() - now.getTime() > LONGEST_STEP_MS) {
    refuse('INVALID_INPUT', 'The clock moves by at most ten years in one step.', ['until']);
  }
}
