/**
 * Who changed what, and why: one append-only hash chain a tenant. Rooms call recordAudit in the transaction of a
 * privileged change, or of its refusal; nobody can change or delete a row as the application role.
 */
export { auditStatements, recordAudit, recordAudits, verifyAuditChain } from './audit-trail';
export { recordRoleRefusal } from './role-refusal';
export { checkInvariants, listInvariants, prepareSession } from './invariants';
export type { AuditScope, Invariant, ProgramCheck, Violation } from './invariants';
export type { AuditChainReport } from './audit-trail';
export type { AuditEntry, AuditFacts, AuditResult, AuditValue } from './audit.types';
export { AuditLogResolver } from './audit-log.resolver';
export { TokenRevocationResolver } from './token-revocation.resolver';
