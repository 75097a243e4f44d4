import type { AuditFacts, AuditValue } from './audit.types';

export const REDACTED = '[redacted]';

/**
 * Keys whose values may stand in an audit row: references, states, amounts and times. Everything else is hidden, so
 * that a new field with a name, a number or a secret in it is hidden until somebody lists it here.
 */
const OPEN_KEY = new RegExp(
  `(^|[a-z])(${['Id', 'Ids', 'State', 'Kind', 'Mode', 'Role', 'Version', 'Amount', 'Currency', 'Unit', 'Count', 'Priority',
    'At', 'From', 'Until', 'Percent', 'CycleDay', 'Limit', 'Sequence', 'Result', 'ErrorCode', 'ReasonCode'].join('|')})$`,
);
/** Keys that may end like an open one and still hold a secret or a person's own number. */
const SECRET_KEY = /(secret|password|token|voucher|pin$|puk|mail|phone|msisdn|imsi|imei|device|national|tax|passport|birth|born)/i;

const LONGEST_TEXT = 200;
const LONGEST_LIST = 50;
const DEEPEST = 4;

/** The facts with everything hidden that is not known to be harmless. */
export function redactFacts(facts: AuditFacts): AuditFacts {
  return redactObject(facts, 0);
}

function redactObject(facts: AuditFacts, depth: number): AuditFacts {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, redactValue(key, value, depth)]));
}

function redactValue(key: string, value: AuditValue, depth: number): AuditValue {
  if (value === null || typeof value === 'boolean') return value;
  if (isList(value)) return value.slice(0, LONGEST_LIST).map((item) => redactValue(key, item, depth));
  if (typeof value === 'object') return depth < DEEPEST && !isSecret(key) ? redactObject(value, depth + 1) : REDACTED;
  return isOpen(key) ? String(value).slice(0, LONGEST_TEXT) : REDACTED;
}

const isList = (value: AuditValue): value is readonly AuditValue[] => Array.isArray(value);
const isSecret = (key: string): boolean => SECRET_KEY.test(key);
const isOpen = (key: string): boolean => !isSecret(key) && OPEN_KEY.test(key.charAt(0).toUpperCase() + key.slice(1));

const MAIL = /[^\s@<>"]+@[^\s@<>"]+/g;
/** Six digits or more, with what people put between them: subscriber, card and identity numbers. */
const LONG_NUMBER = /\+?\d(?:[ ().\-/]?\d){5,}/g;

/** A reason typed by a person, without mail addresses and long numbers. A person's name cannot be told from a word. */
export function maskReason(reason: string): string {
  return reason.replace(MAIL, REDACTED).replace(LONG_NUMBER, REDACTED).slice(0, 500);
}
