import { isDeepStrictEqual } from 'node:util';
import { formatAmount, amount, parseAmount } from '../platform/money';
import { Answers, textAt, valueAt } from './answers';
import type { Api, Data, Variables } from './api';
import { ExampleOperation, readExample } from './example';
import { TourFailed, Unexpected } from './failure';
import { money, Step } from './steps';
import type { Teller } from './teller';

/** A step that was done. */
export interface StepDone {
  readonly title: string;
  readonly example: string;
  readonly told: string;
  readonly ms: number;
  readonly answers: Answers;
}

/** Tells the story step by step, and keeps what its answers told. */
export class Story {
  private readonly known = new Map<string, string>();
  /** Every balance that was pushed, as it was shown. */
  readonly pushes: Push[] = [];

  constructor(private readonly api: Api, private readonly teller: Teller) {}

  /** What an earlier answer told under this name. @throws Unexpected where none did. */
  told(name: string): string {
    const value = this.known.get(name);
    if (value === undefined) throw new Unexpected(`No answer so far tells "${name}".`);
    return value;
  }

  async run(step: Step): Promise<StepDone> {
    const startedAt = performance.now();
    const operations = readExample(step.example);
    const answers: Record<string, Data> = {};
    const live = step.isLive ? await this.watching(operations) : undefined;
    for (const operation of operations.filter(({ kind }) => !live || kind !== 'subscription')) {
      answers[operation.name] = await this.send(operation);
      this.learn(step, answers);
      check(step, operation, answers);
      await live?.next();
    }
    await live?.end();
    for (const name of Object.keys(step.learn ?? {})) this.told(name);
    const done = { title: step.title, example: step.example, told: step.tell?.(answers) ?? '', ms: Math.round(performance.now() - startedAt), answers };
    this.teller.step(step.example, step.tell ? `${done.title}: ${done.told}` : done.title, done.ms);
    return done;
  }

  /** Sends it; of a subscription the last message counts, after which the server ends it. */
  private async send(operation: ExampleOperation): Promise<Data> {
    if (operation.kind !== 'subscription') return this.api.ask(operation, this.variables(operation));
    let last: Data | undefined;
    for await (const data of this.api.watch(operation, this.variables(operation))) last = data;
    if (last === undefined) throw new Unexpected(`${operation.name} told nothing.`);
    return last;
  }

  private variables({ variables }: ExampleOperation): Variables {
    return Object.fromEntries(variables.map((name) => [name, this.told(name)]));
  }

  private learn({ learn = {} }: Step, answers: Answers): void {
    for (const [name, path] of Object.entries(learn)) if (valueAt(answers, path) !== undefined) this.known.set(name, textAt(answers, path));
  }

  /** Opens the file's subscription; `next` waits for the push that an operation causes, and shows it. */
  private async watching(operations: readonly ExampleOperation[]): Promise<{ next(): Promise<void>; end(): Promise<unknown> }> {
    const operation = operations.find(({ kind }) => kind === 'subscription');
    if (!operation) throw new Unexpected('A live step needs a subscription.');
    const messages = this.api.watch(operation, this.variables(operation));
    const next = async (): Promise<void> => {
      const { value } = await messages.next();
      const push = pushed(operation.identity, textAt(value, 'balanceChanged.spendable.amount'), this.pushes.at(-1));
      this.pushes.push(push);
      this.teller.line(`${push.who} ▸ ${money(value, 'balanceChanged.spendable')}${push.change === null ? '' : `  ${shift(push.change)}`}`);
    };
    await next();
    return { next, end: () => messages.return(undefined) };
  }
}

/** A balance that the subscriber's socket showed, and by how much it moved since the one before. */
export interface Push {
  readonly who: string;
  readonly spendable: string;
  readonly change: string | null;
}

function pushed(who: string, spendable: string, before: Push | undefined): Push {
  const change = before === undefined ? null : (parseAmount(spendable) ?? 0n) - (parseAmount(before.spendable) ?? 0n);
  return { who, spendable, change: change === null ? null : formatAmount(amount(change), 'EUR') };
}

/** "▾ 0.254". */
const shift = (change: string): string => (change.startsWith('-') ? `▾ ${change.slice(1)}` : `▴ ${change}`);

/** What the step expects of the operation. */
function check({ expect = {} }: Step, operation: ExampleOperation, answers: Answers): void {
  for (const [path, wanted] of Object.entries(expect).filter(([key]) => key.startsWith(`${operation.name}.`))) {
    if (isDeepStrictEqual(valueAt(answers, path), wanted)) continue;
    throw new TourFailed(operation, {}, [{ path, expected: wanted, answer: answers[operation.name] }]);
  }
}
