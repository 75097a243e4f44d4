import type {
  ActivateAnswer, BeginInput, ChangeOfferingInput, MoveKey, MoveOutcome, PrepareInput, ResumeInput, SuspendInput,
} from './charging.api';

/** Of a period's recurring fees: the percent of them that is credited in all, exact decimal text from "0" to "100". */
export interface FeeCreditInput {
  readonly productId: bigint;
  /** Fees charged from here on, epoch ms, half-open. */
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly percent: string;
  /** Whether who shared in the fees bears a part of it; else the operator alone. */
  readonly lowersSharing: boolean;
}

/** Moves of products beyond their beginning and end. */
export interface ProductMovesApi {
  withdrawEnd(key: MoveKey, input: { readonly productId: bigint }): Promise<MoveOutcome<ActivateAnswer>>;
  suspend(key: MoveKey, input: SuspendInput): Promise<MoveOutcome<ActivateAnswer>>;
  resume(key: MoveKey, input: ResumeInput): Promise<MoveOutcome<ActivateAnswer>>;
  changeOffering(key: MoveKey, input: ChangeOfferingInput): Promise<MoveOutcome<ActivateAnswer>>;
  /** Makes an ordered product that waits for the network and holds its numbers. */
  prepare(key: MoveKey, input: PrepareInput): Promise<MoveOutcome<ActivateAnswer>>;
  /** Begins a prepared product now. */
  begin(key: MoveKey, input: BeginInput): Promise<MoveOutcome<ActivateAnswer>>;
  /** Brings what a period's fees are credited to a percent of them, as SLA_CREDIT charges. */
  creditFee(key: MoveKey, input: FeeCreditInput): Promise<MoveOutcome<ActivateAnswer>>;
  /** Gives a prepared product up. */
  giveUp(key: MoveKey, input: { readonly productId: bigint; readonly state: 'CANCELLED' | 'ABORTED' }): Promise<MoveOutcome<ActivateAnswer>>;
}
