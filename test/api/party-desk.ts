import { callerOf, PartyWorld } from './party-world';

export interface Refused {
  readonly errors: { readonly code: string; readonly path: string[] }[];
}
export interface AccountPayload extends Refused {
  readonly billingAccount: { readonly id: string; readonly version: number } | null;
}

export const crm = callerOf('CRM_AGENT');
export const otherCrm = callerOf('CRM_AGENT', 2);
export const finance = callerOf('FINANCE');

/** A credit limit in EUR. */
export const limit = (amount: string): Record<string, unknown> => ({ kind: 'AMOUNT', amount: { amount, currency: 'EUR' } });

/** The number inside an opaque id. */
export const keyOf = (id: string): string => Buffer.from(id, 'base64url').toString().split(':')[1];

/** A care agent's desk: what the tests of the room do again and again. */
export interface PartyDesk {
  /** A new person as a customer; its external id is `crm-N`, its name `Ann Murphy N`, with N from `customers()`. */
  newCustomer(caller?: typeof crm): Promise<{ readonly id: string; readonly key: bigint }>;
  customers(): number;
  /** Tries to open an account, prepaid in EUR unless told. */
  open(customerId: string, more?: Record<string, unknown>, caller?: typeof crm): Promise<AccountPayload>;
  /** Opens an account and answers its id. */
  opened(customerId: string, more?: Record<string, unknown>, caller?: typeof crm): Promise<string>;
  /** Founds a sharing group and answers its id. */
  founded(ownerAccountId: string, caller?: typeof crm): Promise<string>;
  rowsOf(table: 'billing_account' | 'bucket' | 'customer' | 'sharing_group'): Promise<number>;
}

export function openDesk(world: PartyWorld): PartyDesk {
  let made = 0;
  const newCustomer: PartyDesk['newCustomer'] = async (caller = crm) => {
    made += 1;
    const number = made;
    const { individual } = await world.change<{ individual: { id: string } }>(caller, 'individualCreate', 'individual { id }',
      { givenName: 'Ann', familyName: `Murphy ${number}` });
    const { customer } = await world.change<{ customer: { id: string } }>(caller, 'customerCreate', 'customer { id }',
      { partyId: individual.id, externalId: `crm-${number}` });
    return { id: customer.id, key: BigInt(keyOf(customer.id)) };
  };
  const terms = { name: 'Home', currency: 'EUR', timeZone: 'Europe/Dublin', billCycleDay: 31, paymentMode: 'PREPAID' };
  const open: PartyDesk['open'] = (customerId, more = {}, caller = crm) =>
    world.change(caller, 'billingAccountCreate', 'billingAccount { id version }', { customerId, ...terms, ...more });
  const opened: PartyDesk['opened'] = async (customerId, more = {}, caller = crm) => {
    const { billingAccount, errors } = await open(customerId, more, caller);
    expect(errors).toEqual([]);
    return billingAccount?.id ?? '';
  };
  const founded: PartyDesk['founded'] = async (ownerAccountId, caller = crm) => {
    const { sharingGroup } = await world.change<{ sharingGroup: { id: string } }>(caller, 'sharingGroupCreate', 'sharingGroup { id }',
      { ownerAccountId, name: 'Family' });
    return sharingGroup.id;
  };
  const rowsOf: PartyDesk['rowsOf'] = async (table) =>
    (await world.database.ownerPool.query<{ rows: number }>(`select count(*)::int as rows from ${table}`)).rows[0].rows;
  return { newCustomer, customers: () => made, open, opened, founded, rowsOf };
}
