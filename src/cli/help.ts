import type { Command, CommandOption } from './command';
import { COMMANDS, loadCommand } from './commands';

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = rows.reduce((longest, [left]) => (left.length > longest ? left.length : longest), 0);
  return rows.map(([left, right]) => `  ${left.padEnd(width + 2)}${right}`).join('\n');
};

const optionLeft = ([name, option]: [string, CommandOption]): string => {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${name}${option.type === 'string' ? ` ${option.placeholder ?? 'VALUE'}` : ''}`;
};

/** The help of one command. */
export function commandHelp(command: Command, common: Readonly<Record<string, CommandOption>>): string {
  const options = Object.entries({ ...command.options, ...common })
    .map((entry) => [optionLeft(entry), entry[1].description] as const);
  const usage = ['tributary', command.name, command.usage].filter(Boolean).join(' ');
  return `${command.summary}\n\nUsage: ${usage} [options]\n\nOptions:\n${columns(options)}`;
}

/** The list of all commands. */
export async function commandList(): Promise<string> {
  const loaded = await Promise.all(Object.keys(COMMANDS).map(loadCommand));
  const rows = loaded.map((command) => [`${command.name} ${command.usage}`.trim(), command.summary] as const);
  return `Usage: tributary COMMAND [options]\n\nCommands:\n${columns(rows)}\n\n`
    + '"tributary COMMAND --help" shows the options of a command. Settings come from the environment: docs/configuration.md.';
}
