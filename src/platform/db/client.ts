import { Client, ClientConfig, QueryResult } from 'pg';

/** Raised where a COMMIT was answered with another tag: the transaction was rolled back, nothing of it is stored. */
export class CommitRefused extends Error {
  constructor(readonly tag: string) {
    super(`COMMIT was answered with ${tag}; nothing was stored.`);
  }
}

const isCommit = (text: unknown): boolean => typeof text === 'string' && /^\s*commit\s*;?\s*$/i.test(text);

/**
 * PostgreSQL answers the COMMIT of a failed transaction with the tag ROLLBACK and no error, which would pass for
 * success. This client rejects unless the tag is COMMIT. It serves our own pools and TypeORM (`extra: { Client }`).
 */
export class TributaryClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    // A connection that ends while it is out of its pool would otherwise end the process; its next statement fails anyway.
    this.on('error', () => undefined);
    const send = this.query.bind(this) as (...args: unknown[]) => unknown;
    // pg types `query` by eight overloads; the check only looks at a promise or a callback of the plain COMMIT text.
    (this as { query: unknown }).query = (...args: unknown[]): unknown => {
      const first = args[0] as { text?: string } | string | undefined;
      const text = typeof first === 'string' ? first : first?.text;
      if (!isCommit(text)) return send(...args);
      const last = args[args.length - 1];
      if (typeof last !== 'function') return (send(...args) as Promise<QueryResult>).then(requireCommitTag);
      args[args.length - 1] = (error: Error | null, result: QueryResult) => {
        const refused = !error && result.command !== 'COMMIT' ? new CommitRefused(result.command) : error;
        last(refused, refused ? undefined : result);
      };
      return send(...args);
    };
  }
}

function requireCommitTag(result: QueryResult): QueryResult {
  if (result.command !== 'COMMIT') throw new CommitRefused(result.command);
  return result;
}
