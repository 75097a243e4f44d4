import 'reflect-metadata';
import { loadConfig } from '../platform/config';
import type { CommandIo } from './command';
import { COMMANDS, loadCommand } from './commands';
import { dispatch } from './dispatch';

interface Heard {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = async (...argv: string[]): Promise<Heard> => {
  const heard = { out: '', err: '' };
  const io: CommandIo = {
    out: (line) => { heard.out += `${line}\n`; },
    err: (line) => { heard.err += `${line}\n`; },
    isTerminal: false,
    config: () => loadConfig({ PORT: 'bad' }),
  };
  return { code: await dispatch(argv, io), ...heard };
};

describe('the command line', () => {
  it.each(Object.keys(COMMANDS))('has help for %s', async (name) => {
    const command = await loadCommand(name);
    const { code, out, err } = await run(...name.split(' '), '--help');
    expect({ name: command.name, code, err }).toEqual({ name, code: 0, err: '' });
    expect(out).toContain(`Usage: tributary ${name}`);
    for (const option of Object.keys(command.options)) expect(out).toContain(`--${option}`);
  });

  it.each([[['--help']], [[]], [['help']]])('lists every command for %j', async (argv) => {
    const { code, out } = await run(...argv);
    expect(code).toBe(0);
    for (const name of Object.keys(COMMANDS)) expect(out).toContain(`  ${name} `);
  });

  it.each([
    [['bogus'], /^There is no command "bogus"\.\n\nUsage: tributary COMMAND/],
    [['schema'], /^There is no command "schema"/],
    [['migrate', '--sideways'], /^Unknown option '--sideways'\n\nBring the schema/],
  ])('answers %j with its help and code 2', async (argv, said) => {
    const { code, out, err } = await run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(said);
  });

  it('says what keeps a command from starting in one sentence, with code 1', async () => {
    expect(await run('migrate')).toEqual({
      code: 1, out: '', err: 'PORT must be a whole number from 0 to 65535; "bad" is not.\n',
    });
  });
});
