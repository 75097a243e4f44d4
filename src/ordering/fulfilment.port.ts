import type { ItemAction, ItemIdentifier, OrderRef } from './order.types';

/** What the network is asked to do for one item. */
export interface FulfilmentWork {
  readonly order: OrderRef;
  readonly tenantId: number;
  readonly itemKey: string;
  readonly action: ItemAction;
  /** Code and version of the offering; null for DELETE. */
  readonly offering: { readonly code: string; readonly version: number } | null;
  readonly productId: bigint;
  readonly identifiers: readonly ItemIdentifier[];
  /** When the product ends or changes; null = when the network is ready. */
  readonly effectiveAt: Date | null;
}

/** DONE: it is ready. FAILED: it never will be. TAKEN: the answer comes by a report. */
export type FulfilmentAnswer =
  | { readonly kind: 'DONE' }
  | { readonly kind: 'FAILED'; readonly note: string }
  | { readonly kind: 'TAKEN' };

export type CancelAnswer = { readonly kind: 'YES' } | { readonly kind: 'NO' } | { readonly kind: 'TAKEN' };

/**
 * The network behind the orders. Each call names its item, may come twice, and must do its work once. A call that throws
 * was not taken and is repeated, with growing pauses, for a day.
 */
export interface FulfilmentPort {
  /** Whether `fulfil` never answers TAKEN: then an item cannot be taken back once it started. */
  readonly answersAtOnce: boolean;
  /** Milliseconds after which a call whose outcome was not reported is made again. */
  readonly patienceMs: number;
  fulfil(work: FulfilmentWork): Promise<FulfilmentAnswer>;
  /** Whether an item that is under way can be taken back. */
  mayCancel(work: FulfilmentWork): Promise<CancelAnswer>;
  /** Takes it back; YES: it is undone. */
  cancel(work: FulfilmentWork): Promise<CancelAnswer>;
}

/** The id of a call: the same for every repeat, another for every question. */
export const callId = ({ order, itemKey }: FulfilmentWork, question: string): string => `${order.id}:${itemKey}:${question}`;
