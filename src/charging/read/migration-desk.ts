import type { Pool } from 'pg';
import { SetupLoader } from '../../guiding';
import { Statement } from '../../platform/db';
import { RootRef } from '../../platform/root';
import { MigrateAnswer, MigratedProduct, MigrateInput, MoveError, MoveKey, MoveOutcome } from '../charging.api';
import { newProduct } from '../decide/activate';
import { decideMigrate } from '../decide/migrate';
import { MigrationFacts } from '../decide/migrate-parts';
import { moveError } from '../decide/refusals';
import { SPEND_KEY } from '../decide/spend';
import { selectRequests, StoredRequest } from '../sql/batch.sql';
import { hashOf } from '../work/body-hash';
import { RootState } from '../work/root-state';
import { BalanceReader } from './balance-reader';
import { findOffering, findPrice, isTaken, nextProductId, rootsOfAccounts } from './lookups';

/** The counters to which a row may add, read under the lock. */
export function migrationReads(root: RootRef, input: MigrateInput, { priceId }: MigrationFacts): readonly Statement[] {
  if (input.kind !== 'COUNTER' && input.kind !== 'SPEND') return [];
  return [{
    name: 'migration-counters',
    text: `select c.shard, c.root_id, c.owner_id, c.key, floor(extract(epoch from c.period_start) * 1000)::float8 as period_start,
                  c.tenant_id, c.amount, c.quantity, c.events from counter c where c.shard = $1 and c.root_id = $2 and c.key = $3`,
    values: [root.shard, root.rootId.toString(), input.kind === 'SPEND' ? SPEND_KEY : `price:${priceId}`],
  }];
}

/** What the bringing of balances from another system asks for beside the lanes, and its dry run, which writes nothing. */
export class MigrationDesk {
  constructor(private readonly pool: Pool, private readonly loader: SetupLoader, private readonly reader: BalanceReader) {}

  async factsOf(tenantId: number, root: RootRef, input: MigrateInput): Promise<MigrationFacts> {
    const { loader } = this;
    if (input.kind === 'COUNTER') return { loader, terms: null, productId: null, priceId: await findPrice(this.pool, tenantId, input.product.offering, input.price) };
    if (input.kind !== 'PRODUCT') return { loader, terms: null, productId: null, priceId: null };
    return { loader, terms: await this.termsOf(tenantId, input.offering), productId: await nextProductId(this.pool, root.shard), priceId: null };
  }

  /** The decision on a state in memory that is thrown away. */
  async judge(key: MoveKey, input: MigrateInput, planned: boolean): Promise<MoveOutcome<MigrateAnswer>> {
    const [root] = await rootsOfAccounts(this.pool, key.tenantId, [input.accountId]);
    if (!root) return no(moveError('NOT_FOUND', 'No such account.', ['accountId']));
    const stored = await this.storedAnswer(key, root, hashOf(input));
    if (stored) return stored;
    if (input.kind === 'PRODUCT' && await isTaken(this.pool, key.tenantId, input.identifiers, input.startedAt)) {
      return no(moveError('ALREADY_EXISTS', 'An identifier belongs to somebody at that time.', ['identifiers']));
    }
    const { roots, work } = await this.reader.states(key.tenantId, [root]);
    const state = roots.get(root.rootId);
    if (!state) return no(moveError('NOT_FOUND', 'No such account.', ['accountId']));
    const facts = await this.dryFactsOf(key.tenantId, input);
    if (planned && 'product' in input) await this.plan(key.tenantId, state, input);
    const judged = planned && 'product' in input ? { ...input, product: { ...input.product, line: null } } : input;
    const decision = decideMigrate(work, state, judged, facts, []);
    return decision.kind === 'DONE' ? { ok: true, answer: decision.answer as MigrateAnswer, replayed: false } : { ok: false, errors: decision.errors };
  }

  private async storedAnswer(key: MoveKey, root: RootRef, bodyHash: Buffer): Promise<MoveOutcome<MigrateAnswer> | null> {
    const { text, values } = selectRequests([{ ...root, tenantId: key.tenantId, operation: 'MIGRATE', caller: key.caller, key: key.key }]);
    const { rows: [stored] } = await this.pool.query<StoredRequest>(text, [...values]);
    if (!stored) return null;
    if (!stored.body_hash.equals(bodyHash)) return no(moveError('IDEMPOTENCY_KEY_REUSED', undefined, ['key']));
    return { ok: true, answer: (stored.answer as { answer: MigrateAnswer }).answer, replayed: true };
  }

  /** As for the real run, but for the product's id: a dry run takes none from the sequence. */
  private async dryFactsOf(tenantId: number, input: MigrateInput): Promise<MigrationFacts> {
    if (input.kind !== 'PRODUCT') return this.factsOf(tenantId, { shard: 0, rootId: 0n }, input);
    return { loader: this.loader, terms: await this.termsOf(tenantId, input.offering), productId: 0n, priceId: null };
  }

  /** Stands in for the product that an earlier row of the same run is going to bring. */
  private async plan(tenantId: number, state: RootState, input: { readonly accountId: bigint; readonly product: MigratedProduct }): Promise<void> {
    const terms = await this.termsOf(tenantId, input.product.offering);
    if (!terms) return;
    const product = newProduct(this.loader, { input: { accountId: input.accountId, attachedTo: null, identifiers: [] }, terms, productId: 0n }, 0);
    state.products.clear();
    state.addProduct(product);
  }

  private async termsOf(tenantId: number, offering: string): Promise<MigrationFacts['terms']> {
    const versionId = await findOffering(this.pool, tenantId, offering);
    return versionId === null ? null : (await this.loader.termsOf([versionId])).get(versionId) ?? null;
  }
}

const no = (error: MoveError): MoveOutcome<MigrateAnswer> => ({ ok: false, errors: [error] });
