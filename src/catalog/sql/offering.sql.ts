import type { OfferingState } from '../offering.types';
import type { PaidRenewalStart, PaymentMode, PeriodKind, UnpaidRenewal } from '../terms.types';

export interface OfferingVersionRow {
  readonly version_key: string;
  readonly offering_key: string;
  readonly tenant_id: number;
  readonly code: string;
  readonly version: number;
  readonly name: string;
  readonly description: string;
  readonly state: OfferingState;
  readonly valid_from: Date | null;
  readonly valid_until: Date | null;
  readonly priority: number;
  readonly payment_modes: PaymentMode[];
  readonly period_kind: PeriodKind;
  readonly period_length: number;
  readonly auto_renew: boolean;
  readonly unpaid_renewal: UnpaidRenewal;
  readonly paid_renewal_starts: PaidRenewalStart;
}

const VERSIONS = `
  select v.id::text as version_key, o.id::text as offering_key, o.tenant_id, o.code, v.version, v.name, v.description, v.state, v.valid_from,
         v.valid_until, v.priority, v.payment_modes, v.period_kind, v.period_length, v.auto_renew, v.unpaid_renewal, v.paid_renewal_starts
    from product_offering o
    join product_offering_version v on v.offering_id = o.id
    join tenant t on t.id = o.tenant_id
   where o.tenant_id = $1`;

const NOW = `clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'`;
const SOLD = `v.state = 'LAUNCHED' and v.valid_from <= ${NOW} and (v.valid_until is null or v.valid_until > ${NOW})`;

/** What somebody may have bought once: everything that was on sale by now. $2: whether drafts and later launches count too. */
const SEEN = `($2::boolean or v.state in ('LAUNCHED', 'RETIRED', 'OBSOLETE') and v.valid_from <= ${NOW})`;

export const SELECT_SOLD = `${VERSIONS} and ${SOLD} and o.code > $2 order by o.code limit $3`;

/** The versions on sale of offerings. */
export const SELECT_SOLD_OF_OFFERINGS = `${VERSIONS} and ${SOLD} and o.id = any($2::bigint[])`;

export const SELECT_VERSIONS_BY_ID = `${VERSIONS} and ${SEEN} and v.id = any($3::bigint[])`;

/** The version on sale; where drafts count, the newest version if none is. */
export const SELECT_BY_CODE = `${VERSIONS} and o.code = $3 and ($2::boolean or ${SOLD})
   order by (${SOLD}) desc nulls last, v.version desc limit 1`;

export const SELECT_VERSIONS_OF_OFFERINGS = `${VERSIONS} and ${SEEN} and o.id = any($3::bigint[]) order by o.id, v.version desc`;
