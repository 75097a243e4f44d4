import { SingleBar } from 'cli-progress';

/** A bar over the rows of files, on a terminal; null elsewhere. */
export function rowBar(showsProgress: boolean, rows: number): SingleBar | null {
  if (!showsProgress) return null;
  const bar = new SingleBar({ format: '{bar} {percentage} % | {value}/{total} rows | {eta_formatted} left', hideCursor: true });
  bar.start(rows, 0);
  return bar;
}
