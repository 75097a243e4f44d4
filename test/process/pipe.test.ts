import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runTributary } from '../support';

const BIN = join(__dirname, '..', '..', 'bin', 'tributary.js');

it('ends in silence where nobody reads on, as in `tributary … | head`', async () => {
  // Compiles the sources where that is due, so that the command below has only its answer to write.
  expect((await runTributary(['--help'], {})).code).toBe(0);
  const child = spawn(process.execPath, [BIN, '--help'], { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stdout.destroy();
  child.stderr.setEncoding('utf8').on('data', (text: string) => { complaint += text; });
  const code = await new Promise<number | null>((resolve) => { child.on('close', resolve); });
  expect(complaint).toBe('');
  expect(code).toBe(141);
});
