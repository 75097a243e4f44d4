import { decodeOpaque, encodeOpaque, kindOfOpaque, OpaquePart, wholePart } from './opaque';

/** Every type that can be fetched by its id. A room adds its types here; the word is part of every id given out, so it never changes. */
export const NODE_TYPES = [
  'Customer', 'Individual', 'Organization', 'BillingAccount', 'SharingGroup', 'Identifier', 'Product', 'ProductOffering',
  'ProductOfferingPrice', 'Bucket', 'Charge', 'Usage', 'LedgerEntry', 'TopUp', 'Adjustment', 'Transfer', 'Refund',
  'Voucher', 'Payment', 'QuarantinedUsage', 'AuditEntry', 'Tenant',
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** The opaque id of an object: its type and the parts of its key. */
export const encodeId = (type: NodeType, ...parts: readonly OpaquePart[]): string => encodeOpaque(type, parts);

/** The key parts of an id of that type; null where it is malformed or of another type (answer as for an unknown object). */
export const decodeId = (id: string, type: NodeType): string[] | null => decodeOpaque(id, type);

/** The single 64-bit key of an id of that type; null as for `decodeId`. */
export function decodeNumericId(id: string, type: NodeType): bigint | null {
  const parts = decodeOpaque(id, type);
  return parts?.length === 1 ? wholePart(parts[0]) : null;
}

/** The type of an id, or null where it is no id of this product. */
export function typeOfId(id: string): NodeType | null {
  const kind = kindOfOpaque(id);
  return NODE_TYPES.find((type) => type === kind) ?? null;
}
