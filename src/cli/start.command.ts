import { start } from '../main';
import type { Command } from './command';

/** The same as `npm start`. */
export const command: Command = {
  name: 'start',
  summary: 'Start the server; Ctrl-C stops it in order.',
  usage: '',
  options: {},
  run: (_args, io) => start(io.config()),
};
