import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../platform/db';
import { Checkpoint, StoredCounts } from './import.types';

/** What names one import: the same file by the same mapping into the same source is the same import. */
export interface ImportKey {
  readonly tenantId: number;
  readonly source: string;
  readonly fileHash: Buffer;
  readonly mappingHash: Buffer;
}

export interface ImportStart extends ImportKey {
  readonly fileName: string;
  readonly isHistorical: boolean;
  /** Whether its rows are records of what may have been charged online. */
  readonly isRecords: boolean;
  readonly startedBy: string;
}

/** An import as its row tells: where an earlier run of it stopped, or when it was finished. */
export interface OpenedImport {
  readonly id: bigint;
  readonly finishedAt: Date | null;
  readonly checkpoint: Checkpoint | null;
}

/** Called in the transaction that opens an import, for what must stand with it. */
export type WithOpening = (tx: PoolClient, importId: bigint) => Promise<void>;

const OPEN = `
  insert into usage_import (tenant_id, source, file_name, file_hash, mapping_hash, is_historical, started_by, started_at)
  values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
      on conflict (tenant_id, source, file_hash, mapping_hash)
      do update set is_historical = usage_import.is_historical or excluded.is_historical
  returning id, rows_done, counts, finished_at`;

const SAVE = `update usage_import set rows_done = $2, counts = $3 where id = $1 and finished_at is null`;
const FINISH = `update usage_import set rows_done = $2, counts = $3, finished_at = clock_timestamp() where id = $1 and finished_at is null`;

/** A historical source has no late limit, now and when what it left in quarantine is driven again. */
const ADD_HISTORICAL_SOURCE = `
  insert into usage_source (tenant_id, code, late_limit_days, is_historical) values ($1, $2, 60, true) on conflict do nothing`;

/** Of such a source it is asked whether a usage was compared before: whoever sends it again, it is not charged. */
const ADD_RECORD_SOURCE = 'insert into usage_record_source (tenant_id, code) values ($1, $2) on conflict do nothing';

/** Nodes keep a tenant's sources in memory until its catalog version moves. */
const TELL_NODES = 'update tenant set catalog_version = catalog_version + 1 where id = $1';

interface Row {
  readonly id: string;
  readonly rows_done: string;
  readonly counts: StoredCounts | Record<string, never>;
  readonly finished_at: Date | null;
}

/** The rows of `usage_import`. */
export class ImportStore {
  constructor(private readonly pool: Pool) {}

  /** Opens a new import, or finds the one that is the same. */
  open(start: ImportStart, withOpening: WithOpening): Promise<OpenedImport> {
    return inTransaction(this.pool, async (tx) => {
      if (start.isHistorical) await addSource(tx, start, ADD_HISTORICAL_SOURCE);
      if (start.isRecords) await addSource(tx, start, ADD_RECORD_SOURCE);
      const { rows } = await tx.query<Row>(OPEN, [
        start.tenantId, start.source, start.fileName, start.fileHash, start.mappingHash, start.isHistorical, start.startedBy,
      ]);
      const opened = openedOf(rows[0]);
      await withOpening(tx, opened.id);
      return opened;
    });
  }

  async save(id: bigint, { rowsDone, counts }: Checkpoint): Promise<void> {
    await this.pool.query(SAVE, [id.toString(), rowsDone, JSON.stringify(counts)]);
  }

  async finish(id: bigint, { rowsDone, counts }: Checkpoint): Promise<void> {
    await this.pool.query(FINISH, [id.toString(), rowsDone, JSON.stringify(counts)]);
  }
}

async function addSource(tx: PoolClient, { tenantId, source }: ImportStart, statement: string): Promise<void> {
  const added = await tx.query(statement, [tenantId, source]);
  if (added.rowCount === 1) await tx.query(TELL_NODES, [tenantId]);
}

function openedOf({ id, rows_done: rowsDone, counts, finished_at: finishedAt }: Row): OpenedImport {
  const hasCheckpoint = finishedAt === null && 'charged' in counts;
  return { id: BigInt(id), finishedAt, checkpoint: hasCheckpoint ? { rowsDone: +rowsDone, counts: counts as StoredCounts } : null };
}
