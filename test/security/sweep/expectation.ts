import { getMetadataStorage } from 'type-graphql';
import type { DemoIdentity } from '../../../src/platform/auth/demo';
import type { Role } from '../../../src/platform/auth/caller';
import { bytesOf, Told } from '../live-api';
import type { Probe } from './cases.types';
import { OwnerName, OWNERS, SCOPES, TENANT_OF } from './scopes';
import type { Owned } from './world';

/** What must come of one call: no role, no object, or served. */
export type Expected = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'ABSENT' | 'SERVED';

/** One call and what must come of it. */
export interface Swept {
  readonly identity: DemoIdentity;
  readonly probeName: string;
  readonly probe: Probe;
  readonly owner: OwnerName;
  readonly expected: Expected;
}

/** The roles that each root field declares, as the running product reads them. */
export function declaredRoles(): ReadonlyMap<string, readonly Role[]> {
  const { queries, mutations, subscriptions } = getMetadataStorage();
  return new Map([...queries, ...mutations, ...subscriptions].map(({ schemaName, roles }) => [schemaName, (roles ?? []) as Role[]]));
}

/** Follows from the declared roles and the ownership table alone. */
export function expectedOf(roles: readonly Role[], identity: DemoIdentity, { scope }: Probe, owner: OwnerName): Expected {
  if (!roles.includes(identity.role)) return identity.role === 'ANONYMOUS' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  return scope(identity, owner) ? 'SERVED' : 'ABSENT';
}

interface Payload {
  readonly errors?: readonly { readonly code: string }[];
  readonly nodes?: readonly unknown[];
  readonly results?: readonly { readonly status: string }[];
}

/** What came of a call to a field, in the same words; anything else is told with the whole answer. */
export function outcomeOf(field: string, told: Told, mayRefuse: readonly string[] = []): Expected | string {
  const strange = `${told.status} ${told.text.slice(0, 400)}`;
  const codes = told.errors.map(({ extensions: { code } }) => code);
  if (codes.length > 0) return codes.length === 1 && (codes[0] === 'UNAUTHENTICATED' || codes[0] === 'FORBIDDEN') ? codes[0] : strange;
  const value = told.data?.[field] as Payload | string | null | undefined;
  if (value === undefined) return strange;
  if (value === null) return 'ABSENT';
  if (typeof value === 'string') return 'SERVED';
  const refused = value.errors?.map(({ code }) => code) ?? [];
  if (refused.length > 0 && refused.every((code) => mayRefuse.includes(code))) return 'SERVED';
  if (refused.length > 0) return refused.length === 1 && refused[0] === 'NOT_FOUND' ? 'ABSENT' : strange;
  const isEmpty = value.nodes?.length === 0 || value.results?.every(({ status }) => status === 'QUARANTINED' || status === 'UNGUIDED');
  return isEmpty ? 'ABSENT' : 'SERVED';
}

/** The marks in an answer of owners whom the identity may not see. */
export function leaks(told: Told, identity: DemoIdentity, world: Readonly<Record<OwnerName, Owned>>, served: OwnerName | null): string[] {
  const foreign = OWNERS.filter((owner) => owner !== served && !SCOPES.account(identity, owner)).flatMap((owner) => world[owner].marks);
  const afar = OWNERS.filter((owner) => TENANT_OF[owner] !== identity.tenant).flatMap((owner) => world[owner].tenantMarks);
  return [...foreign, ...afar].filter((mark) => told.text.includes(mark));
}

/** Whether answers are byte for byte the same but for the request id. */
export const distinctBytes = (answers: readonly Told[]): readonly string[] => [...new Set(answers.map(bytesOf))];
