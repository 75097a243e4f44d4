import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Seeds {
  seed(context: { ownerUrl: string }): Promise<unknown>;
}

/** Loads the numbered stories of seeds/; each is idempotent, so that every start may do it. */
export async function plantDemo(ownerUrl: string): Promise<void> {
  const seeds = join(__dirname, '..', 'seeds', 'index');
  if (!existsSync(`${seeds}.js`)) return;
  await ((await import(seeds)) as Seeds).seed({ ownerUrl });
}
