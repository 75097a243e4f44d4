import type { Pool, PoolClient } from 'pg';
import { inTransaction, Statement } from '../platform/db';
import type { AuditEntry, AuditFacts } from './audit.types';
import { maskReason, redactFacts } from './redaction.rules';
import { APPEND_AUDIT, APPEND_AUDITS, OPEN_CHAIN } from './sql/append-audit.sql';
import { GENESIS_HASH } from './sql/chain-hash.sql';
import { CHECK_AUDIT_STRETCH, READ_AUDIT_HEAD } from './sql/check-audit.sql';

/**
 * Writes one audit row in the transaction of the change that it is about and answers its sequence in the tenant's
 * chain. The tenant's chain stays locked until that transaction ends, so call it last. What is not known to be
 * harmless is hidden before it is stored.
 */
export async function recordAudit(tx: PoolClient, entry: AuditEntry): Promise<bigint> {
  const values = valuesOf(entry);
  const sequence = (await append(tx, values)) ?? (await openAndAppend(tx, values));
  return BigInt(sequence);
}

/**
 * The same row as statements, for a batch that sends its writes together: call for them last, and send them last.
 */
export const auditStatements = (entry: AuditEntry): readonly Statement[] => [
  { ...OPEN_CHAIN, values: [entry.tenantId, GENESIS_HASH] },
  { ...APPEND_AUDIT, values: valuesOf(entry) },
];

/** As recordAudit, for many entries of one tenant, which follow each other in the order given. */
export async function recordAudits(tx: PoolClient, tenantId: number, entries: readonly Omit<AuditEntry, 'tenantId'>[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query({ ...OPEN_CHAIN, values: [tenantId, GENESIS_HASH] });
  await tx.query({ ...APPEND_AUDITS, values: [tenantId, JSON.stringify(entries.map(rowOf))] });
}

const rowOf = (entry: Omit<AuditEntry, 'tenantId'>): object => ({
  actor: entry.actor, role: entry.role, operation: entry.operation, object_type: entry.objectType, object_id: entry.objectId,
  before: entry.before && redactFacts(entry.before), after: entry.after && redactFacts(entry.after),
  reason: entry.reason === undefined ? null : maskReason(entry.reason), request_id: entry.requestId, result: entry.result,
});

const valuesOf = (entry: AuditEntry): unknown[] => [
  entry.tenantId, entry.actor, entry.role, entry.operation, entry.objectType, entry.objectId,
  factsText(entry.before), factsText(entry.after), entry.reason === undefined ? null : maskReason(entry.reason),
  entry.requestId, entry.result,
];

const factsText = (facts: AuditFacts | undefined): string | null =>
  facts === undefined ? null : JSON.stringify(redactFacts(facts));

async function append(tx: PoolClient, values: unknown[]): Promise<string | undefined> {
  const { rows } = await tx.query<{ sequence: string }>({ ...APPEND_AUDIT, values });
  return rows[0]?.sequence;
}

async function openAndAppend(tx: PoolClient, values: unknown[]): Promise<string> {
  await tx.query({ ...OPEN_CHAIN, values: [values[0], GENESIS_HASH] });
  const sequence = await append(tx, values);
  if (sequence === undefined) throw new Error('The audit chain has no head although it was just opened.');
  return sequence;
}

/** What the check of a chain found: `brokenAt` is the first sequence that does not follow from its past; null = intact. */
export interface AuditChainReport {
  readonly rows: bigint;
  readonly brokenAt: bigint | null;
}

interface Head {
  readonly sequence: string;
  readonly hash: Buffer;
}

interface Stretch {
  readonly rows: number;
  readonly broken_at: string | null;
  readonly last_sequence: string | null;
  readonly last_hash: Buffer | null;
}

const STRETCH_ROWS = 10_000;

/**
 * Recomputes a tenant's whole chain in one snapshot, stretch by stretch, and compares its end with the head: finds
 * changed, missing, inserted and cut-off rows.
 */
export function verifyAuditChain(pool: Pool, tenantId: number): Promise<AuditChainReport> {
  return inTransaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    const found = await tx.query<Head>({ ...READ_AUDIT_HEAD, values: [tenantId] });
    return walk(tx, tenantId, found.rows[0] ?? { sequence: '0', hash: GENESIS_HASH });
  });
}

async function walk(tx: PoolClient, tenantId: number, head: Head): Promise<AuditChainReport> {
  let end: Head = { sequence: '0', hash: GENESIS_HASH };
  let rows = 0n;
  for (;;) {
    const values = [tenantId, end.sequence, end.hash, STRETCH_ROWS];
    const stretch = (await tx.query<Stretch>({ ...CHECK_AUDIT_STRETCH, values })).rows[0];
    if (stretch.broken_at !== null) return { rows, brokenAt: BigInt(stretch.broken_at) };
    rows += BigInt(stretch.rows);
    if (stretch.last_sequence === null || stretch.last_hash === null) break;
    end = { sequence: stretch.last_sequence, hash: stretch.last_hash };
  }
  const isWhole = end.sequence === head.sequence && end.hash.equals(head.hash);
  return { rows, brokenAt: isWhole ? null : BigInt(end.sequence) + 1n };
}
