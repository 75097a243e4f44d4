import type { PoolClient } from 'pg';
import { refuse } from '../platform/errors';
import { Path } from './problem.rules';

/**
 * The code in the chart of accounts of a revenue account's name: the account of that very code where the chart has one,
 * else `revenue:<name>`, opened at first use.
 * @throws Refusal INVALID_INPUT where the name is that of an account of another kind.
 */
export async function revenueAccountCode(client: PoolClient, tenantId: number, name: string, path: Path): Promise<string> {
  const { rows } = await client.query<{ kind: string }>(
    'select kind from ledger_account where tenant_id = $1 and code = $2', [tenantId, name]);
  const kind = rows[0]?.kind;
  if (kind === 'REVENUE') return name;
  if (kind !== undefined) refuse('INVALID_INPUT', `The account ${name} holds no revenue.`, path);
  const code = `revenue:${name}`;
  await client.query(
    `insert into ledger_account (tenant_id, code, kind, name) values ($1, $2, 'REVENUE', $3) on conflict do nothing`,
    [tenantId, code, `Revenue: ${name.replaceAll('_', ' ')}`]);
  return code;
}
