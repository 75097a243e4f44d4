import type { OfferingDraft } from '../src/catalog';
import type { ActivateAnswer, ActivateInput, MoveKey, MoveOutcome, TopUpInput } from '../src/charging/charging.api';
import type { NewAccount } from '../src/party/account.service';
import { shardOfId } from '../src/platform/root';
import { DAY_MS } from '../src/platform/time';
import { SeedContext, SEED_CALLER, seedActor, SeedFailed } from './context';

/** Puts an offering on sale from an instant on, unless a version of it was launched before. */
export async function ensureOffering(context: SeedContext, tenantId: number, draft: OfferingDraft, validFrom: string): Promise<void> {
  const { rows } = await context.pool.query(
    `select from product_offering o join product_offering_version v on v.offering_id = o.id
      where o.tenant_id = $1 and o.code = $2 and v.valid_from is not null limit 1`, [tenantId, draft.code]);
  if (rows.length > 0) return;
  const { version } = await context.services.catalog.draft(seedActor(tenantId), draft);
  await context.services.catalog.launch(seedActor(tenantId), { code: draft.code, version, validFrom: new Date(validFrom) });
}

export interface PersonSeed {
  /** External id of the customer, by which a later run finds it. */
  readonly externalId: string;
  readonly givenName: string;
  readonly familyName: string;
}

/** The customer of a person. A person whose customer is missing is made anew: a half-made one has no money and no products. */
export async function ensureCustomer(context: SeedContext, tenantId: number, person: PersonSeed): Promise<bigint> {
  const { rows } = await context.pool.query<{ id: string }>(
    'select id::text from customer where tenant_id = $1 and external_id = $2', [tenantId, person.externalId]);
  if (rows[0]) return BigInt(rows[0].id);
  const { parties } = context.services;
  const party = await parties.individualCreate(seedActor(tenantId), person);
  const customer = await parties.customerCreate(seedActor(tenantId), {
    partyId: BigInt(party.id), externalId: person.externalId, segment: 'CONSUMER',
  });
  return BigInt(customer.id);
}

/** The organization of that trading name. */
export async function ensureOrganization(context: SeedContext, tenantId: number, tradingName: string): Promise<void> {
  const { rows } = await context.pool.query(
    'select from party where tenant_id = $1 and trading_name = $2', [tenantId, tradingName]);
  if (rows.length === 0) await context.services.parties.organizationCreate(seedActor(tenantId), { tradingName });
}

/** The customer's account of that name. */
export async function ensureAccount(context: SeedContext, tenantId: number, account: NewAccount): Promise<bigint> {
  const { rows } = await context.pool.query<{ id: string }>(
    'select id::text from billing_account where tenant_id = $1 and customer_id = $2 and name = $3',
    [tenantId, account.customerId.toString(), account.name]);
  if (rows[0]) return BigInt(rows[0].id);
  return (await context.services.accounts.create(seedActor(tenantId), account)).id;
}

/**
 * One day before the account was opened, epoch ms: where a product without periods starts, so that the first usage tried
 * by hand may have begun a few minutes ago. Read from the row, because a repeated activation must say the same.
 */
export async function dayBeforeOpening(context: SeedContext, accountId: bigint): Promise<number> {
  const { rows } = await context.pool.query<{ opened: Date }>(
    'select created_at as opened from billing_account where shard = $1 and id = $2', [shardOfId(accountId), accountId.toString()]);
  if (!rows[0]) throw new SeedFailed(`Account ${accountId} is not there.`);
  return rows[0].opened.getTime() - DAY_MS;
}

/** The root of the sharing group that the account owns. */
export async function ensureSharingGroup(context: SeedContext, tenantId: number, ownerAccountId: bigint, name: string): Promise<bigint> {
  const { rows } = await context.pool.query<{ root_id: string }>(
    'select root_id::text from sharing_group where tenant_id = $1 and root_id = $2', [tenantId, ownerAccountId.toString()]);
  if (rows[0]) return BigInt(rows[0].root_id);
  return (await context.services.sharingGroups.create(seedActor(tenantId), { ownerAccountId, name })).rootId;
}

const keyOf = (tenantId: number, step: string): MoveKey => ({ tenantId, caller: SEED_CALLER, key: `seed:${step}` });

/** Activates a product once; a later run gets the first answer again. Returns the product's id. */
export async function activateOnce(context: SeedContext, tenantId: number, step: string, input: ActivateInput): Promise<bigint> {
  const answer: ActivateAnswer = answerOf(step, await context.services.charging.activate(keyOf(tenantId, step), input));
  return BigInt(answer.productId);
}

/** Tops an account up once. */
export async function topUpOnce(context: SeedContext, tenantId: number, step: string, input: TopUpInput): Promise<void> {
  answerOf(step, await context.services.charging.topUp(keyOf(tenantId, step), input));
}

function answerOf<A>(step: string, outcome: MoveOutcome<A>): A {
  if (outcome.ok) return outcome.answer;
  throw new SeedFailed(`${step}: ${outcome.errors.map(({ code, message }) => `${code} ${message}`).join(' ')}`);
}
