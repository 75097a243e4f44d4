import { Args, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import type { Role } from '../platform/auth/caller';
import { encodeCursor, foreignCursor, keysAfter, Page, pageOf, requestError, wholePart } from '../platform/graphql';
import { AuditLogArgs, AuditRecord, AuditRecordConnection } from './audit-record.type';
import { READ_AUDIT } from './sql/read-audit.sql';

type Row = Omit<AuditRecord, 'sequence'> & { readonly sequence: string };

const SCOPE = 'auditRecord';

@Resolver()
export class AuditLogResolver {
  @Authorized<Role>('AUDITOR', 'ADMIN')
  @Query(() => AuditRecordConnection, { description: 'Privileged changes of your tenant and their refusals, the newest first.' })
  async auditLog(@Args(() => AuditLogArgs) args: AuditLogArgs, @Ctx() { caller, services }: RequestContext): Promise<Page<AuditRecord>> {
    const { actor, operation, objectType, objectId, result, from, until } = args.filter ?? {};
    for (const text of [actor, operation, objectType, objectId]) requireText(text);
    const { rows } = await services.pool.query<Row>(READ_AUDIT, [
      caller.tenantId, sequenceAfter(args.after, caller.tenantId), actor, operation, objectType, objectId, result, from, until, args.first + 1,
    ]);
    return pageOf(rows, args, (row) => ({ ...row, sequence: BigInt(row.sequence) }), (row) => encodeCursor(SCOPE, caller.tenantId, row.sequence));
  }
}

function sequenceAfter(cursor: string | null | undefined, tenantId: number): bigint | null {
  const keys = keysAfter(cursor, SCOPE, tenantId, 1);
  if (keys === null) return null;
  const sequence = wholePart(keys[0]);
  if (sequence === null) throw foreignCursor();
  return sequence;
}

/** Controls and halves of surrogate pairs stand in no record, and the database takes them for an error. */
function requireText(text: string | null | undefined): void {
  if (text && /[\p{Cc}\p{Cs}]/u.test(text)) throw requestError('BAD_USER_INPUT', 'A filter holds a character that no record has.');
}
