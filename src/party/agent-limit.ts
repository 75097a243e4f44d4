import { formatAmount, parseAmount, ZERO_AMOUNT } from '../platform/money';
import { refuse } from '../platform/errors';
import { Actor, Change, readSettings } from '../tenant';
import { CreditLimit, isWithin } from './account.rules';

/**
 * A care agent gives credit up to what the tenant lets agents give alone; above it finance decides.
 * @throws Refusal LIMIT_EXCEEDED at `creditLimit`.
 */
export async function requireAgentLimit({ client }: Change, actor: Actor, limit: CreditLimit | null, currency: string): Promise<void> {
  if (actor.role !== 'CRM_AGENT' || limit === null) return;
  const { rows } = await client.query<{ settings: unknown; currency: string }>('select settings, currency from tenant where id = $1', [actor.tenantId]);
  const most = parseAmount(readSettings(rows[0]!.settings).agentCreditLimit) ?? ZERO_AMOUNT;
  // The bound is of the tenant's own currency: in another one an agent gives none.
  if (rows[0]!.currency === currency && isWithin(limit, { kind: 'AMOUNT', amount: most })) return;
  refuse('LIMIT_EXCEEDED', `An agent sets a credit limit of at most ${formatAmount(most, rows[0]!.currency)} ${rows[0]!.currency}; `
    + 'finance sets a higher one.', ['creditLimit']);
}
