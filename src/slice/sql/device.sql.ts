const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::float8`;

/** A slice's product as a change of its devices sees it; 64-bit ids are text, instants epoch ms. */
export interface LockedSliceRow {
  readonly shard: number; readonly rootId: string; readonly id: string; readonly accountId: string; readonly versionId: string; readonly state: string;
  readonly endedAt: number | null;
}

/** @param visible a predicate over `account` from parameter $3 on. */
export const selectSlice = (visible: string): string => `
  select p.shard, p.root_id::text as "rootId", p.id::text, p.account_id::text as "accountId", p.offering_version_id::text as "versionId", p.state,
         ${ms('p.ended_at')} as "endedAt"
    from product p join billing_account account on account.shard = p.shard and account.id = p.account_id
   where p.shard = $1 and p.id = $2 and ${visible}`;

/**
 * Whether an identifier ($1 tenant, $2 kind, $3 value) belongs to an account at an instant ($4).
 * @param visible a predicate over `account` from parameter $5 on.
 */
export const selectOwner = (visible: string): string => `
  select from identifier i join billing_account account on account.shard = i.shard and account.id = i.account_id
   where i.tenant_id = $1 and i.kind = $2 and i.value = $3 and tstzrange(i.valid_from, i.valid_until) @> $4::timestamptz and ${visible}`;

export interface OverlapRow { readonly from: number; readonly until: number | null }

const OVERLAPS = 'slice_device where shard = $1 and product_id = $2 and tstzrange(valid_from, valid_until) && tstzrange($3, $4)';

/** Whether at least so many ($5) admissions overlap a time. */
export const HAS_OVERLAPS = `select count(*) >= $5::bigint as "isReached" from (select from ${OVERLAPS} limit $5::bigint) found`;
export const SELECT_OVERLAPS = `select ${ms('valid_from')} as "from", ${ms('valid_until')} as until from ${OVERLAPS}`;

export interface AdmittedRow {
  readonly kind: string; readonly value: string; readonly valid_from: Date; readonly valid_until: Date | null; readonly payer: 'TENANT' | 'DEVICE';
}
const ADMITTED = 'kind, value, valid_from, valid_until, payer';

/** An admission that was taken back before it began may be given again. */
export const ADMIT = `
  insert into slice_device as d (tenant_id, snssai, kind, value, valid_from, valid_until, shard, root_id, account_id, product_id, payer)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  on conflict (tenant_id, snssai, kind, value, valid_from) do update
     set valid_until = excluded.valid_until, shard = excluded.shard, root_id = excluded.root_id, account_id = excluded.account_id,
         product_id = excluded.product_id, payer = excluded.payer
   where d.valid_until = d.valid_from
  returning ${ADMITTED}`;

/** Cuts short what lasts beyond an instant; what would begin later never does. */
export const REMOVE = `
  update slice_device set valid_until = greatest($6::timestamptz, valid_from)
   where tenant_id = $1 and snssai = $2 and kind = $3 and value = $4 and product_id = $5
     and (valid_until is null or valid_until > greatest($6::timestamptz, valid_from))
  returning ${ADMITTED}`;
