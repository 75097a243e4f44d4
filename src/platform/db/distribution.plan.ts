/** How one table is spread over the machines of a Citus cluster. */
export type Spread =
  /** Copied to every machine. */
  | { readonly kind: 'REFERENCE' }
  /** By a column; tables of one group with equal values live together. */
  | { readonly kind: 'DISTRIBUTED'; readonly by: string; readonly group: string }
  /** Stays whole where the nodes connect. */
  | { readonly kind: 'COORDINATOR' };

const REFERENCE: Spread = { kind: 'REFERENCE' };
const COORDINATOR: Spread = { kind: 'COORDINATOR' };
const BY_SHARD: Spread = { kind: 'DISTRIBUTED', by: 'shard', group: 'bucket' };
const by = (column: string, group: string): Spread => ({ kind: 'DISTRIBUTED', by: column, group });

/**
 * Every table of the schema, in the order in which it is spread; the first of a group gives the group its name.
 *
 * - What hangs on a root lives by its shard, beside the root's bucket 0, so that a charge never leaves its machine.
 * - What must be unique over the whole system lives by the very value that is unique.
 * - What is small and read with every charge or bill is copied.
 * - The rest stays on the coordinator: people and customers, the audit chain, the tenants, whose trigger writes and would
 *   otherwise run once on every machine, and what a tenant adds to while it works (its sources, its chart of accounts):
 *   an upsert of a copied table asks for the right to change it.
 */
export const DISTRIBUTION: Readonly<Record<string, Spread>> = {
  migration: COORDINATOR,
  tenant: COORDINATOR,
  party: COORDINATOR,
  customer: COORDINATOR,
  audit_head: COORDINATOR,
  audit_log: COORDINATOR,
  revoked_token: COORDINATOR,
  usage_import: COORDINATOR,
  usage_source: COORDINATOR,
  usage_record_source: COORDINATOR,
  ledger_account: COORDINATOR,
  tax_rate: REFERENCE,
  product_offering: REFERENCE,
  product_offering_version: REFERENCE,
  price: REFERENCE,
  price_version: REFERENCE,
  allowance: REFERENCE,
  bundled_offering: REFERENCE,
  slice_terms: REFERENCE,
  bucket: BY_SHARD,
  billing_account: BY_SHARD,
  sharing_group: BY_SHARD,
  sharing_group_member: BY_SHARD,
  product: BY_SHARD,
  price_assignment: BY_SHARD,
  product_suspension: BY_SHARD,
  product_history: BY_SHARD,
  product_order: BY_SHARD,
  product_order_item: BY_SHARD,
  product_order_history: BY_SHARD,
  counter: BY_SHARD,
  charge: BY_SHARD,
  entry: BY_SHARD,
  request: BY_SHARD,
  unguided_usage: BY_SHARD,
  online_usage: BY_SHARD,
  usage_record: BY_SHARD,
  usage_comparison: BY_SHARD,
  identifier: by('value', 'identifier'),
  slice_device: by('value', 'identifier'),
  slice_area: COORDINATOR,
  slice_reservation: COORDINATOR,
  slice_maintenance: COORDINATOR,
  slice_measurement: BY_SHARD,
  slice_measurement_key: BY_SHARD,
  unguided_measurement: BY_SHARD,
  slice_period: BY_SHARD,
  slice_period_request: BY_SHARD,
  voucher: by('code_hash', 'voucher'),
  payment: by('external_id', 'payment'),
  product_order_key: by('external_id', 'product_order_key'),
  partner: COORDINATOR,
  settlement_account: COORDINATOR,
  agreement: COORDINATOR,
  agreement_version: COORDINATOR,
  agreement_item: COORDINATOR,
  agreement_part: COORDINATOR,
  share_total: BY_SHARD,
  share_statement: COORDINATOR,
  share_statement_line: COORDINATOR,
  settlement_entry: COORDINATOR,
  bill_run: COORDINATOR,
  bill_run_part: COORDINATOR,
  bill_period: BY_SHARD,
  customer_bill: BY_SHARD,
  customer_bill_line: BY_SHARD,
  bill_tax_item: BY_SHARD,
  deferral: BY_SHARD,
  issued_document: BY_SHARD,
  journal: BY_SHARD,
  journal_line: BY_SHARD,
  bill_payment: BY_SHARD,
  payment_allocation: BY_SHARD,
  credit_note: BY_SHARD,
  credit_note_line: BY_SHARD,
  document_number: by('series', 'document_number'),
  document_series: by('series', 'document_number'),
};
