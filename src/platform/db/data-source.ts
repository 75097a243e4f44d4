import { join } from 'node:path';
import { DataSource, DataSourceOptions, Logger } from 'typeorm';
import { TributaryClient } from './client';
import { APP_ROLE, CLUSTER_SETTING } from './pool';

const here = (folder: string): string => join(__dirname, '..', '..', '..', folder, '*.{js,ts}');

const common = (url: string): DataSourceOptions => ({
  type: 'postgres',
  url,
  synchronize: false,
  // The migrations do; the role of the running product may not.
  installExtensions: false,
  entities: [join(__dirname, '..', '..', '**', '*.entity.{js,ts}')],
  migrationsTableName: 'migration',
  extra: { Client: TributaryClient, max: 4 },
});

/** Far less than the charging path waits for a lock: whoever comes after a waiting migration waits behind it. */
const MIGRATION_LOCK_TIMEOUT_MS = 500;

const nothing = (): void => undefined;

/** A migration that comes again says so to nobody: standard output is for a command's answer. */
const SILENT: Logger = {
  logQuery: nothing, logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing,
};

/** The owner's view: runs migrations and nothing else. */
export function ownerDataSource(url: string): DataSource {
  return new DataSource({
    ...common(url),
    extra: { Client: TributaryClient, max: 4, options: `-c lock_timeout=${MIGRATION_LOCK_TIMEOUT_MS}` },
    logger: SILENT,
    migrations: [here('migrations')],
    migrationsTransactionMode: 'each',
  } as DataSourceOptions);
}

/** The running product's view for the cold rooms: works as tributary_app. `setRole` false where the url already is that role's. */
export function appDataSource(url: string, setRole: boolean): DataSource {
  const settings = ['synchronous_commit=on', 'statement_timeout=5000', 'lock_timeout=2000', 'timezone=UTC', CLUSTER_SETTING,
    ...(setRole ? [`role=${APP_ROLE}`] : [])];
  return new DataSource({
    ...common(url),
    applicationName: 'tributary cold',
    extra: { Client: TributaryClient, max: 4, options: settings.map((setting) => `-c ${setting}`).join(' ') },
  } as DataSourceOptions);
}
