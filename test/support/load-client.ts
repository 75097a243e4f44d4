/** What a caller knows of a request after it: its answer, that nothing was done, or nothing. */
export type Known =
  | { readonly kind: 'DONE'; readonly answer: string }
  | { readonly kind: 'NOT_DONE'; readonly code: string }
  | { readonly kind: 'UNKNOWN' };

/** One line of the client's log. */
export interface LogLine {
  readonly key: string;
  readonly known: Known;
  /** How long the caller waited. */
  readonly ms: number;
}

/** Sends the request of a key; the same key sends the same body. It never throws. */
export type Send = (key: string) => Promise<Known>;

export interface Load {
  readonly keys: readonly string[];
  /** Requests under way at once. */
  readonly width: number;
  /** Called after each answer with the number of answers so far. */
  readonly answered?: (count: number) => void;
}

/** Sends every key once, so many at a time, and writes down what became of it. */
export async function runLoad(send: Send, { keys, width, answered = () => undefined }: Load): Promise<LogLine[]> {
  const log: LogLine[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < keys.length; index = next++) {
      const key = keys[index]!;
      const startedAt = performance.now();
      const known = await send(key);
      log.push({ key, known, ms: performance.now() - startedAt });
      answered(log.length);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return log;
}

/** What the books say against the client's log; every list is empty where the promise was kept. */
export interface Verdict {
  readonly acknowledged: number;
  readonly unknown: number;
  /** Acknowledged and not stored. */
  readonly lost: readonly string[];
  /** Stored more than once. */
  readonly doubled: readonly string[];
  /** Told "not done" and stored nevertheless. */
  readonly liedOf: readonly string[];
  /** Repeated with the same key and answered otherwise. */
  readonly changed: readonly string[];
  /** Repeated with the same key, and still without an answer. */
  readonly unresolved: readonly string[];
  readonly slowestMs: number;
}

/** Keys of all charges that are stored, one entry for each row. */
export type StoredKeys = () => Promise<readonly string[]>;

/** Judges a log: looks at what is stored, then repeats every unknown and every tenth acknowledged request. */
export async function judge(log: readonly LogLine[], stored: StoredKeys, send: Send): Promise<Verdict> {
  const before = countOf(await stored());
  const of = (kind: Known['kind']): LogLine[] => log.filter(({ known }) => known.kind === kind);
  const [done, unknown] = [of('DONE'), of('UNKNOWN')];
  const again = [...unknown, ...done.filter((_, index) => index % 10 === 0)];
  const changed: string[] = [];
  const unresolved: string[] = [];
  for (const { key, known } of again) {
    const repeated = await settled(send, key);
    if (repeated.kind !== 'DONE') unresolved.push(key);
    else if (known.kind === 'DONE' && known.answer !== repeated.answer) changed.push(key);
  }
  const after = countOf(await stored());
  return {
    acknowledged: done.length, unknown: unknown.length, changed, unresolved,
    lost: [...done, ...again].map(({ key }) => key).filter((key) => !after.has(key)),
    doubled: [...after].filter(([, rows]) => rows > 1).map(([key]) => key),
    liedOf: of('NOT_DONE').map(({ key }) => key).filter((key) => before.has(key)),
    slowestMs: Math.max(...log.map(({ ms }) => ms)),
  };
}

const REPEATS = 40;
const REPEAT_AFTER_MS = 250;

/** Repeats a request as a patient caller does, until it is answered or ten seconds passed. */
async function settled(send: Send, key: string): Promise<Known> {
  for (let repeat = 1; ; repeat++) {
    const known = await send(key);
    if (known.kind === 'DONE' || repeat === REPEATS) return known;
    await new Promise((resolve) => { setTimeout(resolve, REPEAT_AFTER_MS); });
  }
}

/** What a verdict must be whatever was broken. */
export const KEPT = { lost: [], doubled: [], liedOf: [], changed: [], unresolved: [] };

function countOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
