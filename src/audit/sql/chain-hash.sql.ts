/**
 * The hash of one audit row over the row before it, as a SQL expression over a row `e` that has the columns of
 * audit_log: sha256(previous_hash || canonical text). The canonical text is a JSON array of texts in column order, the
 * instant as whole microseconds since 1970, so that it depends on no setting of the session. Never changed: every
 * stored hash was made by it.
 */
export const CHAIN_HASH = `
  sha256(e.previous_hash || convert_to(json_build_array(
    e.tenant_id::text, e.sequence::text, (extract(epoch from e.at) * 1000000)::bigint::text, e.actor, e.role, e.operation,
    e.object_type, e.object_id, e.before::text, e.after::text, e.reason, e.request_id, e.result)::text, 'UTF8'))`;

/** What stands before the first row of a tenant. */
export const GENESIS_HASH = Buffer.alloc(32);
