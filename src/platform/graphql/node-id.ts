import { decodeOpaque, encodeOpaque, kindOfOpaque, OpaquePart, wholePart } from './opaque';

/**
 * Every type that can be fetched by its id, with the number of parts of its key. A room adds its types here; the word is
 * part of every id given out, so it never changes.
 */
const KEY_PARTS = {
  Customer: 1, Individual: 1, Organization: 1, BillingAccount: 1, SharingGroup: 1, Identifier: 1, Product: 1, ProductOffering: 1,
  ProductOfferingPrice: 1, Bucket: 2, Charge: 2, Usage: 2, LedgerEntry: 3, TopUp: 2, Adjustment: 2, Transfer: 2, Refund: 2,
  Voucher: 1, Payment: 2, QuarantinedUsage: 3, AuditEntry: 1, Tenant: 1,
  Partner: 1, SettlementAccount: 1, Agreement: 1, RevenueShareStatement: 1,
  CustomerBill: 2, AppliedCustomerBillingRate: 3, CreditNote: 2, BillPayment: 2, BillRun: 1, ProductOrder: 1,
} as const;
export type NodeType = keyof typeof KEY_PARTS;
export const NODE_TYPES = Object.keys(KEY_PARTS) as readonly NodeType[];

/** The opaque id of an object: its type and the parts of its key. */
export const encodeId = (type: NodeType, ...parts: readonly OpaquePart[]): string => encodeOpaque(type, parts);

/**
 * The key parts of an id of that type; null where it is malformed, of another type or has other than the type's number of
 * parts (answer as for an unknown object): an object has one id, not one more for each part that nobody reads.
 */
export function decodeId(id: string, type: NodeType): string[] | null {
  const parts = decodeOpaque(id, type);
  return parts?.length === KEY_PARTS[type] ? parts : null;
}

/** The single 64-bit key of an id of that type; null as for `decodeId`. */
export function decodeNumericId(id: string, type: NodeType): bigint | null {
  const parts = decodeId(id, type);
  return parts?.length === 1 ? wholePart(parts[0]) : null;
}

/** The type of an id, or null where it is no id of this product. */
export function typeOfId(id: string): NodeType | null {
  const kind = kindOfOpaque(id);
  return NODE_TYPES.find((type) => type === kind) ?? null;
}
