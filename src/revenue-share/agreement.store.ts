import type { Pool, PoolClient } from 'pg';
import { moneyAsset, parseDecimal, Unit } from '../platform/money';
import type { StoredAgreementState } from './agreement.rules';
import { OPERATOR, ShareBasis, ShareItem, ShareModel, SharePart } from './share.rules';

interface ItemRow {
  readonly version_id: string;
  readonly item: number;
  readonly offering_id: string | null;
  readonly kind: string | null;
  readonly basis: ShareBasis;
  readonly residual_partner_id: string | null;
  readonly currency: string;
  readonly from: number;
  readonly until: number | null;
  readonly parts: readonly PartRow[];
}

/** A part as JSON gives it: numbers as texts. */
export interface PartRow {
  readonly partner_id: string;
  readonly model: ShareModel;
  readonly percent: string | null;
  readonly amount: string | null;
  readonly per: string | null;
  readonly unit: Unit | null;
}

/** The parts of an item as a JSON list, in the order of the partners. */
export const PARTS = `coalesce((
  select json_agg(json_build_object('partner_id', part.partner_id::text, 'model', part.model, 'percent', trim_scale(part.percent)::text,
                                    'amount', part.amount::text, 'per', part.per::text, 'unit', part.unit) order by part.partner_id)
    from agreement_part part where part.agreement_version_id = item.agreement_version_id and part.item = item.item), '[]')`;

const SELECT_ITEMS = `
  select item.agreement_version_id as version_id, item.item, item.offering_id, item.kind, item.basis, item.residual_partner_id, version.currency,
         floor(extract(epoch from version.valid_from) * 1000)::float8 as "from",
         floor(extract(epoch from version.valid_until) * 1000)::float8 as "until", ${PARTS} as parts
    from agreement_version version join agreement_item item on item.agreement_version_id = version.id
   where version.tenant_id = $1 and version.state in ('APPROVED', 'TERMINATED')
   order by version.id, item.item`;

/** Every item that was ever approved: late usage and refunds look back. */
export async function loadShareItems(pool: Pool, tenantId: number): Promise<{ readonly items: readonly ShareItem[]; readonly timeZone: string }> {
  const { rows: [tenant] } = await pool.query<{ time_zone: string }>('select time_zone from tenant where id = $1', [tenantId]);
  if (!tenant) throw new Error(`Tenant ${tenantId} does not exist.`);
  const { rows } = await pool.query<ItemRow>(SELECT_ITEMS, [tenantId]);
  return { items: rows.map(itemOf), timeZone: tenant.time_zone };
}

const itemOf = (row: ItemRow): ShareItem => ({
  versionId: row.version_id, item: row.item, offeringId: row.offering_id, kind: row.kind, basis: row.basis, parts: row.parts.map(partOf),
  residual: row.residual_partner_id ?? OPERATOR, asset: moneyAsset(row.currency), from: row.from, until: row.until,
});

function partOf({ partner_id: partnerId, model, percent, amount, per, unit }: PartRow): SharePart {
  if (model === 'PER_UNIT' && amount !== null && per !== null && unit !== null) {
    return { partnerId, model, amount: BigInt(amount), per: BigInt(per), unit };
  }
  const decimal = parseDecimal(percent ?? '');
  if (!decimal) throw new Error(`A part of partner ${partnerId} can not be read.`);
  return { partnerId, model: 'PERCENTAGE', fraction: { unscaled: decimal.unscaled, scale: decimal.scale + 2 } };
}

export interface VersionRow {
  readonly id: string;
  readonly agreement_id: string;
  readonly version: number;
  readonly state: StoredAgreementState;
  readonly currency: string;
  readonly valid_from: Date | null;
  readonly valid_until: Date | null;
  readonly proposed_by: string;
}

const SELECT_VERSION = `
  select v.id, v.agreement_id, v.version, v.state, v.currency, v.valid_from, v.valid_until, v.proposed_by from agreement_version v
   where v.tenant_id = $1 and v.agreement_id = $2 and v.version = $3 for update`;

/** A version of an agreement, locked; null where there is none. */
export async function lockVersion(client: PoolClient, tenantId: number, agreementId: bigint, version: number): Promise<VersionRow | null> {
  return (await client.query<VersionRow>(SELECT_VERSION, [tenantId, agreementId.toString(), version])).rows[0] ?? null;
}

const SELECT_LAST = `
  select v.id, v.agreement_id, v.version, v.state, v.currency, v.valid_from, v.valid_until, v.proposed_by from agreement_version v
   where v.agreement_id = $1 and v.state in ('APPROVED', 'TERMINATED') order by v.valid_from desc, v.version desc limit 1`;

/** The approved version that starts last. */
export const lastApproved = async (client: PoolClient, agreementId: string): Promise<VersionRow | null> =>
  (await client.query<VersionRow>(SELECT_LAST, [agreementId])).rows[0] ?? null;

const SELECT_UNREADY = `
  select partner.party_id::text as partner, partner.state, exists (
           select from settlement_account account where account.partner_id = partner.party_id and account.currency = $2) as has_account
    from partner
   where partner.party_id in (
     select partner_id from agreement_part where agreement_version_id = $1
     union select residual_partner_id from agreement_item where agreement_version_id = $1)
   order by partner.party_id for share of partner`;

export interface Readiness { readonly partner: string; readonly state: string; readonly has_account: boolean }

/** The partners of a version, kept as they are until it is decided. */
export const partnersOf = async (client: PoolClient, versionId: string, currency: string): Promise<readonly Readiness[]> =>
  (await client.query<Readiness>(SELECT_UNREADY, [versionId, currency])).rows;

const SELECT_RIVALS = `
  select agreement.code
    from agreement_item mine
    join agreement_item other on other.tenant_id = mine.tenant_id and other.agreement_version_id <> mine.agreement_version_id
     and other.offering_id is not distinct from mine.offering_id and other.kind is not distinct from mine.kind
    join agreement_version version on version.id = other.agreement_version_id
    join agreement on agreement.id = version.agreement_id
   where mine.agreement_version_id = $1 and version.state in ('APPROVED', 'TERMINATED') and version.agreement_id <> $2 and version.currency = $3
     and (version.valid_until is null or version.valid_until > $4) and version.valid_until is distinct from version.valid_from
   order by agreement.code limit 1`;

/** Another agreement about the very same charges that holds at some time from the instant on; null where there is none. */
export const rivalOf = async (client: PoolClient, version: VersionRow, from: Date): Promise<string | null> =>
  (await client.query<{ code: string }>(SELECT_RIVALS, [version.id, version.agreement_id, version.currency, from])).rows[0]?.code ?? null;

const IN_AGREEMENT = `
  select 1 from agreement_version version
   where (version.state = 'IN_PROCESS' or (version.state in ('APPROVED', 'TERMINATED') and (version.valid_until is null or version.valid_until > $2)))
     and (exists (select from agreement_part part where part.agreement_version_id = version.id and part.partner_id = $1)
          or exists (select from agreement_item item where item.agreement_version_id = version.id and item.residual_partner_id = $1))
   limit 1`;

/** Whether a partner stands in an agreement that holds, will hold or waits to be decided. */
export const isAgreed = async (client: PoolClient, partnerId: bigint, now: Date): Promise<boolean> =>
  (await client.query(IN_AGREEMENT, [partnerId.toString(), now])).rows.length > 0;
