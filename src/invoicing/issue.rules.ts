import { createHash } from 'node:crypto';
import { dateOfEpochDay, LocalDate, localParts } from '../platform/time';

export type DocumentKind = 'BILL' | 'STATEMENT' | 'CREDIT_NOTE';

/** "B" bills, "S" statements, "C" credit notes: what stands before the year in a document's number. */
const LETTERS: Readonly<Record<DocumentKind, string>> = { BILL: 'B', STATEMENT: 'S', CREDIT_NOTE: 'C' };

/** A series as people name it: "B-2026". One a legal entity (a tenant), kind and year of issue. */
export const seriesName = (kind: DocumentKind, year: string): string => `${LETTERS[kind]}-${year}`;

/** A series as it is stored. */
export const seriesKey = (tenantId: number, name: string): string => `${tenantId}:${name}`;
export const seriesNameOf = (key: string): string => key.slice(key.indexOf(':') + 1);

/** The number on a document: "B-2026-000017". */
export const documentName = (series: string, number: bigint): string => `${seriesNameOf(series)}-${number.toString().padStart(6, '0')}`;

export const isSeriesName = (text: string): boolean => /^[BSC]-\d{4}$/.test(text);

/** One link of a series: what the hash of a document is made of. */
export interface ChainLink {
  readonly series: string;
  readonly number: bigint;
  readonly kind: DocumentKind;
  readonly accountId: bigint;
  readonly sequence: number;
  readonly issuedAt: number;
  readonly dueDate: LocalDate;
  readonly bodyHash: Buffer;
}

/** The hash of a document: over the hash before it and this one's facts. invariants.sql computes the same. */
export const chainHash = (previous: Buffer, link: ChainLink): Buffer => createHash('sha256').update(previous).update([
  link.series, link.number, link.kind, link.accountId, link.sequence, link.issuedAt, link.dueDate, link.bodyHash.toString('hex'),
].join('|')).digest();

/** The day so many days after the local date of an instant. */
export const dueDateOf = (zone: string, issuedAt: number, days: number): LocalDate => dateOfEpochDay(localParts(zone, issuedAt).epochDay + days);

export const yearOf = (zone: string, at: number): string => dateOfEpochDay(localParts(zone, at).epochDay).slice(0, 4);
