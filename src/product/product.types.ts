/** Life cycle of a product (TMF637). CANCELLED, ABORTED and TERMINATED are final. */
export type ProductState =
  | 'CREATED' | 'PENDING_ACTIVE' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_TERMINATE' | 'TERMINATED' | 'CANCELLED' | 'ABORTED';

/** Why a product is kept from being used; it holds a set of them and is active when none is left. */
export type SuspensionReason = 'CUSTOMER' | 'NON_PAYMENT' | 'FRAUD' | 'LOST' | 'RENEWAL_UNPAID' | 'REGULATOR';

/** When a change of offering takes effect. */
export type ChangeTime = 'NOW' | 'PERIOD_END';

/** What a suspension stops. */
export type SuspensionLevel = 'OUTGOING' | 'DATA' | 'ALL';
