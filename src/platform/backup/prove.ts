import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { TableProof } from './backup.types';
import { RowDigest } from './row-digest';
import { CopiedTable, listTables, namedTable } from './schema';

/** The rows of a table in COPY text, chunk by chunk. */
export function rowsOf(client: ClientBase, table: Pick<CopiedTable, 'name' | 'columns'>): AsyncIterable<Buffer> {
  const { name, columns } = namedTable(table);
  return client.query(copyTo(`copy (select ${columns} from ${name}) to stdout`));
}

/** Counts and digests one table as it stands. */
export async function proveTable(client: ClientBase, table: Pick<CopiedTable, 'name' | 'columns'>): Promise<TableProof> {
  const digest = new RowDigest();
  for await (const chunk of rowsOf(client, table)) digest.update(chunk);
  return { table: table.name, digest: digest.digest, rows: digest.rows };
}

/** Counts and digests every table. */
export async function proveTables(client: ClientBase): Promise<TableProof[]> {
  const proofs: TableProof[] = [];
  for (const table of await listTables(client)) proofs.push(await proveTable(client, table));
  return proofs;
}
