/**
 * Revenue share: agreements with partners in versions, the shares that accrue with each charge, and the statements of what
 * is owed. It enters the charging path by charging's port `BatchStep` alone.
 */
export { AccruedResolver } from './accrued.resolver';
export { AgreementMutations } from './agreement.mutations';
export { AgreementItemResolver, AgreementPartyResolver, AgreementResolver } from './agreement.resolver';
export { createShareServices } from './services';
export type { ShareServices } from './services';
export { shareStep } from './share.step';
export { StatementMutations } from './statement.mutations';
export { PartnerShareResolver, StatementLineResolver, StatementResolver } from './statement.resolver';
