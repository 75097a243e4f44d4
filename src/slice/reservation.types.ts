export type SliceMeasure = 'DOWNLINK_KBPS' | 'UPLINK_KBPS' | 'DEVICES';
export const SLICE_MEASURES: readonly SliceMeasure[] = ['DOWNLINK_KBPS', 'UPLINK_KBPS', 'DEVICES'];

/** An amount of each measure: of an area, or of what is reserved of it. */
export type Capacity = Readonly<Record<SliceMeasure, bigint>>;

/** An area under its lock. */
export interface LockedArea {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly version: number;
  readonly capacity: Capacity;
}

/** What is held of an area for a time: epoch ms, half-open, null = without end. */
export interface HeldCapacity {
  readonly areaId: string;
  readonly from: number;
  readonly until: number | null;
  readonly held: Capacity;
}
