import type { Pool, PoolClient } from 'pg';
import { bigints, bytes, inTransaction, ints, isoInstant, texts } from '../platform/db';
import { moneyAsset } from '../platform/money';
import { businessNow } from '../tenant';
import { billReference } from './bill.store';
import type { BillKey } from './bill.types';
import { ChainLink, chainHash, documentName, DocumentKind, dueDateOf, seriesKey, seriesName, yearOf } from './issue.rules';
import { Journal, moving, side, writeJournals } from './journal';
import {
  BodyRecord, INSERT_ISSUED, INSERT_NUMBERS, LOCK_SERIES, MOVE_SERIES, OPEN_SERIES, SELECT_BILL_BODIES, SELECT_NOTE_BODIES,
} from './sql/issue.sql';

/** What issuing needs to know of a tenant. */
export interface Issuer {
  readonly tenantId: number;
  readonly timeZone: string;
  readonly paymentTermDays: number;
}

export type DocumentKey = Pick<BillKey, 'shard' | 'accountId' | 'sequence'>;

/**
 * The last short step of issuing: numbers, hashes and journals of documents of one kind, in one transaction under the lock of
 * their series. What has a number is passed over, so a repeat gives none twice; the time of issue never goes back.
 */
export function issueDocuments(pool: Pool, issuer: Issuer, kind: DocumentKind, keys: readonly DocumentKey[]): Promise<number> {
  if (keys.length === 0) return Promise.resolve(0);
  return inTransaction(pool, async (tx) => {
    const now = (await businessNow(tx, issuer.tenantId)).getTime();
    const series = seriesKey(issuer.tenantId, seriesName(kind, yearOf(issuer.timeZone, now)));
    await tx.query(OPEN_SERIES, [series, issuer.tenantId]);
    const { rows: [head] } = await tx.query<{ last_number: string; last_hash: Buffer; last_issued_at: number }>(LOCK_SERIES, [series]);
    const { rows } = await tx.query<BodyRecord>({ text: kind === 'CREDIT_NOTE' ? SELECT_NOTE_BODIES : SELECT_BILL_BODIES,
      values: [keys.map((key) => key.shard), keys.map((key) => key.accountId.toString()), keys.map((key) => key.sequence)] });
    if (rows.length === 0) return 0;
    const issuedAt = head!.last_issued_at > now ? head!.last_issued_at : now;
    const dueDate = dueDateOf(issuer.timeZone, issuedAt, kind === 'BILL' ? issuer.paymentTermDays : 0);
    const links = rows.map((row, index): ChainLink => ({
      series, number: BigInt(head!.last_number) + BigInt(index + 1), kind, accountId: BigInt(row.account_id), sequence: row.sequence, issuedAt, dueDate,
      bodyHash: row.body_hash,
    }));
    const last = await number(tx, issuer.tenantId, rows, links, head!.last_hash);
    await tx.query(MOVE_SERIES, [series, links.at(-1)!.number.toString(), isoInstant(issuedAt), last]);
    await writeJournals(tx, rows.flatMap((row, index) => issueJournal(issuer.tenantId, row, links[index]!)));
    return rows.length;
  });
}

async function number(tx: PoolClient, tenantId: number, rows: readonly BodyRecord[], links: readonly ChainLink[], before: Buffer): Promise<Buffer> {
  let hash = before;
  const hashes = links.map((link) => (hash = chainHash(hash, link)));
  const { series, issuedAt, dueDate } = links[0]!;
  await tx.query({ text: INSERT_NUMBERS, values: [series, tenantId, isoInstant(issuedAt), dueDate, bigints(links, (l) => l.number), texts(links, (l) => l.kind),
    bigints(links, (l) => l.accountId), ints(links, (l) => l.sequence), bytes(links, (l) => l.bodyHash), bytes(hashes, (h) => h)] });
  await tx.query({ text: INSERT_ISSUED, values: [series, tenantId, isoInstant(issuedAt), dueDate, ints(rows, (r) => r.shard), bigints(rows, (r) => BigInt(r.root_id)),
    bigints(links, (l) => l.accountId), texts(links, (l) => l.kind), ints(links, (l) => l.sequence), bigints(links, (l) => l.number)] });
  return hash;
}

/**
 * What is due goes from unbilled to billed receivable; what rounding changed of a tax is owed to its authority, against the
 * rounding account. A statement's money was paid when it was used, so it moves nothing.
 */
function issueJournal(tenantId: number, row: BodyRecord, link: ChainLink): Journal[] {
  if (row.kind !== 'BILL') return [];
  const due = BigInt(row.due);
  const taxes = (row.taxes ?? []).map(([code, change]) => side('tax_payable', BigInt(change), code));
  const taxed = taxes.reduce((sum, { amount }) => sum + amount, 0n);
  const sides = moving([side('unbilled_receivable', due), side('billed_receivable', -due), ...taxes, side('rounding', -taxed)]);
  if (sides.length === 0) return [];
  return [{
    shard: row.shard, rootId: BigInt(row.root_id), kind: 'BILL_ISSUE', reference: billReference(link), tenantId, asset: moneyAsset(row.currency),
    bookedAt: link.issuedAt, document: documentName(link.series, link.number), sides,
  }];
}
