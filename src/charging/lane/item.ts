import { RootRef } from '../../platform/root';
import { UsageEvent } from '../../usage/usage.types';
import { ChargeUsageOptions, MoveOutcome, UsageResult } from '../charging.api';
import { NOT_OWNED } from '../decide/usage';
import { Move } from '../decide/move';

interface Waiting<R> {
  readonly tenantId: number;
  readonly roots: readonly RootRef[];
  /** Monotonic time (performance.now) after which nobody waits for the answer. */
  readonly deadline: number;
  /** Times its root was found locked by somebody else. */
  passes: number;
  /** A COMMIT that carried this item was sent and its answer never came. */
  inDoubt: boolean;
  readonly resolve: (result: R) => void;
  readonly reject: (error: Error) => void;
}

export interface UsageItem extends Waiting<UsageResult | typeof NOT_OWNED> {
  readonly kind: 'USAGE';
  readonly event: UsageEvent;
  readonly options: ChargeUsageOptions;
}

export interface MoveItem extends Waiting<MoveOutcome<unknown>> {
  readonly kind: 'MOVE';
  readonly move: Move;
}

/** Applies what fell due; answers when it is done. */
export interface TouchItem extends Waiting<void> {
  readonly kind: 'TOUCH';
}

/** What waits in a lane. */
export type Item = UsageItem | MoveItem | TouchItem;
