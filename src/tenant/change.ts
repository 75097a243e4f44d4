import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { AuditFacts, recordAudit } from '../audit';
import type { RequestContext } from '../context';
import { Refusal, refuse } from '../platform/errors';

/** Anything that answers a statement with rows: a pool or one of its connections. */
export interface Queryable {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
}

/** Who changes master data, for ownership and audit rows: taken from the verified token, never from input. */
export interface Actor {
  readonly tenantId: number;
  readonly subject: string;
  readonly role: string;
  readonly requestId: string;
}

/** The verified caller as the one who changes something. */
export const actorOf = ({ caller, requestId }: RequestContext): Actor => ({
  tenantId: caller.tenantId, subject: caller.subject, role: caller.role, requestId,
});

/** One transaction of the cold rooms, as TypeORM and as the driver see it: both are the same connection. */
export interface Change {
  readonly manager: EntityManager;
  readonly client: PoolClient;
}

/** What an audit row tells of a change, beside who did it. */
export interface AuditedObject {
  readonly objectType: string;
  readonly objectId: string;
  readonly before?: AuditFacts;
  readonly after?: AuditFacts;
  readonly reason?: string;
}

/** Deadlock, serialization, lock timeout: nothing was applied, so the whole unit of work is tried again. */
const NOT_APPLIED = new Set(['40001', '40P01', '55P03']);
/** Four waits for a lock of two seconds each stay within the ten seconds of a request. */
const ATTEMPTS = 4;

/**
 * Runs `work` in one transaction and again, in a new one, where the database gave up on a lock.
 * @throws Refusal OVERLOADED where four attempts found the lock taken.
 */
export async function changeMasterData<T>(data: DataSource, work: (change: Change) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await data.transaction(async (manager) => work({ manager, client: await clientOf(manager) }));
    } catch (error) {
      if (!NOT_APPLIED.has(sqlStateOf(error) ?? '')) throw error;
      if (attempt === ATTEMPTS) refuse('OVERLOADED', 'The object is busy; nothing was done. Repeat in a moment.');
      await sleep(10 * attempt + Math.random() * 20);
    }
  }
}

/**
 * Like changeMasterData for a privileged change: its audit row stands in the same transaction, and a refusal leaves a
 * row of its own.
 */
export async function changeAudited<T>(
  data: DataSource, actor: Actor, operation: string, object: { readonly type: string; readonly id: string },
  work: (change: Change) => Promise<{ readonly result: T; readonly audit: AuditedObject }>,
): Promise<T> {
  const entry = { tenantId: actor.tenantId, actor: actor.subject, role: actor.role, operation, requestId: actor.requestId };
  try {
    return await changeMasterData(data, async (change) => {
      const { result, audit } = await work(change);
      await recordAudit(change.client, { ...entry, ...audit, result: 'DONE' });
      return result;
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code } = error.userError;
    await changeMasterData(data, ({ client }) => recordAudit(client, {
      ...entry, objectType: object.type, objectId: object.id, after: { errorCode: code }, result: 'REFUSED',
    }));
    throw error;
  }
}

async function clientOf(manager: EntityManager): Promise<PoolClient> {
  if (!manager.queryRunner) throw new Error('A change needs the manager of a transaction.');
  return await manager.queryRunner.connect() as PoolClient;
}

/** The SQLSTATE of a database error, whether the driver or TypeORM raised it; null for any other error. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && error.code.length === 5 ? error.code : null;
}

/** On a Citus cluster a constraint is named in the message alone, with the number of the table's part behind its name. */
const NAMED = /constraint "(\w+?)(?:_\d{6,})?"/;

/** The constraint that a database error names, or null. */
export function constraintOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('constraint' in error && typeof error.constraint === 'string') return error.constraint.replace(/_\d{6,}$/, '');
  return sqlStateOf(error)?.startsWith('23') ? NAMED.exec(error.message)?.[1] ?? null : null;
}
