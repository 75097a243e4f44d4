import { plantDemo } from '../demo';
import { StartupError } from '../platform/config';
import { withRooms } from './rooms';
import type { Command } from './command';

/** Loads the demo's stories; each is idempotent. */
export const command: Command = {
  name: 'seed',
  summary: 'Load the demo operator, its catalog and its subscribers (demo mode only).',
  usage: '',
  options: {},
  async run(args, io) {
    const config = io.config();
    if (!config.demo) throw new StartupError('Seeds exist in demo mode only: set TRIBUTARY_DEMO=1.');
    await withRooms(config, (rooms, log) => plantDemo(rooms, log));
    io.out(args.json ? JSON.stringify({ seeded: true }) : 'The demo is loaded.');
    return 0;
  },
};
