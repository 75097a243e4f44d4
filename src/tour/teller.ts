/** Where the tour's words go: one progress line a step, and what is shown between them. */
export interface Teller {
  /** A step that was done: its file of examples/ (empty where none), what was done, and how long it took. */
  step(example: string, done: string, ms: number): void;
  /** A line of its own under the step. */
  line(text: string): void;
}

const EXAMPLE_WIDTH = 22;
const DONE_WIDTH = 84;

/** Lines for people; colours only where a terminal shows them. */
export function teller(write: (line: string) => void, isColoured: boolean): Teller {
  const green = (text: string): string => (isColoured ? `\u001b[32m${text}\u001b[0m` : text);
  return {
    step: (example, done, ms) => write(`${green('✓')} ${example.padEnd(EXAMPLE_WIDTH)} ${done.padEnd(DONE_WIDTH)} ${ms.toString().padStart(5)} ms`),
    line: (text) => write(`  ${text}`),
  };
}

/** Says nothing: for programs, which read the result alone. */
export const SILENT: Teller = { step: () => undefined, line: () => undefined };
