/**
 * Go-live from another system: what each account has there (money, units, counters, debts, running products) is brought as
 * moves against the account `migration`, each once, with control totals. docs/operations.md says how a file looks.
 */
export { compareTotals, readControl, type ControlLine, type TotalLine } from './control';
export { CutoverCounts, runCutover, type CutoverRun } from './cutover.run';
export { bringing, CutoverStopped, judging } from './bring';
export { CSV_FORM, openCutoverFile, ownColumns, type CutoverFile } from './cutover.file';
