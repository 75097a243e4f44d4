/** One table of a backup, counted and digested. */
export interface TableProof {
  readonly table: string;
  readonly rows: number;
  /** Sum (mod 2^256) of the SHA-256 of its rows in COPY text, as 64 hexadecimal digits: whatever the order of the rows. */
  readonly digest: string;
}

/** First frame of a file: what it is, and for which program. */
export interface BackupHead {
  readonly format: number;
  readonly program: string;
  readonly createdAt: string;
  /** Names of the migrations that made the schema, sorted. */
  readonly migrations: readonly string[];
  /** Tables in the order of the file, parents before children. */
  readonly tables: readonly string[];
}

/** Before the rows of a table. */
export interface BackupTable {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Last frame: only a file that has it is whole. */
export interface BackupEnd {
  readonly tables: readonly TableProof[];
  /** The value that each sequence gives next, as text. */
  readonly sequences: Readonly<Record<string, string>>;
}

/** How far a copy is: rows of all tables so far, of about so many. */
export interface CopyProgress {
  readonly table: string;
  readonly rows: number;
  readonly ofAbout: number;
}

export interface BackupReport extends BackupEnd {
  readonly file: string;
  readonly bytes: number;
  readonly createdAt: string;
  readonly migrations: readonly string[];
  readonly rows: number;
}

export interface RestoreReport extends BackupEnd {
  readonly file: string;
  /** When the backup was made. */
  readonly createdAt: string;
  readonly rows: number;
}
