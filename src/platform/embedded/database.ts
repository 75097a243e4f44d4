import type { Config } from '../config';
import { startEmbedded } from './launcher';

/** The database that the configuration names. */
export interface OpenDatabase {
  /** Owner: migrations, seeds and checks alone. */
  readonly ownerUrl: string;
  /** The running product's login. */
  readonly appUrl: string;
  /** True where `appUrl` is the owner's and each connection must `set role tributary_app`. */
  readonly setRole: boolean;
  /** Folder of the embedded cluster; undefined with DATABASE_URL. */
  readonly folder: string | undefined;
  /** Stops what was started for it; close every connection first. */
  close(): Promise<void>;
}

/** Starts (or shares) the embedded database, or takes DATABASE_URL as it is, and then starts nothing. */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
  const { databaseUrl, appDatabaseUrl } = config;
  if (databaseUrl !== undefined) {
    const appUrl = appDatabaseUrl ?? databaseUrl;
    return { ownerUrl: databaseUrl, appUrl, setRole: appDatabaseUrl === undefined, folder: undefined, close: () => Promise.resolve() };
  }
  const onCrash = (): void => { process.stderr.write('The embedded PostgreSQL ended by itself; it is started again.\n'); };
  const { url, folder, stop } = await startEmbedded({ dataDir: config.dataDir, durable: true, onCrash });
  return { ownerUrl: url, appUrl: url, setRole: true, folder, close: stop };
}
