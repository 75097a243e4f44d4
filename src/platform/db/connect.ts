import { Client } from 'pg';
import { StartupError } from '../config/startup-error';

/** Opens one connection for `work` and ends it; what stops it from opening becomes a StartupError without the password. */
export async function withConnection<T>(url: string, variable: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'tributary start' });
  // The end of the connection also rejects the statement under way; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new StartupError(connectSentence(new URL(url), variable, error as Error & { code?: string }));
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** One sentence for a connection that did not open: what is wrong and which variable to change. */
export function connectSentence(url: URL, variable: string, error: Error & { code?: string }): string {
  const server = `${url.hostname || 'localhost'}:${url.port || '5432'}`;
  const database = decodeURIComponent(url.pathname.slice(1));
  switch (error.code) {
    case 'ECONNREFUSED':
      return `No PostgreSQL answers at ${server}: start it, or change ${variable}.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The database host ${url.hostname} is not known: change ${variable}.`;
    case '28P01':
    case '28000':
      return `The database at ${server} refuses the login ${decodeURIComponent(url.username)}: change its name or password in ${variable}.`;
    case '3D000':
      return `The database ${database} does not exist at ${server}: create it, or change ${variable}.`;
    case '53300':
      return `The database at ${server} has no free connection: raise its max_connections or end other clients.`;
    default:
      return `The database at ${server} cannot be reached (${error.message}): change ${variable} or mend the way to it.`;
  }
}
