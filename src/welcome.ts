import type { Pool } from 'pg';
import { DemoKey } from './platform/auth/demo-key';
import { DEMO_IDENTITIES, DemoIdentity, DemoIdentityMissing, mintDemoToken } from './platform/auth/demo';
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
  ].join('\n');
}

/** The demo's part: every identity with a fresh token, and three operations to paste. */
export async function demoGuide(pool: Pool, key: DemoKey): Promise<string> {
  const lines: string[] = [];
  for (const identity of DEMO_IDENTITIES) lines.push(await identityLine(pool, key, identity));
  const operations = examples(Date.now()).map(({ title, identity, operation }) => `${title} (token of ${identity})\n\n${operation}`);
  return [
    'Demo identities, with tokens for the header "authorization: Bearer TOKEN" (12 hours; tributary token NAME makes another):',
    lines.join('\n'),
    'Three operations to paste:',
    ...operations,
  ].join('\n\n');
}

async function identityLine(pool: Pool, key: DemoKey, identity: DemoIdentity): Promise<string> {
  const title = `  ${identity.name.padEnd(14)} ${identity.note}`;
  try {
    return `${title}\n    ${await mintDemoToken(key, pool, identity)}`;
  } catch (error) {
    if (!(error instanceof DemoIdentityMissing)) throw error;
    return `${title}\n    no token: ${error.message}`;
  }
}
