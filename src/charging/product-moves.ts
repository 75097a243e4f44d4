import type { Pool } from 'pg';
import { SetupLoader } from '../guiding';
import { RootRef } from '../platform/root';
import {
  ActivateAnswer, BeginInput, ChangeOfferingInput, FeeCreditInput, MoveError, MoveKey, MoveOutcome, PrepareInput, ProductMovesApi, ResumeInput, SuspendInput,
} from './charging.api';
import { decideChangeOffering } from './decide/change-offering';
import { feesOfPeriodRead, feesRead } from './decide/credit';
import { decideFeeCredit } from './decide/fee-credit';
import { Move, MoveDecision, ReadRows } from './decide/move';
import { decideBegin, decideGiveUp, decidePrepare } from './decide/prepare';
import { bundleRefusal, moveError } from './decide/refusals';
import { decideResume, decideSuspend } from './decide/suspend';
import { decideWithdrawEnd } from './decide/withdraw-end';
import { RootFinder, soldOffering } from './read/lookups';
import { RootState } from './work/root-state';
import { Work } from './work/work';

type Outcome = Promise<MoveOutcome<ActivateAnswer>>;

/** What the conductor does for these moves. */
export interface MoveRunner {
  readonly pool: Pool;
  readonly loader: SetupLoader;
  readonly roots: RootFinder;
  run(operation: string, key: MoveKey, body: unknown, root: RootRef, reads: Move['reads'], decide: (work: Work, root: RootState, rows: ReadRows) => MoveDecision): Outcome;
  withIdentifiers(key: MoveKey, path: readonly string[], work: () => Outcome): Outcome;
  refuse(key: MoveKey, error: MoveError): Outcome;
}

/** What a move reads of its product. */
type ReadsOf<I> = (root: RootRef, input: I) => Move['reads'];

/** Moves that give the unused rest of the running period's fees back. */
const newestFees: ReadsOf<{ readonly productId: bigint }> = (root, { productId }) => [feesRead(root.shard, root.rootId, productId)];
const feesOfPeriod: ReadsOf<FeeCreditInput> = (root, { productId, periodStart, periodEnd }) =>
  [feesOfPeriodRead(root.shard, root.rootId, productId, periodStart, periodEnd)];

/** Moves of products beyond their beginning and end: each a batch item like every other, once for its key. */
export class ProductMoves implements ProductMovesApi {
  constructor(private readonly runner: MoveRunner) {}

  withdrawEnd(key: MoveKey, input: { readonly productId: bigint }): Outcome {
    return this.runner.withIdentifiers(key, ['productId'], () => this.ofProduct('WITHDRAW_END', key, input, decideWithdrawEnd));
  }

  suspend(key: MoveKey, input: SuspendInput): Outcome {
    return this.ofProduct('SUSPEND', key, input, decideSuspend, newestFees);
  }

  resume(key: MoveKey, input: ResumeInput): Outcome {
    return this.ofProduct('RESUME', key, input, decideResume);
  }

  async changeOffering(key: MoveKey, input: ChangeOfferingInput): Outcome {
    const { pool, loader } = this.runner;
    const sold = input.offeringVersionId === undefined
      ? await soldOffering(pool, key.tenantId, input.offeringCode) : { id: input.offeringVersionId, version: input.offeringVersion, isBundle: false };
    if (!sold) return this.runner.refuse(key, moveError('OFFERING_NOT_SOLD', 'No launched version of this offering is valid now.', ['offeringCode']));
    // An order counted what the bundle is made of; this move alone does not.
    if (sold.isBundle) return this.runner.refuse(key, bundleRefusal());
    if (input.offeringVersion !== null && input.offeringVersion !== sold.version) {
      return this.runner.refuse(key, moveError('OFFERING_NOT_SOLD', `Version ${sold.version} is the one sold now.`, ['offeringVersion']));
    }
    const terms = (await loader.termsOf([sold.id])).get(sold.id);
    if (terms?.tenantId !== key.tenantId) return this.unfound(key, 'offeringCode');
    return this.ofProduct('CHANGE_OFFERING', key, input, (work, root, _, rows) => decideChangeOffering(work, root, { input, terms }, rows), newestFees);
  }

  async prepare(key: MoveKey, input: PrepareInput): Outcome {
    const { roots, loader } = this.runner;
    const root = await roots.ofAccount(key.tenantId, input.accountId);
    const terms = (await loader.termsOf([input.offeringVersionId])).get(input.offeringVersionId);
    if (!root || terms?.tenantId !== key.tenantId) return this.unfound(key, 'accountId');
    const activation = { input: { ...input, offeringCode: terms.code, startedAt: null }, terms, productId: input.productId };
    return this.runner.withIdentifiers(key, ['identifiers'], () =>
      this.runner.run('PREPARE', key, input, root, [], (work, state) => decidePrepare(work, state, loader, activation, input.purchaseOrder)));
  }

  begin(key: MoveKey, input: BeginInput): Outcome {
    return this.runner.withIdentifiers(key, ['devices'], () =>
      this.ofProduct('BEGIN', key, input, (work, root) => decideBegin(work, root, this.runner.loader, input)));
  }

  giveUp(key: MoveKey, input: { readonly productId: bigint; readonly state: 'CANCELLED' | 'ABORTED' }): Outcome {
    return this.ofProduct('GIVE_UP', key, input, decideGiveUp);
  }

  creditFee(key: MoveKey, input: FeeCreditInput): Outcome {
    return this.ofProduct('CREDIT_FEE', key, input, decideFeeCredit, feesOfPeriod);
  }

  /** A move of one product, under the lock of its root. */
  private async ofProduct<I extends { readonly productId: bigint }>(
    operation: string, key: MoveKey, input: I, decide: (work: Work, root: RootState, input: I, rows: ReadRows) => MoveDecision,
    readsOf: ReadsOf<I> = () => [],
  ): Outcome {
    const root = await this.runner.roots.ofProduct(key.tenantId, input.productId);
    if (!root) return this.unfound(key, 'productId');
    return this.runner.run(operation, key, input, root, readsOf(root, input), (work, state, rows) => decide(work, state, input, rows));
  }

  private unfound(key: MoveKey, path: string): Outcome {
    return this.runner.refuse(key, moveError('NOT_FOUND', 'No such object.', [path]));
  }
}
