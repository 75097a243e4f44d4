import { registerEnumType } from 'type-graphql';
import type { IdentifierKind } from '../usage/usage.types';
import type { AccountState, CreditLimitKind, PaymentMode } from './billing-account.entity';
import type { CustomerState, Segment } from './customer.entity';
import type { PartyState } from './party.entity';
import type { PartnerState } from './partner.rules';

type Described<K extends string> = { readonly [M in K]: string };

/** Registers a closed set as a GraphQL enum whose values are their own names. */
function enumOf<K extends string>(name: string, description: string, members: Described<K>): { readonly [M in K]: M } {
  const names = Object.keys(members) as K[];
  const values = Object.fromEntries(names.map((member) => [member, member])) as { [M in K]: M };
  const valuesConfig = Object.fromEntries(names.map((member) => [member, { description: members[member] }])) as { [M in K]: { description: string } };
  registerEnumType(values, { name, description, valuesConfig });
  return values;
}

export const PartyStateEnum = enumOf<PartyState>('PartyState', 'Life of a party.', {
  INITIALIZED: 'Recorded, not yet checked.',
  VALIDATED: 'Checked: the person or company exists.',
  DECEASED: 'The person has died.',
  CLOSED: 'The company was closed.',
});

export const SegmentEnum = enumOf<Segment>('CustomerSegment', 'The market a customer belongs to.', {
  CONSUMER: 'A private household.',
  BUSINESS: 'A company or public body.',
  WHOLESALE: 'Another operator or reseller.',
});

export const CustomerStateEnum = enumOf<CustomerState>('CustomerState', 'Life of a customer.', {
  ACTIVE: 'May buy and use.',
  SUSPENDED: 'May not buy for now.',
  CLOSED: 'No longer a customer.',
});

export const AccountStateEnum = enumOf<AccountState>('BillingAccountState', 'Life of a billing account.', {
  ACTIVE: 'Charges land here.',
  SUSPENDED: 'It buys nothing and its usage is refused for now; fees go on.',
  CLOSED: 'No charge will land here again.',
});

export const PaymentModeEnum = enumOf<PaymentMode>('PaymentMode', 'How usage of an account is paid.', {
  PREPAID: 'From money paid before.',
  POSTPAID: 'By bill, up to the credit limit.',
  HYBRID: 'From prepaid money first, then by bill up to the credit limit.',
});

export const CreditLimitKindEnum = enumOf<CreditLimitKind>('CreditLimitKind', 'Whether a credit limit is an amount.', {
  AMOUNT: 'The exposure may reach the amount.',
  UNLIMITED: 'The exposure may grow without end.',
});

export const IdentifierKindEnum = enumOf<IdentifierKind>('IdentifierKind', 'Keys by which usage finds its owner.', {
  MSISDN: 'A telephone number by E.164: 5 to 15 digits with the country code.',
  IMSI: 'The identity on a SIM: 14 or 15 digits.',
  SIP_URI: 'A SIP address without parameters.',
  DEVICE_ID: 'The key of a device.',
  LINE_ID: 'The key of a fixed line or port.',
  ICCID: 'The serial number of a SIM card, with its check digit.',
});

export const PartnerStateEnum = enumOf<PartnerState>('PartnerState', 'Life of a partner.', {
  INITIALIZED: 'Recorded, not checked yet.',
  VALIDATED: 'Checked; may be activated.',
  ACTIVE: 'May enter agreements and is settled.',
  SUSPENDED: 'Shares go on being owed; nothing is settled for now.',
  TERMINATED: 'No longer a partner; what is owed is still stated and settled.',
});
