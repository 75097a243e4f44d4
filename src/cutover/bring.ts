import { setTimeout as sleep } from 'node:timers/promises';
import { ChargingApi, DeadlineExceeded, MigrateAnswer, MigrateInput, MoveKey, MoveOutcome, OutcomeUnknown, Overloaded } from '../charging';
import { isConnectionLost, SeenKeys } from '../usage/import';

/** Brings one fact, or judges it; the outcome is final. */
export type Bring = (key: MoveKey, input: MigrateInput) => Promise<MoveOutcome<MigrateAnswer>>;

/** The charging path stayed away. What is brought stays; the same run may be made again. */
export class CutoverStopped extends Error {
  override readonly name = 'CutoverStopped';
}

const ATTEMPTS = 8;

/** Repeats by the same key until there is an answer: a repeat brings nothing twice. */
export const bringing = (charging: ChargingApi, pauseMs: number): Bring => async (key, input) => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await charging.migrate(key, input);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (attempt + 1 === ATTEMPTS) {
        throw new CutoverStopped('The charging path does not answer. What is brought stays; run the same command again to go on.');
      }
    }
    await sleep(pauseMs * 2 ** attempt);
  }
};

const isPassing = (error: unknown): boolean =>
  error instanceof Overloaded || error instanceof OutcomeUnknown || error instanceof DeadlineExceeded || isConnectionLost(error);

/**
 * Judges without writing. A row may build on a product that an earlier row of the run is going to bring: those are
 * remembered by account, offering and line.
 */
export function judging(charging: ChargingApi): Bring {
  const planned = new SeenKeys();
  const lineText = (line: { kind: string; value: string } | null): string => (line ? `${line.kind}:${line.value}` : '');
  return async (key, input) => {
    const outcome = await charging.judgeMigration(key, input, false);
    const of = (offering: string, line: string): string => `${input.accountId}\n${offering}\n${line}`;
    if (input.kind === 'PRODUCT') {
      const isLinePlanned = input.attachedTo !== null && planned.has(of('', lineText(input.attachedTo)));
      const judged = outcome.ok || !isLinePlanned || !isMissing(outcome) ? outcome : await charging.judgeMigration(key, { ...input, attachedTo: null }, false);
      if (!judged.ok || judged.replayed) return judged;
      if (input.identifiers.some((identifier) => !planned.add(`identifier\n${lineText(identifier)}`))) {
        return { ok: false, errors: [{ code: 'ALREADY_EXISTS', message: 'An identifier belongs to an earlier row.', path: ['identifiers'] }] };
      }
      if (!planned.add(of(input.offering, ''))) planned.add(of(input.offering, 'several'));
      for (const line of [...input.identifiers, ...(input.attachedTo ? [input.attachedTo] : [])]) planned.add(of(input.offering, lineText(line)));
      for (const line of input.identifiers) planned.add(of('', lineText(line)));
      return judged;
    }
    if (outcome.ok || !('product' in input) || !isMissing(outcome)) return outcome;
    const { offering, line } = input.product;
    if (!line && planned.has(of(offering, 'several'))) {
      return { ok: false, errors: [{ code: 'CONFLICT', message: 'The account has several products of this offering: name the line.', path: ['line'] }] };
    }
    return planned.has(of(offering, lineText(line))) ? charging.judgeMigration(key, input, true) : outcome;
  };
}

const isMissing = (outcome: { readonly errors: readonly { readonly code: string; readonly path: readonly string[] }[] }): boolean =>
  outcome.errors.some(({ code, path }) => code === 'NOT_FOUND' && ['offering', 'line', 'attachedTo'].includes(path[0] ?? ''));
