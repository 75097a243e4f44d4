import { AuditFacts, recordAudit } from '../audit';
import { DeadlineExceeded, MoveKey, MoveOutcome, OutcomeUnknown, Overloaded } from '../charging';
import type { RequestContext } from '../context';
import { inTransaction } from '../platform/db';
import { Refusal, refuse, SimpleUserError } from '../platform/errors';
import { actorOf } from '../tenant';

/** What the audit row of a privileged move tells, beside who did it. */
export interface MoveAudit {
  /** The mutation. */
  readonly operation: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly after?: AuditFacts;
  readonly reason?: string;
}

const KEY = /^[\x21-\x7e]{1,128}$/;

/** Whether a text can be an idempotency key at all. */
export const isMoveKey = (text: string): boolean => KEY.test(text);

/** @throws Refusal INVALID_INPUT */
export function checkMoveKey(text: string): void {
  if (!isMoveKey(text)) refuse('INVALID_INPUT', 'An idempotency key has 1 to 128 printable ASCII characters without blanks.', ['idempotencyKey']);
}

/**
 * Conducts one move of a mutation: its key is checked, a privileged one leaves its audit row in the move's own transaction
 * (done or refused there), and what the engine refuses becomes the mutation's expected error.
 * @param audit null for a subscriber's own move, which is no privileged one.
 * @throws Refusal
 */
export async function conductMove<A>(
  context: RequestContext, idempotencyKey: string, audit: MoveAudit | null, move: (key: MoveKey) => Promise<MoveOutcome<A>>,
): Promise<A> {
  checkMoveKey(idempotencyKey);
  const outcome = await telling(move({ ...keyOf(context, idempotencyKey), ...(audit && { audit: entryOf(context, audit) }) }));
  if (outcome.ok) return outcome.answer;
  const [error] = outcome.errors;
  if (!error) throw new Error('A move was refused without an error.');
  throw new Refusal(new SimpleUserError(error.code, error.message, error.path));
}

/** Runs checks that come before the move; a privileged one that they refuse leaves an audit row of its own. */
export async function auditRefusal<T>(context: RequestContext, audit: MoveAudit | null, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Refusal) || !audit) throw error;
    const { code } = error.userError;
    const entry = { ...entryOf(context, audit), after: { errorCode: code }, result: 'REFUSED' as const };
    await inTransaction(context.services.pool, (tx) => recordAudit(tx, entry));
    throw error;
  }
}

const keyOf = ({ caller }: RequestContext, key: string): MoveKey => ({ tenantId: caller.tenantId, caller: caller.subject, key });

function entryOf(context: RequestContext, audit: MoveAudit): NonNullable<MoveKey['audit']> {
  const { tenantId, subject, role, requestId } = actorOf(context);
  return { tenantId, actor: subject, role, requestId, ...audit };
}

/** The three ways in which a move may end without an answer, told as expected errors that say what to do. */
async function telling<A>(outcome: Promise<MoveOutcome<A>>): Promise<MoveOutcome<A>> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof Overloaded) refuse('OVERLOADED', 'The charging queue is full and nothing was done; repeat in a moment.');
    if (error instanceof OutcomeUnknown) refuse('OUTCOME_UNKNOWN', 'Whether it was done is not known; repeat with the same key to learn it.');
    if (error instanceof DeadlineExceeded) refuse('DEADLINE_EXCEEDED', 'It took too long and nothing was done; repeat with the same key.');
    throw error;
  }
}
