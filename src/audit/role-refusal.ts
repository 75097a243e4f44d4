import type { RequestContext } from '../context';
import { inTransaction } from '../platform/db';
import { recordAudit } from './audit-trail';

/** Keeps that a signed-in caller tried a mutation that its role may not do. */
export async function recordRoleRefusal({ caller, requestId, services }: RequestContext, mutation: string): Promise<void> {
  const entry = {
    tenantId: caller.tenantId, actor: caller.subject, role: caller.role, operation: mutation, objectType: 'Mutation', objectId: '',
    after: { errorCode: 'FORBIDDEN' }, requestId, result: 'REFUSED' as const,
  };
  await inTransaction(services.pool, (tx) => recordAudit(tx, entry));
}
