import type { DataSource } from 'typeorm';
import { AuditFacts } from '../audit';
import { checkedExternalId, checkedName } from '../party';
import { refuse } from '../platform/errors';
import { Actor, businessNow, Change, changeAudited } from '../tenant';
import { peakOf } from './peak.rules';
import { amountsOf, heldOf, lockAreas } from './reservation.store';
import { Capacity, LockedArea, SLICE_MEASURES, SliceMeasure } from './reservation.types';

const OBJECT_TYPE = 'SliceArea';
const LARGEST = 2n ** 63n - 1n;

/** An area as a catalog manager states it. */
export interface AreaSetting {
  readonly code: string;
  readonly name: string;
  readonly downlinkKbps: bigint;
  readonly uplinkKbps: bigint;
  readonly devices: bigint;
  readonly expectedVersion?: number | null;
}

const FIELDS = { DOWNLINK_KBPS: 'downlinkKbps', UPLINK_KBPS: 'uplinkKbps', DEVICES: 'devices' } as const;
const UNITS: Readonly<Record<SliceMeasure, string>> = { DOWNLINK_KBPS: 'kbit/s downlink', UPLINK_KBPS: 'kbit/s uplink', DEVICES: 'devices' };

const INSERT = `insert into slice_area (tenant_id, code, name, downlink_kbps, uplink_kbps, devices) values ($1, $2, $3, $4, $5, $6)
  on conflict (tenant_id, code) do nothing`;
const UPDATE = `update slice_area set name = $3, downlink_kbps = $4, uplink_kbps = $5, devices = $6, version = version + 1 where tenant_id = $1 and code = $2`;

/** The areas of a tenant and how much of them may be sold. */
export class SliceAreaService {
  constructor(private readonly data: DataSource) {}

  /** Opens an area or changes one. @throws Refusal INVALID_INPUT, NOT_FOUND (a version of no area), CONFLICT (another version, or more is reserved) */
  set(actor: Actor, setting: AreaSetting): Promise<LockedArea> {
    return changeAudited(this.data, actor, 'sliceAreaSet', { type: OBJECT_TYPE, id: '' }, async (change) => {
      const code = checkedExternalId(setting.code, ['code']);
      const values = [actor.tenantId, code, checkedName(setting.name, ['name']), ...SLICE_MEASURES.map((measure) => checkedAmount(setting, measure))];
      const isVersioned = setting.expectedVersion !== null && setting.expectedVersion !== undefined;
      const isNew = !isVersioned && (await change.client.query(INSERT, values)).rowCount === 1;
      const now = (await businessNow(change.client, actor.tenantId)).getTime();
      const [before] = await lockAreas(change.client, actor.tenantId, [code], now);
      if (!before) return refuse('NOT_FOUND', 'There is no area of this code.', ['code']);
      if (isVersioned && before.version !== setting.expectedVersion) refuse('CONFLICT', `The area has version ${before.version}; read it again.`, ['expectedVersion']);
      if (!isNew) {
        await requireAboveReserved(change, actor.tenantId, before, setting, now);
        await change.client.query(UPDATE, values);
      }
      const [result] = await lockAreas(change.client, actor.tenantId, [code], now);
      return { result: result!, audit: { objectType: OBJECT_TYPE, objectId: before.id, ...(isNew ? {} : { before: factsOf(before) }), after: factsOf(result!) } };
    });
  }
}

function checkedAmount(setting: AreaSetting, measure: SliceMeasure): string {
  const field = FIELDS[measure];
  if (setting[field] < 0n || setting[field] > LARGEST) refuse('INVALID_INPUT', 'A capacity is a whole number from 0.', [field]);
  return setting[field].toString();
}

/** What is sold stays sold: a capacity below what is reserved at any coming instant is refused. */
async function requireAboveReserved({ client }: Change, tenantId: number, area: LockedArea, setting: AreaSetting, now: number): Promise<void> {
  const held = await heldOf(client, tenantId, [area], now);
  for (const measure of SLICE_MEASURES) {
    const { highest, at } = peakOf(amountsOf(held, measure), now, null);
    if (setting[FIELDS[measure]] >= highest) continue;
    refuse('CONFLICT', `From ${new Date(at).toISOString()} on ${highest} ${UNITS[measure]} are reserved.`, [FIELDS[measure]]);
  }
}

const capacityFacts = (capacity: Capacity): AuditFacts =>
  Object.fromEntries(SLICE_MEASURES.map((measure) => [FIELDS[measure], capacity[measure].toString()]));
const factsOf = ({ code, version, capacity }: LockedArea): AuditFacts => ({ code, version, ...capacityFacts(capacity) });
