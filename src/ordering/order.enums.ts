import { describedEnum } from '../catalog';
import type { ItemAction, OrderState } from './order.types';
import type { ReportOutcome } from './report.rules';

export const OrderStateEnum = describedEnum<OrderState>('ProductOrderState', 'State of a product order or of an item (TMF622). What cannot be fulfilled is refused when it comes, so no order is ever rejected.', {
  ACKNOWLEDGED: 'Taken in; nothing was started.',
  PENDING: 'Waits for information.',
  HELD: 'Blocked; somebody must solve it.',
  IN_PROGRESS: 'Under way.',
  ASSESSING_CANCELLATION: 'Whether it can be cancelled is being found out.',
  PENDING_CANCELLATION: 'Being undone.',
  CANCELLED: 'Cancelled; nothing of it stands.',
  COMPLETED: 'Done.',
  FAILED: 'Not done, and never will be.',
  PARTIAL: 'Some items are done, some are not. Of an order alone.',
});

export const OrderItemActionEnum = describedEnum<ItemAction>('ProductOrderItemAction', 'What an item does (TMF622).', {
  ADD: 'Makes a product.',
  MODIFY: 'Gives a product another offering.',
  DELETE: 'Ends a product, and what is in it where it is a bundle.',
});

export const ReportOutcomeEnum = describedEnum<ReportOutcome>('ProductOrderItemOutcome', 'What the network says about an item.', {
  COMPLETED: 'It is ready: the product begins, changes or ends now.',
  FAILED: 'It cannot be done.',
  INFORMATION_NEEDED: 'Something must be known first; RESUMED goes on.',
  BLOCKED: 'Something is in the way; RESUMED goes on.',
  RESUMED: 'It goes on.',
  CANCELLATION_ALLOWED: 'It can be taken back.',
  CANCELLATION_DENIED: 'It cannot be taken back; the order goes on.',
  CANCELLED: 'It was taken back.',
});
