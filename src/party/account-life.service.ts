import type { DataSource } from 'typeorm';
import { refuse } from '../platform/errors';
import { raiseSetupVersion } from '../platform/root';
import { checkedReason } from '../platform/text';
import { Actor, businessNow, Change, changeAudited } from '../tenant';
import { lockOpenAccount, moveAccount } from './account.store';
import type { AccountState, BillingAccountEntity } from './billing-account.entity';

export interface AccountStep {
  readonly accountId: bigint;
  readonly expectedVersion: number;
  readonly to: AccountState;
  readonly reason: string;
}

const OPERATIONS: Readonly<Record<AccountState, string>> = {
  ACTIVE: 'billingAccountResume', SUSPENDED: 'billingAccountSuspend', CLOSED: 'billingAccountClose',
};

/** The steps of an account's life (TMF666): active and suspended either way, closed from both and for good. */
const FROM: Readonly<Record<AccountState, readonly AccountState[]>> = {
  ACTIVE: ['SUSPENDED'], SUSPENDED: ['ACTIVE'], CLOSED: ['ACTIVE', 'SUSPENDED'],
};

/** Moves billing accounts through their life, each step with its reason and under its root's lock. */
export class AccountLifeService {
  constructor(private readonly data: DataSource) {}

  /** @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT (another version or state, or something stands against closing) */
  step(actor: Actor, { accountId, expectedVersion, to, reason: given }: AccountStep): Promise<BillingAccountEntity> {
    const reason = checkedReason(given);
    const object = { type: 'BillingAccount', id: accountId.toString() };
    return changeAudited(this.data, actor, OPERATIONS[to], object, async (change) => {
      const before = await lockOpenAccount(change, actor.tenantId, accountId, ['billingAccountId']);
      if (before.version !== expectedVersion) refuse('CONFLICT', `The account has version ${before.version}; read it again.`, ['expectedVersion']);
      if (!FROM[to].includes(before.state)) refuse('CONFLICT', `The account is ${before.state}.`, ['billingAccountId']);
      if (to === 'CLOSED') await clear(change, before);
      const after = await moveAccount(change, before, to);
      await raiseSetupVersion(change.client, after);
      const audit = { objectType: object.type, objectId: object.id, before: { state: before.state }, after: { state: after.state }, reason };
      return { result: after, audit };
    });
  }
}

interface Obstacles { readonly products: boolean; readonly money: boolean; readonly members: boolean; readonly children: boolean }

/** What stands against closing an account: $1 shard, $2 account, $3 business time, $4 root. */
const SELECT_OBSTACLES = `
select exists (select from product p where p.shard = $1 and p.account_id = $2 and p.state not in ('TERMINATED', 'CANCELLED', 'ABORTED')
                  and (p.ended_at is null or p.ended_at > $3)) as products,
       exists (select from bucket b where b.shard = $1 and b.root_id = $4 and b.account_id = $2 and b.kind <> 'UNIT' and b.value <> 0) as money,
       exists (select from billing_account a where a.shard = $1 and a.root_id = $4 and a.id <> $2 and a.state <> 'CLOSED'
                  and (a.payer_id = $2 or a.root_id = $2)) as members,
       exists (select from billing_account a where a.parent_id = $2 and a.state <> 'CLOSED') as children`;

const SENTENCES: readonly (readonly [keyof Obstacles, string])[] = [
  ['products', 'The account has products that have not ended.'],
  ['money', 'The account holds money or owes some.'],
  ['members', 'The account pays for, or shares with, accounts that are open.'],
  ['children', 'Accounts below it are open.'],
];

/** Sees to it that nothing is left on the account, and frees its numbers. */
async function clear({ client }: Change, { tenantId, shard, id, rootId }: BillingAccountEntity): Promise<void> {
  const now = await businessNow(client, tenantId);
  const { rows } = await client.query<Obstacles>(SELECT_OBSTACLES, [shard, id.toString(), now, rootId.toString()]);
  const obstacle = SENTENCES.find(([name]) => rows[0]![name]);
  if (obstacle) refuse('CONFLICT', obstacle[1], ['billingAccountId']);
  await client.query(`
    update identifier set valid_until = greatest($4::timestamptz, (valid_from at time zone 'UTC' + interval '1 millisecond') at time zone 'UTC')
     where shard = $1 and root_id = $2 and account_id = $3 and (valid_until is null or valid_until > $4)`,
  [shard, rootId.toString(), id.toString(), now]);
}
