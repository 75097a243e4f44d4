/**
 * Who the tenant's customers are: parties, customers, billing accounts in a tree, sharing groups, and the numbers by
 * which usage finds its owner. Every room asks `access.ts` what a caller may see. Money hangs on accounts in other rooms,
 * which take part in opening them through the port AccountOpening and add fields to the types given out here.
 */
export { accountFilter, customerFilter, visibleAccounts } from './access';
export type { AccountPurpose, SqlFilter, Viewer, VisibleAccount } from './access';
export type { AccountOpening, OpenedAccount } from './account-opening';
export { AccountMutations } from './account.mutations';
export { AccountResolver, SharingGroupResolver } from './account.resolver';
export type { CreditLimit } from './account.rules';
export { BillingAccountEntity } from './billing-account.entity';
export type { PaymentMode } from './billing-account.entity';
export { BillingAccount, BillingAccountConnection, billingAccountId } from './billing-account.type';
export { checkedCustomer, CustomerOpening } from './customer-opening';
export type { CheckedCustomer, CustomerToOpen, OpenedCustomer } from './customer-opening';
export { Customer, CustomerConnection } from './customer.type';
export { IdentifierMutations } from './identifier.mutations';
export { normaliseIdentifier } from './identifier.rules';
export { AssignedIdentifier, ValidityRange } from './identifier.type';
export { IdentifierKindEnum, PaymentModeEnum } from './party.enums';
export { accountLoader, customerLoader } from './party.loader';
export { PartyMutations } from './party.mutations';
export { CustomerResolver } from './party.resolver';
export { Individual, Organization, Party } from './party.type';
export { createPartyServices } from './services';
export type { PartyServices } from './services';
export { SharingGroup } from './sharing-group.type';
export { PARTNER_READERS, PARTNER_STAFF, partnerFilter } from './partner.access';
export { partnerLoader, settlementAccountLoader } from './partner.loader';
export { PartnerMutations } from './partner.mutations';
export { PartnerResolver } from './partner.resolver';
export { lockPartner, PartnerService } from './partner.service';
export type { PartnerEnd } from './partner.service';
export { Partner, SettlementAccount } from './partner.type';
export { requiredKey } from './caller';
export { checkedExternalId, checkedName, isExternalId } from './text.rules';
