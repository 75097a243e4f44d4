import DataLoader from 'dataloader';
import type { RequestContext } from '../context';
import { loadSliceTerms } from './slice-terms.store';
import type { SliceTerms } from './slice.types';

/** Slice terms by version key, of versions that the caller was shown; null for what is no slice. */
export const sliceTermsLoader = ({ loader, services }: RequestContext): DataLoader<string, SliceTerms | null> =>
  loader('slice.terms', () => new DataLoader(async (keys: readonly string[]) => {
    const found = await loadSliceTerms(services.pool, keys);
    return keys.map((key) => found.get(key) ?? null);
  }));
