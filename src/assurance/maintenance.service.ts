import type { DataSource } from 'typeorm';
import { checkedReason } from '../platform/text';
import { refuse } from '../platform/errors';
import { DAY_MS } from '../platform/time';
import { Actor, businessNow, changeAudited } from '../tenant';

export interface MaintenanceRecord {
  readonly id: string;
  readonly area: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly reason: string;
  readonly agreed_at: Date;
  readonly agreed_by: string;
}

const INSERT = `
with made as (
  insert into slice_maintenance (tenant_id, area_id, starts_at, ends_at, reason, agreed_at, agreed_by)
  select $1, a.id, $3, $4, $5, $6, $7 from slice_area a where a.tenant_id = $1 and a.code = $2 returning *)
select made.id::text, $2 as area, made.starts_at, made.ends_at, made.reason, made.agreed_at, made.agreed_by from made`;
const SELECT_SAME = `
select m.id::text, a.code as area, m.starts_at, m.ends_at, m.reason, m.agreed_at, m.agreed_by from slice_maintenance m join slice_area a on a.id = m.area_id
 where m.tenant_id = $1 and a.code = $2 and m.starts_at = $3 and m.ends_at = $4 and m.reason = $5`;

export interface MaintenanceWish {
  readonly area: string;
  readonly from: Date;
  readonly until: Date;
  readonly reason: string;
}

const LONGEST_MS = 31 * DAY_MS;
const AREA_CODE = /^[\x21-\x7e]{1,100}$/;

/** Maintenance as agreed with the tenants of an area: it counts for no slice of the area as time that was served. */
export class MaintenanceService {
  constructor(private readonly data: DataSource) {}

  /** @throws Refusal INVALID_INPUT, NOT_FOUND (no such area), CONFLICT (it has begun) */
  async agree(actor: Actor, asked: MaintenanceWish): Promise<MaintenanceRecord> {
    return await this.known(actor, asked) ?? changeAudited(this.data, actor, 'sliceMaintenanceAgree', { type: 'SliceMaintenance', id: '' }, async ({ client }) => {
      const { area, from, until } = asked;
      const reason = checkedReason(asked.reason);
      if (!AREA_CODE.test(area)) refuse('NOT_FOUND', 'There is no area of this code.', ['area']);
      const length = until.getTime() - from.getTime();
      if (length <= 0 || length > LONGEST_MS) refuse('INVALID_INPUT', 'Maintenance ends after it begins, within 31 days.', ['until']);
      const now = await businessNow(client, actor.tenantId);
      if (from <= now) refuse('CONFLICT', 'Maintenance is agreed before it begins.', ['from']);
      const { rows: [made] } = await client.query<MaintenanceRecord>(INSERT, [actor.tenantId, area, from, until, reason, now, actor.subject]);
      if (!made) return refuse('NOT_FOUND', 'There is no area of this code.', ['area']);
      return { result: made, audit: { objectType: 'SliceMaintenance', objectId: made.id, after: { areaId: area, validFrom: from.toISOString(), validUntil: until.toISOString() }, reason } };
    });
  }

  /** The same said again, which changes nothing and leaves no audit row. */
  private async known({ tenantId }: Actor, { area, from, until, reason }: MaintenanceWish): Promise<MaintenanceRecord | null> {
    if (!AREA_CODE.test(area) || reason.includes('\0')) return null;
    const rows: MaintenanceRecord[] = await this.data.query(SELECT_SAME, [tenantId, area, from, until, reason.trim()]);
    return rows[0] ?? null;
  }
}
