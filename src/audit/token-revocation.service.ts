import type { Pool, PoolClient } from 'pg';
import type { AuthService, Caller, RevocationKind } from '../platform/auth';
import { storeRevocation } from '../platform/auth';
import { inTransaction } from '../platform/db';
import { Refusal, refuse } from '../platform/errors';
import { checkedReason } from '../platform/text';
import { recordAudit } from './audit-trail';
import type { AuditEntry } from './audit.types';
import { maskReason } from './redaction.rules';
import type { TokenRevocation, TokenRevokeInput } from './token-revocation.type';

const OPERATION = 'tokenRevoke';
const VISIBLE = /^[\x21-\x7e]{1,200}$/;

interface Target {
  readonly kind: RevocationKind;
  readonly value: string;
}

/** Stops tokens of the caller's own tenant; the revocation and its audit row stand or fall together, a refusal is audited too. */
export class TokenRevocationService {
  constructor(private readonly pool: Pool, private readonly auth: Pick<AuthService, 'revocationSeconds' | 'refreshRevocations'>) {}

  /** @throws Refusal INVALID_INPUT */
  async revoke(caller: Caller, requestId: string, input: TokenRevokeInput): Promise<TokenRevocation> {
    const by = { tenantId: caller.tenantId, actor: caller.subject, role: caller.role, operation: OPERATION, requestId };
    try {
      const target = targetOf(input);
      const reason = maskReason(checkedReason(input.reason, ['input', 'reason']));
      const until = await inTransaction(this.pool, (tx) => this.store(tx, { ...by, reason }, target));
      await this.auth.refreshRevocations();
      return { ...target, until };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const refused = { ...by, objectType: '', objectId: '', after: { errorCode: error.userError.code }, result: 'REFUSED' as const };
      await inTransaction(this.pool, (tx) => recordAudit(tx, refused));
      throw error;
    }
  }

  private async store(
    tx: PoolClient, by: Omit<AuditEntry, 'objectType' | 'objectId' | 'result'> & { readonly reason: string }, target: Target,
  ): Promise<Date> {
    const { tenantId, reason } = by;
    const until = await storeRevocation(tx, { ...target, tenantId, reason, seconds: this.auth.revocationSeconds });
    const after = { kind: target.kind, validUntil: until.toISOString() };
    await recordAudit(tx, { ...by, objectType: 'TokenRevocation', objectId: target.value, after, result: 'DONE' });
    return until;
  }
}

function targetOf({ tokenId, subject }: TokenRevokeInput): Target {
  if (typeof tokenId === 'string' && typeof subject !== 'string') return { kind: 'TOKEN', value: visible(tokenId, 'tokenId') };
  if (typeof subject === 'string' && typeof tokenId !== 'string') return { kind: 'SUBJECT', value: visible(subject, 'subject') };
  return refuse('INVALID_INPUT', 'Name exactly one of tokenId and subject.', ['input']);
}

function visible(value: string, field: string): string {
  if (VISIBLE.test(value)) return value;
  return refuse('INVALID_INPUT', `The ${field} must be 1 to 200 visible ASCII characters.`, ['input', field]);
}
