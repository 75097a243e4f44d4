import { parseArgs } from 'node:util';
import { StartupError } from '../platform/config';
import { Command, CommandArgs, CommandIo, CommandOption, UsageError } from './command';
import { COMMANDS, loadCommand } from './commands';
import { commandHelp, commandList } from './help';

/** Options that every command has. */
const COMMON: Readonly<Record<string, CommandOption>> = {
  help: { type: 'boolean', short: 'h', description: 'Show this help.' },
  json: { type: 'boolean', description: 'Answer in JSON, for programs.' },
};

/** Runs the command that `argv` (without node and script) names; the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function dispatch(argv: readonly string[], io: CommandIo): Promise<number> {
  const name = commandName(argv);
  if (name === undefined) return withoutCommand(argv, io);
  const command = await loadCommand(name);
  try {
    const { args, help } = parse(command, argv.slice(name.split(' ').length));
    if (help) io.out(commandHelp(command, COMMON));
    return help ? 0 : await command.run(args, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`${error.message}\n\n${commandHelp(command, COMMON)}`);
      return 2;
    }
    if (!(error instanceof StartupError)) throw error;
    io.err(error.message);
    return 1;
  }
}

/** The longest name that the first words spell: `usage import` before `usage`. */
function commandName(argv: readonly string[]): string | undefined {
  const names = Object.keys(COMMANDS).sort((a, b) => b.length - a.length);
  return names.find((name) => name.split(' ').every((word, at) => argv[at] === word));
}

async function withoutCommand(argv: readonly string[], io: CommandIo): Promise<number> {
  const list = await commandList();
  const asked = argv.length === 0 || ['--help', '-h', 'help'].includes(argv[0]);
  if (asked) io.out(list);
  else io.err(`There is no command "${argv.join(' ')}".\n\n${list}`);
  return asked ? 0 : 2;
}

function parse(command: Command, argv: readonly string[]): { args: CommandArgs; help: boolean } {
  try {
    const options = Object.fromEntries(Object.entries({ ...command.options, ...COMMON })
      .map(([name, { type, short }]) => [name, short === undefined ? { type } : { type, short }]));
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
    const flag = (name: string): boolean => values[name] === true;
    return { args: { positionals, text, flag, json: flag('json') }, help: flag('help') };
  } catch (error) {
    if (!(error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
}
