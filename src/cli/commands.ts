import { join } from 'node:path';
import type { Command } from './command';

/** Every command and the module that holds it, from src, in the order of --help. A module is loaded when it is needed. */
export const COMMANDS: Readonly<Record<string, string>> = {
  start: 'cli/start.command',
  migrate: 'cli/migrate.command',
  seed: 'cli/seed.command',
  'tenant create': 'cli/tenant-create.command',
  token: 'platform/auth/token.command',
  'usage import': 'cli/usage-import.command',
  'usage generate': 'cli/usage-generate.command',
  'usage compare': 'cli/usage-compare.command',
  'customers import': 'cli/customers-import.command',
  'customers reconcile': 'cli/customers-reconcile.command',
  cutover: 'cli/cutover.command',
  'bill run': 'cli/bill-run.command',
  'bill pdf': 'cli/bill-pdf.command',
  tour: 'cli/tour.command',
  audit: 'cli/audit.command',
  'db distribute': 'cli/db-distribute.command',
  'schema print': 'cli/schema-print.command',
  backup: 'cli/backup.command',
  restore: 'cli/restore.command',
};

/** Loads a command of the list. */
export async function loadCommand(name: string): Promise<Command> {
  const { command } = (await import(join(__dirname, '..', COMMANDS[name]))) as { readonly command: Command };
  return command;
}
