/**
 * Backup of a whole database into one file, and restore into an empty one: the embedded PostgreSQL ships no pg_dump. One
 * snapshot, every table by COPY, a digest for each that the restore proves again: docs/adr/0008-backup-by-copy.md.
 */
export { backup } from './backup';
export { BackupError } from './backup.error';
export type { BackupReport, CopyProgress, RestoreReport, TableProof } from './backup.types';
export { restore } from './restore';
export { proveTables } from './prove';
