import type { Pool } from 'pg';
import { SetupCache } from '../guiding';
import { RootRef, rootKey, shardOfId } from '../platform/root';
import { UsageEvent } from '../usage/usage.types';
import type { BatchStep } from './batch-step';
import { countUsages } from './charging.metrics';
import {
  AccountBalanceView, ActivateAnswer, ActivateInput, AdjustInput, ChargeUsageOptions, ChargingApi, MigrateAnswer, MigrateInput, MoveAnswer,
  MoveKey, MoveOutcome, RefundInput, TopUpInput, TransferInput, UsageResult,
} from './charging.api';
import { decideActivate } from './decide/activate';
import { decideAdjust } from './decide/adjust';
import { Move, MoveDecision, refused } from './decide/move';
import { bundleRefusal, moveError } from './decide/refusals';
import { decideMigrate } from './decide/migrate';
import { decideRefund, refundReads } from './decide/refund';
import { decideSettle } from './decide/settle';
import { decideTerminate } from './decide/terminate';
import { decideTopUp, fundingRead, voucherHash } from './decide/top-up';
import { decideTransfer, sentToday } from './decide/transfer';
import { MoveItem } from './lane/item';
import type { LaneDeps } from './lane/lane';
import { Lanes } from './lane/lanes';
import { OutsideRefusals } from './outside-refusals';
import { ProductMoves } from './product-moves';
import { BalanceReader } from './read/balance-reader';
import { MigrationDesk, migrationReads } from './read/migration-desk';
import { nextProductId, RootFinder, rootsOfAccounts, soldOffering } from './read/lookups';
import { UsageIntake } from './usage-intake';
import type { SettleMove } from './settle.types';
import { FactsCache } from './work/facts';
import { hashOf } from './work/body-hash';
import { Work } from './work/work';

export interface ConductorOptions {
  /** Hot connections: pipelined, generic plans. At least lanes + 1. */
  readonly hotPool: Pool;
  /** Cold reads. */
  readonly pool: Pool;
  /** A pool whose session user may end the product's back ends. */
  readonly killPool: Pool;
  readonly lanes: number;
  readonly batchMax: number;
  readonly queueMax: number;
  readonly deadlineMs: number;
  readonly cachedRoots: number;
  readonly committed: LaneDeps['committed'];
  readonly observe: LaneDeps['observe'];
  /** What other rooms add to a batch. */
  readonly steps?: readonly BatchStep[];
}

/**
 * The conductor: every change of a balance is a batch on the lane of its root's shard. The only room that knows the whole
 * run from usage to ledger.
 */
export class Conductor implements ChargingApi {
  readonly setups: SetupCache;
  readonly facts: FactsCache;
  private readonly lanes: Lanes;
  private readonly outside: OutsideRefusals;
  private readonly intake: UsageIntake;
  private readonly reader: BalanceReader;
  readonly products: ProductMoves;
  private readonly migrations: MigrationDesk;
  private readonly roots: RootFinder;

  constructor(private readonly options: ConductorOptions) {
    this.setups = new SetupCache(options.pool, { roots: options.cachedRoots, identifiers: options.cachedRoots * 2 });
    this.facts = new FactsCache(options.pool, this.setups.loader, options.steps);
    const deps: LaneDeps = {
      pool: options.hotPool, setups: this.setups, facts: this.facts, batchMax: options.batchMax, queueMax: options.queueMax,
      committed: options.committed, observe: options.observe,
      endBackend: async (processId) => {
        // Best effort: where the database itself is away its back ends are gone too.
        await options.killPool.query('select pg_terminate_backend($1::int)', [processId]).catch(() => undefined);
      },
    };
    this.outside = new OutsideRefusals(options.pool);
    this.lanes = new Lanes(options.lanes, deps);
    this.intake = new UsageIntake(options.pool, this.setups, (items) => this.lanes.enqueue(items), options.deadlineMs);
    this.reader = new BalanceReader(options.pool, this.setups, this.facts);
    this.roots = new RootFinder(options.pool);
    this.products = new ProductMoves({
      pool: options.pool, loader: this.setups.loader, roots: this.roots,
      run: (operation, key, body, root, reads, decide) => this.move<ActivateAnswer>(operation, key, body, [root], reads,
        (work, rows) => decide(work, work.root(root.rootId), rows)),
      withIdentifiers: (key, path, work) => this.outside.withIdentifiers(key, path, work),
      refuse: (key, error) => this.outside.refuse(key, error),
    });
    this.migrations = new MigrationDesk(options.pool, this.setups.loader, this.reader);
  }

  async chargeUsage(events: readonly UsageEvent[], options: ChargeUsageOptions): Promise<UsageResult[]> {
    const results = await this.intake.take(events, options);
    countUsages(results);
    return results;
  }

  async topUp(key: MoveKey, input: TopUpInput): Promise<MoveOutcome<MoveAnswer>> {
    const root = await this.rootOf(key.tenantId, input.accountId);
    if (!root) return this.outside.unfound(key, ['accountId']);
    const { funding } = input;
    // The stored hash must not hold a voucher's code, so the code enters it as the hash it is known by.
    const body = funding.kind === 'VOUCHER' ? { ...input, funding: voucherHash(funding.code).toString('hex') } : input;
    return this.move<MoveAnswer>('TOP_UP', key, body, [root], fundingRead(key.tenantId, funding),
      (work, rows) => decideTopUp(work, work.root(root.rootId), input, rows));
  }

  async adjust(key: MoveKey, input: AdjustInput): Promise<MoveOutcome<MoveAnswer>> {
    const root = await this.rootOf(key.tenantId, input.accountId);
    if (!root) return this.outside.unfound(key, ['accountId']);
    return this.move<MoveAnswer>('ADJUST', key, input, [root], [], (work) => decideAdjust(work, work.root(root.rootId), input));
  }

  async transfer(key: MoveKey, input: TransferInput): Promise<MoveOutcome<{ readonly from: MoveAnswer; readonly to: MoveAnswer }>> {
    const [from, to] = await rootsOfAccounts(this.options.pool, key.tenantId, [input.fromAccountId, input.toAccountId]);
    if (!from) return this.outside.unfound(key, ['fromAccountId']);
    // A receiver that is not there is judged like one that cannot receive: by the decision, after the sender's own side.
    return this.move('TRANSFER', key, input, to ? [from, to] : [from], [sentToday(from, key.tenantId)], (work, rows) =>
      decideTransfer(work, work.root(from.rootId), to ? work.root(to.rootId) : null, key, input, rows));
  }

  async activate(key: MoveKey, input: ActivateInput): Promise<MoveOutcome<ActivateAnswer>> {
    const root = await this.rootOf(key.tenantId, input.accountId);
    if (!root) return this.outside.unfound(key, ['accountId']);
    const sold = await soldOffering(this.options.pool, key.tenantId, input.offeringCode);
    if (sold?.isBundle) return this.outside.refuse(key, bundleRefusal());
    const terms = sold ? (await this.setups.loader.termsOf([sold.id])).get(sold.id) : undefined;
    if (!terms) return this.outside.refuse(key, moveError('OFFERING_NOT_SOLD', 'No launched version of this offering is valid now.', ['offeringCode']));
    const activation = { input, terms, productId: await nextProductId(this.options.pool, root.shard) };
    return this.outside.withIdentifiers(key, ['identifiers'], () => this.move<ActivateAnswer>('ACTIVATE', key, input, [root], [],
      (work) => decideActivate(work, work.root(root.rootId), this.setups.loader, activation)));
  }

  async terminate(key: MoveKey, input: { readonly productId: bigint; readonly at: number | null }): Promise<MoveOutcome<ActivateAnswer>> {
    const root = await this.roots.ofProduct(key.tenantId, input.productId);
    if (!root) return this.outside.unfound(key, ['productId']);
    return this.outside.withIdentifiers(key, ['at'], () => this.move<ActivateAnswer>('TERMINATE', key, input, [root], [],
      (work) => decideTerminate(work, work.root(root.rootId), input)));
  }

  async refund(key: MoveKey, input: RefundInput): Promise<MoveOutcome<MoveAnswer>> {
    const root: RootRef = { shard: shardOfId(input.rootId), rootId: input.rootId };
    await this.setups.ensure([root]);
    if (this.setups.get(root.rootId)?.tenantId !== key.tenantId) return this.outside.unfound(key, ['chargeId']);
    return this.move<MoveAnswer>('REFUND', key, input, [root], refundReads(root.shard, input),
      (work, rows) => decideRefund(work, work.root(root.rootId), input, rows));
  }

  async migrate(key: MoveKey, input: MigrateInput): Promise<MoveOutcome<MigrateAnswer>> {
    const root = await this.rootOf(key.tenantId, input.accountId);
    if (!root) return this.outside.unfound(key, ['accountId']);
    const facts = await this.migrations.factsOf(key.tenantId, root, input);
    return this.outside.withIdentifiers(key, ['identifiers'], () => this.move<MigrateAnswer>('MIGRATE', key, input, [root],
      migrationReads(root, input, facts), (work, rows) => decideMigrate(work, work.root(root.rootId), input, facts, rows)));
  }

  judgeMigration(...asked: Parameters<MigrationDesk['judge']>): Promise<MoveOutcome<MigrateAnswer>> {
    return this.migrations.judge(...asked);
  }

  async settle<A>(key: MoveKey, { operation, accountId, body, reads, decide }: SettleMove<A>): Promise<MoveOutcome<A>> {
    const root = await this.rootOf(key.tenantId, accountId);
    if (!root) return this.outside.unfound(key, ['accountId']);
    return this.move<A>(operation, key, body, [root], reads(root), (work, rows) => decideSettle(work, work.root(root.rootId), decide, rows), true);
  }

  async touch(tenantId: number, roots: readonly RootRef[]): Promise<void> {
    await this.setups.ensure(roots);
    await Promise.all(roots.map((root) => new Promise<void>((resolve, reject) => {
      this.lanes.enqueue([{ kind: 'TOUCH', tenantId, roots: [root], deadline: this.deadline(), passes: 0, inDoubt: false, resolve, reject }]);
    })));
  }

  balances(tenantId: number, accountIds: readonly bigint[]): Promise<(AccountBalanceView | null)[]> {
    return this.reader.read(tenantId, accountIds);
  }

  dueCharges(tenantId: number, accountId: bigint): ReturnType<ChargingApi['dueCharges']> {
    return this.reader.due(tenantId, accountId);
  }

  now(tenantId: number): Promise<number> {
    return this.reader.now(tenantId);
  }

  /** Waits until every lane has answered what it took in. */
  async drain(): Promise<void> {
    await this.lanes.drained();
  }

  /** Items waiting in all lanes. */
  get queued(): number {
    return this.lanes.length;
  }

  private rootOf(tenantId: number, accountId: bigint): Promise<RootRef | null> {
    return this.roots.ofAccount(tenantId, accountId);
  }

  private async move<A>(
    operation: string, key: MoveKey, body: unknown, roots: readonly RootRef[], reads: Move['reads'],
    decide: (work: Work, rows: Parameters<Move['decide']>[1]) => MoveDecision, readsOwnRoot = false,
  ): Promise<MoveOutcome<A>> {
    const distinct = [...new Map(roots.map((root) => [rootKey(root), root])).values()];
    await this.setups.ensure(distinct);
    const home = roots[0]!;
    const move: Move = {
      operation, key, home, roots: distinct, reads, readsOwnRoot, bodyHash: hashOf(body),
      decide: (work, rows) => (this.isWhole(work, distinct) ? decide(work, rows) : refused([moveError('NOT_FOUND')], false)),
    };
    return new Promise((resolve, reject) => {
      const item: MoveItem = {
        kind: 'MOVE', tenantId: key.tenantId, roots: distinct, deadline: this.deadline(), passes: 0, inDoubt: false, move,
        resolve: resolve as (outcome: MoveOutcome<unknown>) => void, reject,
      };
      this.lanes.enqueue([item]);
    });
  }

  private isWhole(work: Work, roots: readonly RootRef[]): boolean {
    return roots.every((root) => work.roots.has(root.rootId));
  }

  private deadline(): number {
    return performance.now() + this.options.deadlineMs;
  }
}
