import { refuse } from '../platform/errors';
import { divideRounded, MONEY_SCALE, minorDigits, pow10 } from '../platform/money';

/**
 * Life of a statement: a period is OPEN while it runs; closing it makes a CALCULATED statement, which finance PUBLISHES; the
 * partner ACCEPTS or DISPUTES it; then it is SETTLED. Nothing of it is ever edited: what changes later is an adjustment on
 * the next.
 */
export const STATEMENT_STATES = ['CALCULATED', 'PUBLISHED', 'ACCEPTED', 'DISPUTED', 'SETTLED'] as const;
export type StatementState = (typeof STATEMENT_STATES)[number];
export type StatementStep = 'PUBLISH' | 'ACCEPT' | 'DISPUTE' | 'SETTLE';

const STEPS: Readonly<Record<StatementStep, { readonly from: readonly StatementState[]; readonly to: StatementState }>> = {
  PUBLISH: { from: ['CALCULATED'], to: 'PUBLISHED' },
  ACCEPT: { from: ['PUBLISHED'], to: 'ACCEPTED' },
  DISPUTE: { from: ['PUBLISHED'], to: 'DISPUTED' },
  SETTLE: { from: ['ACCEPTED', 'DISPUTED'], to: 'SETTLED' },
};

/** The state after a step. @throws Refusal CONFLICT for a step that the state does not have. */
export function statementAfter(state: StatementState, step: StatementStep): StatementState {
  const { from, to } = STEPS[step];
  return from.includes(state) ? to : refuse('CONFLICT', `The statement is ${state}.`, ['statementId']);
}

/** Sums of what is owed by one item, offering and kind, as they stand in `share_total`. */
export interface ShareSum {
  readonly versionId: string;
  readonly item: number;
  readonly offeringId: string;
  readonly kind: string;
  /** The statement whose period these refunds belong to; null for what belongs to the period itself. */
  readonly adjustsId: string | null;
  readonly basis: bigint;
  readonly share: bigint;
  readonly events: bigint;
}

/** A line: the exact sum of its shares, rounded once. */
export interface StatementLine extends Omit<ShareSum, 'share'> {
  readonly exact: bigint;
  /** In whole minor units, kept at six decimals. */
  readonly share: bigint;
}

/** The figures of a statement, in millionths; all but `rounding` are whole minor units. */
export interface StatementFigures {
  readonly lines: readonly StatementLine[];
  readonly share: bigint;
  /** What rounding added to the exact sums; it is posted to the rounding account. */
  readonly rounding: bigint;
  /** What the statement before could not take off: zero or less. */
  readonly carriedIn: bigint;
  readonly payable: bigint;
  /** What the next statement takes off: zero or less. */
  readonly carriedForward: bigint;
}

/** The minor unit of a currency in millionths. */
export const minorUnit = (currency: string): bigint => pow10(MONEY_SCALE - minorDigits(currency));

/** The one rounding of revenue sharing: a line's exact sum to the minor unit of its currency, half up (money-rules 7.3). */
export function roundedLine(exact: bigint, currency: string): bigint {
  const unit = minorUnit(currency);
  return divideRounded(exact, unit, 'HALF_UP') * unit;
}

/** A statement is a pure function of the sums of its period and of what was carried into it. */
export function figuresOf(sums: readonly ShareSum[], carriedIn: bigint, currency: string): StatementFigures {
  const lines = [...sums].sort(byPlace).map(({ share: exact, ...sum }) => ({ ...sum, exact, share: roundedLine(exact, currency) }));
  const share = lines.reduce((sum, line) => sum + line.share, 0n);
  const rounding = lines.reduce((sum, line) => sum + line.share - line.exact, 0n);
  const total = share + carriedIn;
  return { lines, share, rounding, carriedIn, payable: total > 0n ? total : 0n, carriedForward: total < 0n ? total : 0n };
}

/** Adjustments after the period's own lines; within each by agreement version, item, offering and kind. */
function byPlace(a: ShareSum, b: ShareSum): number {
  return order(BigInt(a.adjustsId ?? 0), BigInt(b.adjustsId ?? 0)) || order(BigInt(a.versionId), BigInt(b.versionId))
    || a.item - b.item || order(BigInt(a.offeringId), BigInt(b.offeringId)) || order(a.kind, b.kind);
}

const order = <T extends bigint | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
