/** What a fact of an audit row may hold; see redaction.rules.ts for what survives. */
export type AuditValue = string | number | boolean | bigint | null | undefined | readonly AuditValue[] | { readonly [key: string]: AuditValue };

export type AuditFacts = { readonly [key: string]: AuditValue };

export type AuditResult = 'DONE' | 'REFUSED';

/** One privileged change, or its refusal: who did what to which object, and why. */
export interface AuditEntry {
  readonly tenantId: number;
  /** The token's subject: a pseudonym, never a name. */
  readonly actor: string;
  readonly role: string;
  /** The root field or command, e.g. `chargeRefund`. */
  readonly operation: string;
  /** GraphQL type name of the object, e.g. `Bucket`. */
  readonly objectType: string;
  /** Internal id of the object; empty where a refused call named none. */
  readonly objectId: string;
  readonly before?: AuditFacts;
  readonly after?: AuditFacts;
  readonly reason?: string;
  readonly requestId: string;
  readonly result: AuditResult;
}
