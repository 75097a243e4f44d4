/** 64-bit ids are text. */
export interface ComponentRow {
  readonly offering_version_id: string;
  readonly offering_key: string;
  readonly tenant_id: number;
  readonly code: string;
  readonly lower_limit: number;
  readonly upper_limit: number;
  readonly default_count: number;
}

export const SELECT_COMPONENTS = `
  select x.offering_version_id::text, x.offering_id::text as offering_key, x.tenant_id, o.code, x.lower_limit, x.upper_limit, x.default_count
    from bundled_offering x join product_offering o on o.id = x.offering_id
   where x.offering_version_id = any($1::bigint[]) order by x.offering_version_id, x.ordinal`;
