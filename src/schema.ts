import type { GraphQLSchema } from 'graphql';
import { ASSURANCE_RESOLVERS } from './assurance';
import { AuditLogResolver, TokenRevocationResolver } from './audit';
import { AccountBalanceResolver } from './balance/account-balance.resolver';
import { BalanceChangedResolver } from './balance/balance-changed.resolver';
import { LimitExceeded } from './balance/balance.errors';
import { BalanceMutations, TopUpResolver } from './balance/balance.mutations';
import { BucketResolver, ProductBucketsResolver } from './balance/bucket.resolver';
import { BundleResolver, CatalogMutations, ComponentResolver, OfferingResolver } from './catalog';
import { ChargeRefundResolver } from './charging/charge-refund.resolver';
import { AccountChargeResolver, ChargeResolver, ProductUsageResolver, UsageResolver } from './charging/charge.resolver';
import { QuarantinedUsageResolver } from './charging/quarantined-usage.resolver';
import { UsageComparisonResolver } from './charging/usage-comparison.resolver';
import { UsageChargeResolver } from './charging/usage-charge.resolver';
import { UsageChargedResolver } from './charging/usage-charged.resolver';
import { LedgerEntryResolver } from './balance/ledger-entry.resolver';
import { INVOICING_RESOLVERS } from './invoicing';
import {
  AccountMutations, AccountResolver, CustomerResolver, IdentifierMutations, Individual, Organization, PartyMutations, SharingGroupResolver,
} from './party';
import { AccountOrdersResolver, OfferingVersionNotSold, OrderChangedResolver, OrderItemResolver, OrderMutations, OrderResolver } from './ordering';
import { SimpleUserError } from './platform/errors';
import { buildHouseSchema, NodeResolver, printHouseSchema } from './platform/graphql';
import { AccountProductsResolver, IdentifierProductResolver, ProductBundleResolver, ProductResolver, ProductStepResolver } from './product';
import { ProductChangeMutations } from './product/product-change.mutations';
import { ProductMutations } from './product/product.mutations';
import { PartnerMutations, PartnerResolver } from './party';
import {
  AccruedResolver, AgreementItemResolver, AgreementMutations, AgreementPartyResolver, AgreementResolver, PartnerShareResolver, StatementLineResolver,
  StatementMutations, StatementResolver,
} from './revenue-share';
import { SliceAreaResolver, SliceCapacityExceeded, SliceDeviceMutations, SliceOfferingResolver, SliceProductResolver } from './slice';
import { TenantResolver } from './tenant';

/** Every resolver of the product, listed once. A room adds its classes here. */
const RESOLVERS = [
  NodeResolver,
  TenantResolver, AuditLogResolver, TokenRevocationResolver,
  CustomerResolver, AccountResolver, SharingGroupResolver, PartyMutations, AccountMutations, IdentifierMutations,
  OfferingResolver, BundleResolver, ComponentResolver, CatalogMutations,
  ProductResolver, ProductBundleResolver, AccountProductsResolver, IdentifierProductResolver, ProductMutations, ProductStepResolver, ProductChangeMutations,
  AccountBalanceResolver, BucketResolver, ProductBucketsResolver, BalanceMutations, TopUpResolver, BalanceChangedResolver, UsageChargedResolver, LedgerEntryResolver,
  UsageChargeResolver, ChargeResolver, UsageResolver, ProductUsageResolver, AccountChargeResolver, ChargeRefundResolver,
  QuarantinedUsageResolver,
  UsageComparisonResolver,
  PartnerResolver, PartnerMutations, AgreementResolver, AgreementItemResolver, AgreementPartyResolver, AgreementMutations,
  PartnerShareResolver, StatementResolver, StatementLineResolver, StatementMutations, AccruedResolver,
  ...INVOICING_RESOLVERS, ...ASSURANCE_RESOLVERS,
  SliceOfferingResolver, SliceAreaResolver, SliceProductResolver, SliceDeviceMutations,
  OrderResolver, OrderItemResolver, AccountOrdersResolver, OrderMutations, OrderChangedResolver,
];

/** Types that are reached only through an interface. */
const ORPHANED = [SimpleUserError, LimitExceeded, OfferingVersionNotSold, SliceCapacityExceeded, Individual, Organization];

/** The API's schema, built once at start. */
export const buildApiSchema = (): GraphQLSchema => buildHouseSchema(RESOLVERS, ORPHANED);

/** The API's schema as committed in schema/schema.graphql. */
export const printApiSchema = (): string => printHouseSchema(buildApiSchema());
