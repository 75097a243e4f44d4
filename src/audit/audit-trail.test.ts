import { createTestDatabase, TestDatabase } from '../../test/support';
import { inTransaction } from '../platform/db';
import { recordAudit, recordAudits, verifyAuditChain } from './audit-trail';
import type { AuditEntry } from './audit.types';
import { REDACTED } from './redaction.rules';

const entry = (changes: Partial<AuditEntry> = {}): AuditEntry => ({
  tenantId: 1, actor: 'crm-agent-1', role: 'CRM_AGENT', operation: 'chargeRefund', objectType: 'Charge', objectId: '42',
  requestId: 'r1', result: 'DONE', ...changes,
});

describe('the audit trail', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.dispose());

  const write = (changes: Partial<AuditEntry> = {}): Promise<bigint> =>
    inTransaction(database.appPool, (tx) => recordAudit(tx, entry(changes)));

  /** Chains of tenants are independent, so each case takes a tenant of its own. */
  async function chainOf(tenantId: number, rows: number): Promise<void> {
    for (let row = 0; row < rows; row += 1) await write({ tenantId, objectId: `${row}` });
  }

  it('stores who did what and why, without what is personal', async () => {
    const after = { state: 'CLOSED', familyName: 'Murphy' };
    expect(await write({ before: { state: 'ACTIVE' }, after, reason: 'asked by ann@example.com' })).toBe(1n);
    const { rows } = await database.appPool.query(
      `select actor, role, operation, object_type, object_id, before, after, reason, request_id, result, at <= clock_timestamp() as is_past
         from audit_log where tenant_id = 1`);
    expect(rows).toEqual([{
      actor: 'crm-agent-1', role: 'CRM_AGENT', operation: 'chargeRefund', object_type: 'Charge', object_id: '42',
      before: { state: 'ACTIVE' }, after: { state: 'CLOSED', familyName: REDACTED }, reason: `asked by ${REDACTED}`,
      request_id: 'r1', result: 'DONE', is_past: true,
    }]);
  });

  it('chains twenty writers at once without hole or fork', async () => {
    const sequences = await Promise.all(Array.from({ length: 20 }, () => write({ tenantId: 2 })));
    expect([...sequences].sort((a, b) => Number(a - b))).toEqual(Array.from({ length: 20 }, (_, i) => BigInt(i + 1)));
    expect(await verifyAuditChain(database.appPool, 2)).toEqual({ rows: 20n, brokenAt: null });
  });

  it('leaves nothing behind where its transaction rolls back', async () => {
    await chainOf(3, 1);
    await expect(inTransaction(database.appPool, async (tx) => {
      await recordAudit(tx, entry({ tenantId: 3 }));
      throw new Error('refused');
    })).rejects.toThrow('refused');
    await chainOf(3, 1);
    expect(await verifyAuditChain(database.appPool, 3)).toEqual({ rows: 2n, brokenAt: null });
  });

  it('writes twice in one transaction', async () => {
    await inTransaction(database.appPool, async (tx) => {
      await recordAudit(tx, entry({ tenantId: 4 }));
      await recordAudit(tx, entry({ tenantId: 4 }));
    });
    expect(await verifyAuditChain(database.appPool, 4)).toEqual({ rows: 2n, brokenAt: null });
  });

  it('writes many in one statement as if one after the other', async () => {
    const many = [1, 2, 3].map((id) => entry({ objectId: `${id}`, after: { state: 'ACTIVE', familyName: 'Murphy' }, reason: id === 2 ? 'ann@example.com' : undefined }));
    await inTransaction(database.appPool, (tx) => recordAudits(tx, 7, many));
    await chainOf(7, 1);
    await inTransaction(database.appPool, (tx) => recordAudits(tx, 7, [...many, ...many]));
    await inTransaction(database.appPool, (tx) => recordAudits(tx, 7, []));
    expect(await verifyAuditChain(database.appPool, 7)).toEqual({ rows: 10n, brokenAt: null });
    const { rows } = await database.appPool.query('select object_id, after, reason from audit_log where tenant_id = 7 order by sequence limit 3');
    expect(rows).toEqual([1, 2, 3].map((id) => ({
      object_id: `${id}`, after: { state: 'ACTIVE', familyName: REDACTED }, reason: id === 2 ? REDACTED : null })));
  });

  it('is intact where nothing was ever written', async () => {
    expect(await verifyAuditChain(database.appPool, 5)).toEqual({ rows: 0n, brokenAt: null });
  });

  it('does not depend on the time zone of the reader', async () => {
    await chainOf(6, 2);
    await database.ownerPool.query(`set timezone = 'Asia/Kathmandu'`);
    expect(await verifyAuditChain(database.ownerPool, 6)).toEqual({ rows: 2n, brokenAt: null });
  });

  it.each([
    ['a changed row', 10, `update audit_log set reason = 'other' where tenant_id = 10 and sequence = 2`, 2n],
    ['a changed actor with its hash kept', 11, `update audit_log set actor = 'x' where tenant_id = 11 and sequence = 1`, 1n],
    ['a row taken out', 12, `delete from audit_log where tenant_id = 12 and sequence = 2`, 3n],
    ['the end cut off', 13, `delete from audit_log where tenant_id = 13 and sequence = 3`, 3n],
    ['a row moved in time', 14, `update audit_log set at = at - interval '1 microsecond' where tenant_id = 14 and sequence = 3`, 3n],
    ['a lost head', 15, `delete from audit_head where tenant_id = 15`, 4n],
    ['a forged row at the end', 16, `insert into audit_log select tenant_id, 4, at, actor, role, operation, object_type, object_id,
      before, after, reason, request_id, result, hash, hash from audit_log where tenant_id = 16 and sequence = 3`, 4n],
  ])('finds %s', async (_, tenantId, violation, brokenAt) => {
    await chainOf(tenantId, 3);
    await database.ownerPool.query(violation);
    expect((await verifyAuditChain(database.appPool, tenantId)).brokenAt).toBe(brokenAt);
  });

  it.each(['update audit_log set actor = $$x$$', 'delete from audit_log', 'truncate audit_log', 'delete from audit_head'])(
    'refuses the application role: %s', async (statement) => {
      await expect(database.appPool.query(statement)).rejects.toMatchObject({ code: '42501' });
    });
});
