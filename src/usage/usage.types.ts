import { Quantity, Unit } from '../platform/money';

/** What was used (TMF635 usage type). */
export type UsageKind = 'VOICE' | 'SMS' | 'MMS' | 'DATA' | 'CONTENT' | 'GENERIC';
export const USAGE_KINDS: readonly UsageKind[] = ['VOICE', 'SMS', 'MMS', 'DATA', 'CONTENT', 'GENERIC'];

/** The unit each kind is measured in; GENERIC brings its own. */
export const UNIT_OF_KIND: Readonly<Record<Exclude<UsageKind, 'GENERIC'>, Unit>> = {
  VOICE: 'SECOND', SMS: 'EVENT', MMS: 'EVENT', DATA: 'BYTE', CONTENT: 'EVENT',
};

/** The kinds of key that guide a usage to its owner. */
export type IdentifierKind = 'MSISDN' | 'IMSI' | 'SIP_URI' | 'DEVICE_ID' | 'LINE_ID' | 'ICCID';
export const IDENTIFIER_KINDS: readonly IdentifierKind[] = ['MSISDN', 'IMSI', 'SIP_URI', 'DEVICE_ID', 'LINE_ID', 'ICCID'];

/** What guides a usage: a key of a device, or SLICE, a slice's product by its id; the latter of what the product counts itself, never of a sender. */
export type SubscriberKind = IdentifierKind | 'SLICE';

/** The attribute that names the network slice a usage happened in, spelled as `snssaiText` spells it. */
export const SNSSAI = 'snssai';

export type CallDirection = 'OUTGOING' | 'INCOMING';

/**
 * One usage, validated and normalised: what the charging path reads. Instants are epoch milliseconds, numbers are
 * digits of E.164 without "+" (a short code keeps its digits), quantities are whole units.
 */
export interface UsageEvent {
  readonly tenantId: number;
  readonly source: string;
  /** The sender's own id of the usage: with tenant and source the deduplication key. */
  readonly usageId: string;
  /** SHA-256 of the canonical body: tells a repeat from a different usage under the same id. */
  readonly bodyHash: Buffer;
  readonly kind: UsageKind;
  readonly direction: CallDirection | null;
  readonly subscriber: { readonly kind: SubscriberKind; readonly value: string };
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly quantity: Quantity;
  readonly unit: Unit;
  /** The other party after normalisation; null for data. */
  readonly otherParty: string | null;
  /** The called network when the sender knows it (after porting). */
  readonly otherNetwork: string | null;
  /** Everything a price condition may ask for, by name: direction, otherNetwork, ratingGroup, dnn, servingNetwork, place ... */
  readonly attributes: Readonly<Record<string, string>>;
  /** Set where the tenant's dial plan says the other party is an emergency number: free, never refused, no account. */
  readonly emergency: boolean;
  /** The network's id of the session or event that it is part of (TS 32.255); absent where the sender states none. */
  readonly chargingId?: string;
  /** A record (CDR) of what may have been charged online under its charging id; absent for usage that comes to be charged. */
  readonly isRecord?: true;
}
