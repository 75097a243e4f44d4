import type { PoolClient } from 'pg';
import { SimpleUserError, UserError } from '../platform/errors';
import { PriceDraft } from './draft.types';

/** A problem for each price whose tax class has no rate at any date; whether one holds at the start is asked at launch. */
export async function knownTaxClassProblems(
  client: PoolClient, tenantId: number, prices: readonly PriceDraft[],
): Promise<UserError[]> {
  const { rows } = await client.query<{ tax_class: string }>(
    'select distinct tax_class from tax_rate where tenant_id = $1', [tenantId]);
  const known = new Set(rows.map((row) => row.tax_class));
  return prices.flatMap(({ taxClass }, index) => (known.has(taxClass) ? [] : [
    new SimpleUserError('INVALID_INPUT', 'The tax class has no rate; set one first.', ['prices', `${index}`, 'taxClass']),
  ]));
}
