import type { PaymentMode } from '../party';
import type { Amount } from '../platform/money';
import type { FileForm, TextRule } from '../usage/import';

/** A mapping file as read: how the rows of somebody's file become customers with what they have. */
export interface CustomerMapping extends FileForm {
  /** Names the file's owner: the channel of the orders, within which customer ids count. */
  readonly source: string;
  readonly customer: {
    readonly id: TextRule;
    readonly name: TextRule;
    readonly kind: 'INDIVIDUAL' | 'ORGANIZATION';
    readonly segment: 'CONSUMER' | 'BUSINESS' | 'WHOLESALE';
  };
  readonly account: AccountTerms;
  readonly services: readonly ServiceRule[];
  /** What the file says that a customer pays a month; null where it does not. */
  readonly monthlyCharge: { readonly charge: TextRule; readonly tolerance: Amount } | null;
  readonly catalog: CatalogPart | null;
}

/** The account that is opened for each customer. */
export interface AccountTerms {
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly billCycleDay: number;
  readonly paymentMode: PaymentMode;
  /** Money text in the account's currency, or UNLIMITED; null for prepaid accounts. */
  readonly creditLimit: string | null;
}

/** What the values of one column mean: codes of offerings, none or several for each value. */
export interface ServiceRule {
  readonly column: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Offerings that the file needs, for an operator who has none yet. */
export interface CatalogPart {
  readonly taxClass: string;
  readonly revenueAccount: string;
  readonly period: 'CALENDAR_MONTH' | 'BILL_CYCLE' | 'MONTH';
  /** Whether a customer who comes inside a period pays its share by days. */
  readonly isProrated: boolean;
  readonly offerings: readonly { readonly code: string; readonly name: string; readonly price: Amount }[];
}
