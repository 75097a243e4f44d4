import { hostname } from 'node:os';
import type { Pool } from 'pg';

/** Words that only the inside of the product knows: of SQL, of the file system, of stacks, hosts, roles and libraries. */
const INSIDE = [
  /\bselect\s|insert into|\bupdate\s+\w+\s+set|\bdelete from|\bfrom\s+"?\w+_\w+/i, /violates|constraint|\brelation\b|\bcolumn "|syntax error at|SQLSTATE|\b(?:22|23|40|42|53|57)[A-Z0-9]{3}\b/,
  /node_modules|\/src\/|\/dist\/|\/work\/|\/tmp\/|\.[jt]s:\d+|\bat \S+ \(|Error:|\bstack/i,
  /postgres|tributary_app|\bpg_|127\.0\.0\.1|localhost|ECONN|EPIPE|ETIMEDOUT/i,
  /apollo|fastify|type-?graphql|graphql-js|graphql-ws|typeorm|dataloader|\bjose\b|JWS|JWT|JWKS|pino|undefined|\[object|NaN\b/i,
  /did you mean/i,
];

/** The table names that are no words of the API. */
async function tableNames(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(`select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and relname like '%\\_%'`);
  return rows.map(({ name }) => name);
}

/** Finds in texts what should have been masked; each find with the text around it. */
export async function maskReader(pool: Pool): Promise<(texts: readonly string[]) => string[]> {
  const tables = await tableNames(pool);
  const words = [...INSIDE, new RegExp(`\\b(?:${[...tables, hostname()].join('|')})\\b`)];
  return (texts) => texts.flatMap((text) => words.flatMap((word) => {
    const found = word.exec(text);
    return found ? [`${word.source.slice(0, 30)} … ${text.slice(Math.max(0, found.index - 60), found.index + 60)}`] : [];
  }));
}
