import type { Caller, Role } from '../platform/auth/caller';
import type { SqlFilter } from './access';

/** Who reads every partner of a tenant; a partner's own token reads that partner alone. */
export const PARTNER_STAFF: readonly Role[] = ['FINANCE', 'CATALOG_MANAGER', 'AUDITOR'];
export const PARTNER_READERS: readonly Role[] = [...PARTNER_STAFF, 'PARTNER'];

/**
 * The partners that a caller may see, as a predicate over two columns: the one place where a partner's ownership is decided.
 * @param firstParameter number of the first `$n` that the predicate may use.
 */
export function partnerFilter(
  caller: Caller, firstParameter: number, columns: { readonly tenant: string; readonly partner: string } = { tenant: 'partner.tenant_id', partner: 'partner.party_id' },
): SqlFilter {
  if (caller.role === 'PARTNER' && caller.partnerId !== null) {
    return {
      sql: `${columns.tenant} = $${firstParameter} and ${columns.partner} = $${firstParameter + 1}`,
      parameters: [caller.tenantId, caller.partnerId.toString()],
    };
  }
  if (PARTNER_STAFF.includes(caller.role)) return { sql: `${columns.tenant} = $${firstParameter}`, parameters: [caller.tenantId] };
  return { sql: 'false', parameters: [] };
}
