import type { Config } from '../platform/config';

/** One option of a command, `--name`. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** One letter, `-n`. */
  readonly short?: string;
  /** One sentence for --help. */
  readonly description: string;
  /** What stands for the value in --help, such as `FILE`. */
  readonly placeholder?: string;
}

/** What the caller typed after the command's name. */
export interface CommandArgs {
  readonly positionals: readonly string[];
  /** The value of a string option; undefined where it was not given. */
  text(name: string): string | undefined;
  /** True where the boolean option was given. */
  flag(name: string): boolean;
  /** True with --json: results go to `out` as JSON, one document a line, and nothing else does. */
  readonly json: boolean;
}

/** Where a command speaks, and what it is told. */
export interface CommandIo {
  /** Writes one line to standard output: results. */
  out(line: string): void;
  /** Writes one line to standard error: progress and complaints. */
  err(line: string): void;
  /** True where standard error is a terminal, so that a progress bar makes sense. */
  readonly isTerminal: boolean;
  /** The configuration, read at the first use; a StartupError names every bad variable. */
  config(): Config;
}

/** One command of the `tributary` command line. Its module exports it as `command` and is loaded only when it runs. */
export interface Command {
  /** The words after `tributary`, such as `usage import`. */
  readonly name: string;
  /** One sentence for the list of commands. */
  readonly summary: string;
  /** What follows the name, such as `FILE --mapping FILE`; empty where nothing does. */
  readonly usage: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Does the work; the exit code: 0 done, 1 failed, 130 asked to stop. A UsageError shows the command's help, a StartupError its sentence. */
  run(args: CommandArgs, io: CommandIo): Promise<number>;
}

/** The command line does not fit the command; the message says what is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
