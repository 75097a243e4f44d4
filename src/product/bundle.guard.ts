import { componentsLoader } from '../catalog';
import type { RequestContext } from '../context';
import { refuse } from '../platform/errors';
import { productLoader } from './product.loader';
import type { Product } from './product.type';

const ENDED: ReadonlySet<Product['stored']['state']> = new Set(['TERMINATED', 'CANCELLED', 'ABORTED']);

/**
 * A bundle keeps its counts because its components are changed and ended by orders alone, which count them. What is a
 * component of no living bundle passes; which bundle a product belongs to never changes.
 * @throws Refusal CONFLICT
 */
export async function requireNoComponent(context: RequestContext, { bundleKey }: Product): Promise<void> {
  const bundle = bundleKey === null ? null : await productLoader(context).load(bundleKey);
  if (!bundle || ENDED.has(bundle.stored.state)) return;
  refuse('CONFLICT', 'It is a component of a bundle: order its change or end by productOrderCreate.', ['productId']);
}

/** As requireNoComponent, and no bundle either. @throws Refusal CONFLICT */
export async function requireUnbundled(context: RequestContext, product: Product): Promise<void> {
  await requireNoComponent(context, product);
  if ((await componentsLoader(context).load(product.offeringVersionKey)).length === 0) return;
  refuse('CONFLICT', 'It is a bundle: order its change by productOrderCreate.', ['productId']);
}
