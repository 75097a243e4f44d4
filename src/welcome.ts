import type { Pool } from 'pg';
import { DemoKey } from './platform/auth/demo-key';
import { DEMO_IDENTITIES, DemoIdentity, DemoIdentityMissing, mintDemoToken } from './platform/auth/demo';
import { encodeId } from './platform/graphql/node-id';
import { examples } from './welcome.examples';

export interface WelcomeFacts {
  /** Base address of the server, such as http://127.0.0.1:4000. */
  readonly address: string;
  /** Folder of the embedded database; undefined with DATABASE_URL. */
  readonly folder: string | undefined;
}

/** The addresses, for any start. */
export function addresses({ address, folder }: WelcomeFacts): string {
  const database = folder === undefined ? 'the one of DATABASE_URL' : `embedded, in ${folder}`;
  return [
    'Tributary is ready.',
    `  GraphQL       ${address}/graphql (a browser shows GraphiQL)`,
    `  Live          ${address.replace(/^http/, 'ws')}/graphql (graphql-ws)`,
    `  Health        ${address}/health/ready`,
    `  Metrics       ${address}/metrics`,
    `  Database      ${database}`,
    '  Stop          Ctrl-C',
  ].join('\n');
}

/** The demo's part: every identity with a fresh token, and three operations to paste. */
export async function demoGuide(pool: Pool, key: DemoKey): Promise<string> {
  const lines: string[] = [];
  for (const identity of DEMO_IDENTITIES) lines.push(await identityLine(pool, key, identity));
  const operations = examples(Date.now(), await aliceAccountId(pool)).map(({ title, identity, operation }) => `${title} (token of ${identity})\n\n${operation}`);
  return [
    'Demo identities, with tokens for the header "authorization: Bearer TOKEN" (12 hours; npx tributary token NAME makes another):',
    lines.join('\n'),
    'Three operations to paste, in this order:',
    ...operations,
  ].join('\n\n');
}

/** The account that the operations are about; where the database lacks it, words that say what belongs there. */
async function aliceAccountId(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(ALICE_ACCOUNT);
  return rows.length === 0 ? 'ACCOUNT ID' : encodeId('BillingAccount', rows[0].id);
}

const ALICE_ACCOUNT = `
  select a.id::text from billing_account a
    join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id join tenant t on t.id = c.tenant_id
   where t.code = 'demo' and c.external_id = 'alice' order by a.id limit 1`;

async function identityLine(pool: Pool, key: DemoKey, identity: DemoIdentity): Promise<string> {
  const title = `  ${identity.name.padEnd(14)} ${identity.note}`;
  try {
    return `${title}\n    ${await mintDemoToken(key, pool, identity)}`;
  } catch (error) {
    if (!(error instanceof DemoIdentityMissing)) throw error;
    return `${title}\n    no token: ${error.message}`;
  }
}
