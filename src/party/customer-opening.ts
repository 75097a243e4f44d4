import type { AuditEntry } from '../audit';
import { bigints, ints, texts } from '../platform/db';
import { shardedId, shardOfNumber } from '../platform/root';
import { Actor, businessNow, Change } from '../tenant';
import { CheckedTerms, checkedTerms, factsOf, NewAccount } from './account.service';
import type { AccountOpening } from './account-opening';
import { requireAgentLimit } from './agent-limit';
import type { BillingAccountEntity } from './billing-account.entity';
import type { Segment } from './customer.entity';
import { refusingTaken } from './party.constraints';
import type { PartyKind } from './party.entity';
import { checkedExternalId, checkedName } from './text.rules';

/** A customer with the one account that is opened for it, which is its own root and payer. */
export interface CustomerToOpen {
  readonly kind: PartyKind;
  /** Family name of an individual, trading name of an organization. */
  readonly name: string;
  readonly externalId: string;
  readonly segment: Segment;
  readonly account: Pick<NewAccount, 'name' | 'currency' | 'timeZone' | 'billCycleDay' | 'paymentMode' | 'creditLimit'>;
}

/** A customer whose texts and terms are checked, as they will be stored. */
export interface CheckedCustomer extends Omit<CustomerToOpen, 'account'> {
  readonly terms: CheckedTerms;
}

/** What was opened for one customer. */
export interface OpenedCustomer {
  readonly externalId: string;
  readonly customerId: bigint;
  readonly account: { readonly shard: number; readonly rootId: bigint; readonly id: bigint };
}

/** @throws Refusal INVALID_INPUT, CURRENCY_MISMATCH with the path of the first fault. */
export function checkedCustomer({ account, ...customer }: CustomerToOpen): CheckedCustomer {
  return {
    ...customer, name: checkedName(customer.name, ['name']), externalId: checkedExternalId(customer.externalId, ['externalId']),
    terms: checkedTerms(account),
  };
}

const INSERT_PARTIES = `
  insert into party (tenant_id, kind, family_name, trading_name)
  select $1, x.kind, case when x.kind = 'INDIVIDUAL' then x.name end, case when x.kind = 'ORGANIZATION' then x.name end
    from unnest($2::text[], $3::text[]) with ordinality x(kind, name, ordinal) order by x.ordinal returning id::text`;
const INSERT_CUSTOMERS = `
  insert into customer (tenant_id, party_id, external_id, segment)
  select $1, * from unnest($2::bigint[], $3::text[], $4::text[]) returning id::text, external_id`;
const INSERT_ACCOUNTS = `
  insert into billing_account (shard, root_id, id, tenant_id, customer_id, payer_id, name, currency, time_zone, bill_cycle_day, payment_mode,
    credit_limit_kind, credit_limit)
  select x.shard, x.id, x.id, $1, x.customer_id, x.id, x.name, x.currency, x.time_zone, x.day, x.mode, x.limit_kind, x.credit_limit
    from unnest($2::smallint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[], $10::text[], $11::bigint[])
         x(shard, id, customer_id, name, currency, time_zone, day, mode, limit_kind, credit_limit)`;

/** Opens many customers with their accounts, a statement a table: what one customer after the other would have made, audit rows included. */
export class CustomerOpening {
  constructor(private readonly opening: AccountOpening) {}

  /**
   * In the caller's transaction, all or none; the audit entries are for the caller to append, last.
   * @throws Refusal ALREADY_EXISTS (an external id is taken), LIMIT_EXCEEDED
   */
  async open(change: Change, actor: Actor, customers: readonly CheckedCustomer[]): Promise<{ readonly opened: OpenedCustomer[]; readonly audit: AuditEntry[] }> {
    if (customers.length === 0) return { opened: [], audit: [] };
    for (const { terms } of customers) await requireAgentLimit(change, actor, terms.limit, terms.row.currency);
    const partyIds = await this.parties(change, actor.tenantId, customers);
    const { rows } = await refusingTaken(change.client.query<{ id: string; external_id: string }>(INSERT_CUSTOMERS, [actor.tenantId,
      bigints(partyIds, (id) => id), texts(customers, ({ externalId }) => externalId), texts(customers, ({ segment }) => segment)]));
    const ids = new Map(rows.map((row) => [row.external_id, BigInt(row.id)]));
    const accounts = await this.accounts(change, actor.tenantId, customers, customers.map(({ externalId }) => ids.get(externalId)!));
    const opened = accounts.map(({ shard, rootId, id, customerId }, index): OpenedCustomer => (
      { externalId: customers[index]!.externalId, customerId, account: { shard, rootId, id } }));
    return { opened, audit: opened.flatMap((one, index) => entriesOf(actor, customers[index]!, partyIds[index]!, one, accounts[index]!)) };
  }

  /** Ids are given in the order of the rows, which need not be that in which they come back. */
  private async parties({ client }: Change, tenantId: number, customers: readonly CheckedCustomer[]): Promise<bigint[]> {
    const { rows } = await client.query<{ id: string }>(INSERT_PARTIES, [tenantId, texts(customers, ({ kind }) => kind), texts(customers, ({ name }) => name)]);
    return rows.map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? -1 : 1));
  }

  private async accounts({ client }: Change, tenantId: number, customers: readonly CheckedCustomer[], customerIds: readonly bigint[]): Promise<BillingAccountEntity[]> {
    const { rows } = await client.query<{ number: string }>(`select nextval('account_number')::text as number from generate_series(1, $1::int)`, [customers.length]);
    const at = await businessNow(client, tenantId);
    const accounts = customers.map(({ terms }, index) => {
      const number = BigInt(rows[index]!.number);
      const shard = shardOfNumber(number);
      const id = shardedId(number, shard);
      return { ...terms.row, shard, rootId: id, id, payerId: id, tenantId, customerId: customerIds[index]!, parentId: null, state: 'ACTIVE' as const, version: 1, createdAt: at };
    });
    await client.query(INSERT_ACCOUNTS, [tenantId, ints(accounts, (a) => a.shard), bigints(accounts, (a) => a.id), bigints(accounts, (a) => a.customerId),
      texts(accounts, (a) => a.name), texts(accounts, (a) => a.currency), texts(accounts, (a) => a.timeZone), ints(accounts, (a) => a.billCycleDay),
      texts(accounts, (a) => a.paymentMode), texts(accounts, (a) => a.creditLimitKind), bigints(accounts, (a) => a.creditLimit)]);
    await this.opening.openRoots(client, accounts.map((account, index) => ({
      tenantId, shard: account.shard, rootId: account.id, accountId: account.id, payerId: account.id, currency: account.currency, timeZone: account.timeZone,
      paymentMode: account.paymentMode, creditLimit: customers[index]!.terms.limit, at: at.getTime(),
    })));
    return accounts;
  }
}

function entriesOf(actor: Actor, { kind }: CheckedCustomer, partyId: bigint, { customerId }: OpenedCustomer, account: BillingAccountEntity): AuditEntry[] {
  const entry = { tenantId: actor.tenantId, actor: actor.subject, role: actor.role, requestId: actor.requestId, result: 'DONE' as const };
  return [
    { ...entry, operation: kind === 'INDIVIDUAL' ? 'individualCreate' : 'organizationCreate', objectType: 'Party', objectId: partyId.toString(), after: { partyKind: kind } },
    { ...entry, operation: 'customerCreate', objectType: 'Customer', objectId: customerId.toString(), after: { partyId: partyId.toString() } },
    { ...entry, operation: 'billingAccountCreate', objectType: 'BillingAccount', objectId: account.id.toString(), after: factsOf(account) },
  ];
}
