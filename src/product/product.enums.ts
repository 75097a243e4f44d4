import { describedEnum } from '../catalog';
import type { ChangeTime, ProductState, SuspensionLevel, SuspensionReason } from './product.types';

export const ProductStateEnum = describedEnum<ProductState>('ProductState', 'Life cycle of a product (TMF637).', {
  CREATED: 'Ordered.',
  PENDING_ACTIVE: 'On its way to being active.',
  ACTIVE: 'Can be used.',
  SUSPENDED: 'Kept from being used, for the reasons of its suspensions.',
  PENDING_TERMINATE: 'Ends at a known instant.',
  TERMINATED: 'Ended.',
  CANCELLED: 'Cancelled before it began.',
  ABORTED: 'Could not begin.',
});

export const SuspensionReasonEnum = describedEnum<SuspensionReason>('ProductSuspensionReason', 'Why a product is kept from being used.', {
  CUSTOMER: 'The customer wished it.',
  NON_PAYMENT: 'Bills are unpaid.',
  FRAUD: 'Fraud is suspected.',
  LOST: 'The device or SIM is lost.',
  RENEWAL_UNPAID: 'The fee of the period could not be paid.',
  REGULATOR: 'By order of the regulator.',
});

export const ChangeTimeEnum = describedEnum<ChangeTime>('ProductChangeTime', 'When a change takes effect.', {
  NOW: 'At once; the day of the change belongs to the new price.',
  PERIOD_END: 'When the running period ends.',
});

export const SuspensionLevelEnum = describedEnum<SuspensionLevel>('ProductSuspensionLevel', 'What a suspension stops.', {
  OUTGOING: 'Everything but what comes in.',
  DATA: 'Data.',
  ALL: 'Everything.',
});
