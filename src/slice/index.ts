/**
 * Network slices: what makes an offering one, the areas that they are sold in, and the devices that are in them. Capacity
 * is reserved here for the ordering room, in the order's own transaction; what an admitted device uses is guided by its row.
 */
export { SliceAreaResolver } from './area.resolver';
export { SliceDeviceMutations } from './device.resolver';
export { releaseSlices, reserveSlices } from './reservation.store';
export type { ReservingOrder, SliceWish } from './reservation.store';
export { createSliceServices } from './services';
export type { SliceServices } from './services';
export { SliceCapacityExceeded } from './slice.errors';
export type * from './slice.types';
export { SliceOfferingResolver } from './slice-offering.resolver';
export { sliceProductLoader } from './slice-product.loader';
export { SliceProductResolver } from './slice-product.resolver';
export { SliceProduct } from './slice-product.type';
export type { SliceTermsDraft } from './slice-terms.draft';
export { loadSliceTerms, snssaiOf } from './slice-terms.store';
