import type { Queryable } from '../tenant';
import { snssaiText } from '../usage/snssai.rules';
import type { SlicePayer, SliceTerms } from './slice.types';

interface TermsRow extends Pick<SliceTerms, 'plmn' | 'profile' | 'counting' | 'objective'> {
  readonly offering_version_id: string; readonly tenant_id: number; readonly sst: number; readonly sd: string | null; readonly payer: SlicePayer;
}

const SELECT_TERMS = `select offering_version_id::text, tenant_id, sst, sd, plmn, payer, profile, counting, objective from slice_terms
  where offering_version_id = any($1::bigint[])`;
const INSERT_TERMS = `insert into slice_terms (offering_version_id, tenant_id, sst, sd, plmn, payer, profile, counting, objective)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** The slice terms of offering versions; a version that is no slice has no entry. */
export async function loadSliceTerms(database: Queryable, versionIds: readonly string[]): Promise<ReadonlyMap<string, SliceTerms>> {
  if (versionIds.length === 0) return new Map();
  const { rows } = await database.query<TermsRow>(SELECT_TERMS, [versionIds]);
  return new Map(rows.map((row) => [row.offering_version_id, {
    offeringVersionId: row.offering_version_id, tenantId: row.tenant_id, snssai: { sst: row.sst, sd: row.sd }, plmn: row.plmn, payer: row.payer,
    profile: row.profile, counting: row.counting, objective: row.objective,
  }]));
}

/** The S-NSSAI of terms, as usages name it. */
export const snssaiOf = ({ snssai }: SliceTerms): string => snssaiText(snssai);

/** Stores the terms of a draft. */
export async function storeSliceTerms(database: Queryable, terms: SliceTerms): Promise<void> {
  const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
  await database.query(INSERT_TERMS, [terms.offeringVersionId, terms.tenantId, terms.snssai.sst, terms.snssai.sd, terms.plmn, terms.payer,
    json(terms.profile), json(terms.counting), json(terms.objective)]);
}
