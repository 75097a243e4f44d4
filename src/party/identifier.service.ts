import { DataSource, LessThan } from 'typeorm';
import { refuse } from '../platform/errors';
import { raiseSetupVersion, shardOfId } from '../platform/root';
import { DAY_MS } from '../platform/time';
import type { IdentifierKind } from '../usage/usage.types';
import { Actor, businessNow, Change, changeAudited } from '../tenant';
import { lockAccount, lockOpenAccount } from './account.store';
import type { BillingAccountEntity } from './billing-account.entity';
import { IdentifierEntity } from './identifier.entity';
import { checkedIdentifier } from './identifier.rules';
import { refusingTaken } from './party.constraints';

export interface NewIdentifier {
  readonly accountId: bigint;
  readonly kind: IdentifierKind;
  readonly value: string;
  /** Start of the ownership; now where absent. May lie in the past, for what is taken over from another system. */
  readonly validFrom?: Date | null;
  /** The product of the account that the identifier's usage belongs to; every product of the account where absent. */
  readonly productId?: bigint | null;
}

export interface IdentifierEnd {
  readonly accountId: bigint;
  readonly kind: IdentifierKind;
  readonly value: string;
  /** First instant at which the account no longer owns it; now where absent. */
  readonly validUntil?: Date | null;
}

const OBJECT_TYPE = 'BillingAccount';
const EARLIEST = Date.UTC(1970, 0, 1);
const FURTHEST_MS = 3_660 * DAY_MS;

/** Assigns numbers and other keys of usage to accounts, for a time. Audit rows name the account, never the value. */
export class IdentifierService {
  constructor(private readonly data: DataSource) {}

  /** Gives an identifier to an account from an instant on. @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT, ALREADY_EXISTS */
  assign(actor: Actor, input: NewIdentifier): Promise<IdentifierEntity> {
    const value = checkedIdentifier(input.kind, input.value, ['value']);
    return this.changeAccount(actor, 'identifierAssign', input, async (change) => {
      const account = await lockOpenAccount(change, actor.tenantId, input.accountId, ['billingAccountId']);
      const now = await businessNow(change.client, actor.tenantId);
      const validFrom = checkedInstant(input.validFrom ?? now, now, ['validFrom']);
      if (input.productId) await requireProduct(change, account, input.productId);
      const { shard, rootId, id: accountId, tenantId } = account;
      const key = { tenantId, kind: input.kind, value, validFrom };
      await refusingTaken(change.manager.insert(IdentifierEntity, { ...key, shard, rootId, accountId, productId: input.productId ?? null }));
      return change.manager.findOneByOrFail(IdentifierEntity, key);
    });
  }

  /** Ends the ownership that lasts beyond an instant. @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT */
  release(actor: Actor, input: IdentifierEnd): Promise<IdentifierEntity> {
    const value = checkedIdentifier(input.kind, input.value, ['value']);
    return this.changeAccount(actor, 'identifierRelease', input, async (change) => {
      const account = await lockAccount(change, actor.tenantId, input.accountId, ['billingAccountId']);
      const now = await businessNow(change.client, actor.tenantId);
      const until = checkedInstant(input.validUntil ?? now, now, ['validUntil']);
      return await endOwnership(change, account, input.kind, value, until)
        ?? refuse('NOT_FOUND', 'The account does not own this identifier at that time.', ['value']);
    });
  }

  private changeAccount(
    actor: Actor, operation: string, input: { readonly accountId: bigint }, work: (change: Change) => Promise<IdentifierEntity>,
  ): Promise<IdentifierEntity> {
    const object = { type: OBJECT_TYPE, id: input.accountId.toString() };
    return changeAudited(this.data, actor, operation, object, async (change) => {
      const identifier = await work(change);
      await raiseSetupVersion(change.client, identifier);
      return { result: identifier, audit: { objectType: object.type, objectId: object.id, after: factsOf(identifier) } };
    });
  }
}

/** Ownership never overlaps, so at most one row lasts beyond the instant. Null where none does. */
async function endOwnership(
  change: Change, account: BillingAccountEntity, kind: IdentifierKind, value: string, until: Date,
): Promise<IdentifierEntity | null> {
  const ended = await change.manager.createQueryBuilder().update(IdentifierEntity).set({ validUntil: until })
    .where({ tenantId: account.tenantId, kind, value, accountId: account.id, validFrom: LessThan(until) })
    .andWhere('(valid_until is null or valid_until > :until)', { until })
    .execute();
  if (!ended.affected) return null;
  return change.manager.findOneByOrFail(IdentifierEntity, { tenantId: account.tenantId, kind, value, accountId: account.id, validUntil: until });
}

function checkedInstant(instant: Date, now: Date, path: readonly string[]): Date {
  const isInRange = instant.getTime() >= EARLIEST && instant.getTime() <= now.getTime() + FURTHEST_MS;
  return isInRange ? instant : refuse('INVALID_INPUT', 'The instant lies between 1970 and ten years from now.', path);
}

/** Products are another room's; only that the account has it is asked, in the account's own shard. */
async function requireProduct(change: Change, account: BillingAccountEntity, productId: bigint): Promise<void> {
  const { rows } = await change.client.query(
    `select 1 from product where shard = $1 and id = $2 and account_id = $3
        and state not in ('TERMINATED', 'CANCELLED', 'ABORTED')`,
    [shardOfId(productId), productId.toString(), account.id.toString()]);
  if (rows.length === 0) refuse('NOT_FOUND', 'The account has no such product.', ['productId']);
}

const factsOf = (identifier: IdentifierEntity): Record<string, string | null> => ({
  kind: identifier.kind, productId: identifier.productId?.toString() ?? null,
  validFrom: identifier.validFrom.toISOString(), validUntil: identifier.validUntil?.toISOString() ?? null,
});
