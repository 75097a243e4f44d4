import { describedEnum } from '../catalog';
import type { ServiceProfile, SlicePayer } from './slice.types';
import type { SliceMeasure } from './reservation.types';

export type BitRateUnit = 'KBIT_PER_SECOND' | 'MBIT_PER_SECOND' | 'GBIT_PER_SECOND';
export type DelayUnit = 'MILLISECOND';

export const BitRateUnitEnum = describedEnum<BitRateUnit>('BitRateUnit', 'Unit of a throughput.', {
  KBIT_PER_SECOND: '1,000 bits a second: what throughputs are kept and shown in.',
  MBIT_PER_SECOND: '1,000 kbit/s.',
  GBIT_PER_SECOND: '1,000,000 kbit/s.',
});

export const DelayUnitEnum = describedEnum<DelayUnit>('DelayUnit', 'Unit of a delay.', { MILLISECOND: 'A thousandth of a second.' });

export const SlicePayerEnum = describedEnum<SlicePayer>('SlicePayer', 'Whose account pays what an admitted device uses in the slice: one of the two, never both.', {
  TENANT: 'The account of the slice.',
  DEVICE: 'The account of the device.',
});

export const DeviceVelocityEnum = describedEnum<NonNullable<ServiceProfile['deviceVelocity']>>('DeviceVelocity', 'Speed at which devices are still served (NG.116).', {
  STATIONARY: 'They stand still.',
  PEDESTRIAN: 'Up to 10 km/h.',
  VEHICULAR: 'Up to 120 km/h.',
  HIGH_SPEED: 'Up to 500 km/h.',
});

export const SliceIsolationEnum = describedEnum<NonNullable<ServiceProfile['isolation']>>('SliceIsolation', 'How far the slice is kept apart from others (NG.116).', {
  NONE: 'Not at all.',
  LOGICAL: 'By virtual resources and network functions of its own.',
  PHYSICAL: 'By machines of its own.',
});

export const SliceSharingEnum = describedEnum<ServiceProfile['sharing']>('SliceSharing', 'Whether its instance may carry other slices too (TS 28.541 networkSliceSharingIndicator).', {
  SHARED: 'It may.',
  NON_SHARED: 'It may not.',
});

export const SliceMeasureEnum = describedEnum<SliceMeasure>('SliceMeasure', 'What of an area is reserved.', {
  DOWNLINK_KBPS: 'Guaranteed throughput towards devices, in kbit/s.',
  UPLINK_KBPS: 'Guaranteed throughput from devices, in kbit/s.',
  DEVICES: 'Devices at once.',
});
