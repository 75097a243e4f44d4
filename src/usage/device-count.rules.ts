/** Under this source stand the usages that are counted of slices; no sender may call itself so. */
export const SLICE_SOURCE = 'slice';

/**
 * Whether a usage or its charge is the device count of a slice's period: of what is counted of slices, volumes are bytes.
 * It says how many were there at most, so it adds up with no other count, and what stops usage does not unmake it.
 */
export const isDeviceCount = ({ source, unit }: { readonly source: string; readonly unit: string | null }): boolean =>
  source === SLICE_SOURCE && unit === 'EVENT';
