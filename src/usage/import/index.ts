/**
 * Import of usage from files: a mapping says how rows become usages, the file is checked before anything is charged, and
 * an interrupted import goes on where it was. Where usages are sent is handed in, for this room knows no prices.
 */
export * from './import.error';
export * from './import.types';
export { isConnectionLost } from './connection-lost';
export type { ImportScope } from './event.rules';
export { ImportStore, type ImportStart, type OpenedImport } from './import.store';
export { countedRows, runImport, type ImportRun } from './import.run';
export { checkBytes } from './check-bytes';
export { openCsv } from './csv.source';
export { openJsonLines } from './jsonl.source';
export { OrderedSender } from './ordered-sender';
export type { RowSource, SourceRow } from './row-source';
export { columnsOf, columnsOfRule, type Mapping, type TextRule } from './mapping.types';
export { asMap, asText, characterOf, columnName, MappingForm, oneOf, onlyKeys, readYaml, textRule, zoneOf } from './mapping.forms';
export { bindText, shortened, type Reader } from './mapping.compile';
export { readMapping, withSource } from './mapping.read';
export { openChecked, openWhole, type CheckedFile, type FileForm, type WholeFile } from './open-file';
export { RejectsFile } from './rejects.file';
export { currencyTotals, summaryLines, type ImportSummary } from './summary';
export { SeenKeys } from './seen-keys';
