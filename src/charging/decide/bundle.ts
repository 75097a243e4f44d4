import type { SetupProduct } from '../../guiding';
import type { RootState } from '../work/root-state';

const ENDS: ReadonlySet<SetupProduct['state']> = new Set(['PENDING_TERMINATE', 'TERMINATED', 'CANCELLED', 'ABORTED']);

/** Whether a product lives and has no end that was asked for. */
export const isGoingOn = ({ state }: SetupProduct): boolean => !ENDS.has(state);

/** Whether a component of the bundle would be there after the instant: a bundle ends with its components or after them. */
export function outlives(root: RootState, bundle: SetupProduct, end: number): boolean {
  for (const product of root.products.values()) {
    if (product.bundledIn !== bundle.id || product.state === 'TERMINATED' || product.state === 'CANCELLED' || product.state === 'ABORTED') continue;
    if (isGoingOn(product) || product.endedAt === null || product.endedAt > end) return true;
  }
  return false;
}
