import type { ErrorCode } from '../platform/errors';
import type { Viewer } from '../party';
import type { RootRef } from '../platform/root';
import type { Actor } from '../tenant';
import type { IdentifierKind } from '../usage/usage.types';

/** TMF622. An order that cannot be fulfilled is refused when it comes and leaves no row, so none is ever `rejected`. */
export type OrderState =
  | 'ACKNOWLEDGED' | 'PENDING' | 'HELD' | 'IN_PROGRESS' | 'ASSESSING_CANCELLATION' | 'PENDING_CANCELLATION'
  | 'CANCELLED' | 'COMPLETED' | 'FAILED' | 'PARTIAL';
export type ItemState = Exclude<OrderState, 'PARTIAL'>;

/** What moves an item. */
export type ItemEvent =
  | 'START' | 'NEED_INFORMATION' | 'BLOCK' | 'GO_ON' | 'COMPLETE' | 'FAIL' | 'ASSESS' | 'DENY' | 'ALLOW' | 'CANCEL';

/**
 * Where an item stands inside its state:
 * - NEW: nothing was done. ASK: the product is to be prepared and the network asked. WAIT: the network has it.
 * - APPLY: the network is ready; from here on nothing is taken back. GIVE_UP: it failed, what was prepared is given up.
 * - ASSESS: the network is to be asked whether it can be taken back; ASSESS_WAIT: it was; ALLOWED: it can.
 * - UNDO: the network is to take it back; UNDO_WAIT: it does; CLEAR: it has, what was prepared is given up. DONE: final.
 */
export type ItemPhase =
  | 'NEW' | 'ASK' | 'WAIT' | 'APPLY' | 'GIVE_UP' | 'ASSESS' | 'ASSESS_WAIT' | 'ALLOWED' | 'UNDO' | 'UNDO_WAIT' | 'CLEAR' | 'DONE';

export type ItemAction = 'ADD' | 'MODIFY' | 'DELETE';
export type EffectTime = 'NOW' | 'PERIOD_END';

export interface ItemIdentifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** What an item says of the slice that it makes; its area is in the reservation. */
export interface OrderedSlice {
  /** Epoch ms; null = without end. */
  readonly until: number | null;
  /** Devices that are in it from its first instant. */
  readonly devices: readonly ItemIdentifier[];
}

/** An order's place: its id carries the shard of its root. */
export interface OrderRef {
  readonly shard: number;
  readonly id: bigint;
}

export interface OrderItem {
  readonly key: string;
  readonly ordinal: number;
  readonly action: ItemAction;
  /** Null for DELETE. */
  readonly offeringVersionId: string | null;
  /** The product that it makes (ADD), changes or ends. */
  readonly productId: bigint;
  readonly takesEffect: EffectTime;
  /** The ADD item of this order whose product an add-on is attached to, or a product that is there. */
  readonly attachedToKey: string | null;
  readonly attachedTo: bigint | null;
  /** The bundle whose component its product is, or will be; null = of none. */
  readonly bundledIn: bigint | null;
  readonly reliesOn: readonly string[];
  readonly identifiers: readonly ItemIdentifier[];
  readonly state: ItemState;
  readonly phase: ItemPhase;
  /** State and phase to which a denied cancellation returns. */
  readonly resumes: { readonly state: ItemState; readonly phase: ItemPhase } | null;
  readonly errorCode: ErrorCode | null;
  readonly note: string | null;
  /** How often the network was asked without taking it. */
  readonly attempts: number;
  /** Real time at which the network was first asked, epoch ms. */
  readonly askedAt: number | null;
  /** Null where it makes no slice. */
  readonly slice: OrderedSlice | null;
}

export interface Order extends OrderRef, RootRef {
  readonly tenantId: number;
  readonly accountId: bigint;
  readonly channel: string;
  readonly externalId: string;
  readonly state: OrderState;
  readonly version: number;
  /** Epoch ms of the tenant's clock; null = at once. */
  readonly requestedStart: number | null;
  readonly restarts: bigint | null;
  /** Whether the customer placed it. */
  readonly isSelfService: boolean;
  readonly createdAt: number;
  readonly completedAt: number | null;
  /** The customer's own number of it; null where none was given. */
  readonly purchaseOrder: string | null;
  readonly items: readonly OrderItem[];
}

/** What changes of an item with one step. */
export type ItemChange = Partial<Pick<OrderItem, 'state' | 'phase' | 'resumes' | 'errorCode' | 'note' | 'attempts' | 'askedAt'>>;

/** Who orders: from the verified token, never from input. A subscriber orders for the own customer's accounts. */
export type Orderer = Actor & Viewer;
