import type { ClientBase } from 'pg';
import { StartupError } from '../config/startup-error';
import { TributaryClient } from '../db/client';
import { connectSentence } from '../db/connect';

/*
 * How values are written must not depend on the server's settings: digests are compared between machines. A copy may take
 * long, so nothing cuts it short; a connection that dies does.
 */
const SETTINGS = ['timezone=UTC', 'datestyle=ISO', 'intervalstyle=postgres', 'extra_float_digits=1', 'bytea_output=hex', 'xmlbinary=base64',
  'client_encoding=UTF8', 'search_path=public', 'statement_timeout=0', 'idle_in_transaction_session_timeout=0', 'synchronous_commit=on', 'lock_timeout=5000'];

/** Runs `work` on one connection of the owner's. */
export async function withOwner<T>(ownerUrl: string, name: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = new TributaryClient({
    connectionString: ownerUrl, application_name: name, connectionTimeoutMillis: 5000, keepAlive: true,
    options: SETTINGS.map((setting) => `-c ${setting}`).join(' '),
  });
  try {
    await client.connect();
  } catch (error) {
    throw new StartupError(connectSentence(new URL(ownerUrl), 'DATABASE_URL', error as Error & { code?: string }));
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
