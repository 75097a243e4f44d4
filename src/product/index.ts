/**
 * Products as subscribed: what an account has, what it pays for it, what keeps it from being used. This room reads; the
 * charging path makes, renews and ends products, because each of these moves money.
 */
export { ProductBundleResolver } from './bundle.resolver';
export { AccountProductsResolver, IdentifierProductResolver, ProductResolver, ProductStepResolver } from './product.resolver';
export { productLoader } from './product.loader';
export { Product, ProductConnection, productId } from './product.type';
export type { ProductState, SuspensionLevel, SuspensionReason } from './product.types';
