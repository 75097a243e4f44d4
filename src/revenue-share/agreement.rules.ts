import { refuse } from '../platform/errors';
import { parseDecimal, pow10, Unit } from '../platform/money';
import type { ShareBasis } from './share.rules';

/**
 * Life of an agreement version (TMF651): IN_PROCESS → APPROVED by a second person | REJECTED; APPROVED is ACTIVE from its start
 * on, then EXPIRED where a later version follows it, or TERMINATED. Start and end are read off the clock; nothing runs.
 */
export type AgreementState = 'IN_PROCESS' | 'APPROVED' | 'REJECTED' | 'ACTIVE' | 'EXPIRED' | 'TERMINATED';
export type StoredAgreementState = 'IN_PROCESS' | 'APPROVED' | 'REJECTED' | 'TERMINATED';

interface Validity { readonly validFrom: Date | null; readonly validUntil: Date | null }

/** The state that a version shows at an instant. */
export function agreementStateAt(stored: StoredAgreementState, { validFrom, validUntil }: Validity, now: Date): AgreementState {
  if (stored === 'IN_PROCESS' || stored === 'REJECTED') return stored;
  // Ended before its start: it never holds.
  if (validUntil !== null && validFrom !== null && validUntil <= validFrom && stored === 'TERMINATED') return 'TERMINATED';
  if (validUntil !== null && validUntil <= now) return stored === 'TERMINATED' ? 'TERMINATED' : 'EXPIRED';
  return validFrom !== null && validFrom <= now ? 'ACTIVE' : 'APPROVED';
}

/** What one partner shall receive: a percentage, or an amount for every so many units. */
export interface ProposedPart {
  readonly partnerId: bigint;
  /** Decimal text, 70 = 70 %; null with `rate`. */
  readonly percent: string | null;
  readonly rate: { /** Millionths of the currency. */ readonly amount: bigint; readonly per: bigint; readonly unit: Unit } | null;
}

/** One level: what it is about, what of it is shared, and who receives what. */
export interface ProposedItem {
  /** Null = every offering. */
  readonly offeringId: bigint | null;
  /** Null = every kind. */
  readonly kind: string | null;
  readonly basis: ShareBasis;
  readonly parts: readonly ProposedPart[];
  /** Null = the operator. */
  readonly residualPartnerId: bigint | null;
}

const MOST_ITEMS = 50;
const MOST_PARTS = 20;
const PERCENT_DECIMALS = 6;
const HUNDRED = 100n * pow10(PERCENT_DECIMALS);

/** A percentage in millionths of a percent; null where it is none between 0 and 100. */
export function parsePercent(text: string): bigint | null {
  const decimal = parseDecimal(text);
  if (!decimal || decimal.scale > PERCENT_DECIMALS) return null;
  const value = decimal.unscaled * pow10(PERCENT_DECIMALS - decimal.scale);
  return value > 0n && value <= HUNDRED ? value : null;
}

/** Checks the levels of an agreement, when it is proposed and again when it is approved. @throws Refusal INVALID_INPUT with the place. */
export function checkItems(items: readonly ProposedItem[]): void {
  if (items.length === 0 || items.length > MOST_ITEMS) refuse('INVALID_INPUT', `An agreement has 1 to ${MOST_ITEMS} items.`, ['items']);
  const scopes = new Set<string>();
  items.forEach((item, index) => {
    const path = ['items', `${index}`];
    const scope = `${item.offeringId}:${item.kind}`;
    if (scopes.has(scope)) refuse('INVALID_INPUT', 'Another item of the agreement is about the same charges.', path);
    scopes.add(scope);
    checkParts(item, path);
  });
}

function checkParts({ parts, residualPartnerId }: ProposedItem, path: readonly string[]): void {
  if (parts.length > MOST_PARTS || (parts.length === 0 && residualPartnerId === null)) {
    refuse('INVALID_INPUT', `An item has 1 to ${MOST_PARTS} parties, or a residual party.`, [...path, 'parties']);
  }
  const partners = new Set<bigint>(residualPartnerId === null ? [] : [residualPartnerId]);
  let sum = 0n;
  parts.forEach((part, index) => {
    const at = [...path, 'parties', `${index}`];
    if (partners.has(part.partnerId)) refuse('INVALID_INPUT', 'A partner stands in an item once; the residual party takes the rest alone.', [...at, 'partnerId']);
    partners.add(part.partnerId);
    sum += checkPart(part, at);
  });
  if (sum > HUNDRED) refuse('INVALID_INPUT', 'The percentages of one level are more than 100.', [...path, 'parties']);
}

function checkPart({ percent, rate }: ProposedPart, path: readonly string[]): bigint {
  if ((percent === null) === (rate === null)) return refuse('INVALID_INPUT', 'A party receives a percentage or an amount per unit.', path);
  if (percent !== null) {
    const value = parsePercent(percent);
    return value ?? refuse('INVALID_INPUT', 'A percentage is above 0 and at most 100, with at most six decimals.', [...path, 'percent']);
  }
  if (rate && (rate.amount <= 0n || rate.per <= 0n)) refuse('INVALID_INPUT', 'Amount and units are above zero.', [...path, 'perUnit']);
  return 0n;
}
