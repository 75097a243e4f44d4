/**
 * The conductor: batches of usages and money moves, one lock per root account, two trips per batch. Balances are read here
 * too, as they would stand now.
 */
export * from './charging.api';
export { accountViewLoader } from './account-view.loader';
export { checkBooks } from './check-books';
export { compareRecords, type ComparisonReport, type ComparisonTotal } from './comparison-report';
export type * from './batch-step';
export type { ReadRow, RowWriter, SettleAccount, SettleDecision, SettleDesk, SettleMove } from './settle.types';
export type { ChargeRow } from './charge.types';
export { Conductor, type ConductorOptions } from './conductor';
export { Overloaded, OutcomeUnknown, DeadlineExceeded } from './lane/faults';
export { voucherHash } from './decide/top-up';
export { periodRule } from './decide/renewal';
export { messageOf } from './decide/refusals';
