/** Where in which file something is wrong; rows count as a spreadsheet does, the header being row 1. */
export interface Place {
  readonly file: string;
  readonly row?: number;
  readonly column?: string;
}

/** Why a whole file or mapping cannot be imported; nothing of it was charged. The message names file, row and column. */
export class ImportError extends Error {
  override readonly name = 'ImportError';

  constructor(readonly place: Place, problem: string) {
    super(`${placeText(place)}: ${problem}`);
  }
}

/** The import ended before the file did; what is charged stays, and the same command goes on from there. */
export class ImportStopped extends Error {
  override readonly name = 'ImportStopped';
}

/** The import was asked to stop; the message says how far it came. */
export class ImportInterrupted extends ImportStopped {
  constructor(row: number | null, isStored: boolean) {
    super(row === null ? 'Stopped before the first row; nothing was stored.'
      : `Stopped after row ${row}; ${isStored ? 'the same command goes on from there' : 'nothing was stored'}.`);
  }
}

function placeText({ file, row, column }: Place): string {
  const parts = [file, row === undefined ? '' : `row ${row}`, column === undefined ? '' : `column "${column}"`];
  return parts.filter(Boolean).join(', ');
}

export type RejectCode =
  | 'MISSING_VALUE' | 'UNKNOWN_VALUE' | 'INVALID_VALUE' | 'INVALID_TIME' | 'INVALID_QUANTITY' | 'INEXACT_QUANTITY' | 'WRONG_UNIT'
  | 'INVALID_NUMBER' | 'CONFLICT' | 'ALREADY_EXISTS';

/** Why one row cannot become a usage; its neighbours are imported. Raised by the mapping, caught once per row. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem';

  /** @param column the column at fault; empty where it is none alone. */
  constructor(readonly code: RejectCode, message: string, readonly column = '') {
    super(message);
  }
}
