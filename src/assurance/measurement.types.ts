import type { Snssai } from '../usage/snssai.rules';

export type MeasurementKind = 'DEVICES' | 'VOLUME' | 'AVAILABILITY';

/** The slice as its measurement names it. */
export type SliceName =
  | { readonly productId: bigint }
  | { readonly snssai: Snssai; readonly tenantIdentifier: string | null };

/** What was measured. Instants are epoch ms. */
export type Reading =
  | { readonly kind: 'DEVICES'; readonly from: number; readonly until: number; readonly count: bigint }
  | { readonly kind: 'VOLUME'; readonly from: number; readonly until: number; readonly uplink: bigint; readonly downlink: bigint }
  | { readonly kind: 'AVAILABILITY'; readonly from: number; readonly until: number; readonly isUp: boolean };

/** One measurement as a sender reports it, read and normalised. */
export interface Measurement {
  readonly source: string;
  /** The sender's own id of it: with tenant and source it is taken in once. */
  readonly measurementId: string;
  readonly slice: SliceName;
  readonly reading: Reading;
  /** SHA-256 of the rest: tells a repeat from another measurement under the same id. */
  readonly bodyHash: Buffer;
}

/** Why a measurement is put aside. */
export type AsideReason = 'UNKNOWN_SLICE' | 'NOT_ACTIVE' | 'AMBIGUOUS' | 'CONFLICT' | 'TOO_LATE';

export const ASIDE_MESSAGES: Readonly<Record<AsideReason, string>> = {
  UNKNOWN_SLICE: 'No product is a slice of this name.',
  NOT_ACTIVE: 'No product of this slice was active at the time of the measurement.',
  AMBIGUOUS: 'Several products of this slice were active then; a tenantIdentifier or a productId tells them apart.',
  CONFLICT: 'This measurement id was taken in before with other content; the first one stands.',
  TOO_LATE: 'The measurement is older than the late limit.',
};
