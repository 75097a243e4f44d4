import { ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Pool } from 'pg';
import { createPool } from '../src/platform/db';
import { startEmbedded } from '../src/platform/embedded';
import { createFleet, migrateBench } from './fleet';

/** A durable database with a fleet of subscribers and one node of the product in a process of its own. */
export interface Site {
  readonly url: string;
  readonly port: number;
  /** Of a NETWORK caller. */
  readonly token: string;
  /** Tokens of CRM agents, one each: what one caller may ask for in a minute is bounded. */
  agents(count: number): Promise<string[]>;
  readonly owner: Pool;
  close(): Promise<void>;
}

const ISSUER = 'bench';

/** Opens a site; `accounts` prepaid subscribers, fsync on, on loopback. */
export async function openSite(accounts: number): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  chmodSync(folder, 0o755);
  const database = await startEmbedded({ dataDir: folder, durable: true, database: 'bench' });
  await migrateBench(database.url);
  const owner = createPool({ url: database.url, max: 1, name: 'bench owner', setRole: false });
  await createFleet(owner, accounts);
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keyFile = join(folder, 'key.json');
  writeFileSync(keyFile, JSON.stringify({ ...(await exportJWK(publicKey)), alg: 'ES256' }));
  const mint = (role: string, subject: string): Promise<string> => new SignJWT({ tenant: 'bench', role }).setProtectedHeader({ alg: 'ES256' }).setIssuer(ISSUER)
    .setAudience(ISSUER).setSubject(subject).setJti(subject).setIssuedAt().setExpirationTime('14m').sign(privateKey);
  const token = await mint('NETWORK', 'bench');
  const agents = (count: number): Promise<string[]> => Promise.all(Array.from({ length: count }, (_, n) => mint('CRM_AGENT', `agent-${n}`)));
  const node = await startNode(database.url, keyFile);
  const close = async (): Promise<void> => {
    const ended = new Promise((resolve) => { node.child.once('close', resolve); });
    node.child.kill('SIGTERM');
    await ended;
    await owner.end();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: database.url, port: node.port, token, agents, owner, close };
}

async function startNode(url: string, keyFile: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ['--max-semi-space-size=128', join(__dirname, '..', 'src', 'main.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'warn', JWT_ISSUER: ISSUER, JWT_AUDIENCE: ISSUER,
      JWT_KEY_FILE: keyFile, TRIBUTARY_DEMO: '0' },
  });
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/[^:]+:(\d+)\/graphql/.exec(said);
      if (found) resolve(+found[1]!);
    });
    child.once('close', (code) => reject(new Error(`The node ended with ${code}.`)));
  });
  return { child, port };
}
