/**
 * Catalog: versioned, immutable product offerings with prices and allowances, and tax rates by class and date. A launched
 * version is never edited: a change is a new version. The charging path reads terms through the loaders here.
 */
import './services';

export * from './price.types';
export * from './terms.types';
export { CatalogRowBroken, loadListPrices, loadOfferingTerms, loadPriceVersions, loadTaxRates } from './terms.loader';
export * from './offering.types';
export * from './draft.types';
export { CatalogService } from './catalog.service';
export { CatalogRefusal, errorsOf, refuseAll } from './catalog.errors';
export { settleAll } from './catalog.payload';
export { isText, Problems } from './problem.rules';
export type { Path } from './problem.rules';
export { ProductOfferingDraftInput } from './draft.input';
export { readByKey as offeringByKey } from './offering.reader';
export type { UsagePriceCheck } from './draft-price.rules';
export type { Launched, LaunchInput } from './launch.store';
export { lockCatalog, raiseCatalogVersion } from './catalog.lock';
export type { TaxRateInput } from './tax-rate.store';
export { CatalogMutations } from './catalog.mutations';
export { UsageKindEnum } from './catalog.enums';
export { describedEnum } from './described-enum';
export { componentsLoader } from './bundle.loader';
export { BundleResolver, ComponentResolver } from './bundle.resolver';
export { priceVersionLoader, priceVersions } from './offering-parts.loader';
export { offeringLoader, productOfferingId } from './offering.reader';
export { OfferingResolver } from './offering.resolver';
export { ProductOffering, ProductOfferingAllowance, ProductOfferingPrice } from './product-offering.type';
