import { join } from 'node:path';
import type { TokenIdentity } from '../platform/auth';
import { Answers, valueAt } from './answers';
import { Api } from './api';
import { BillRead, billLines, statementLines } from './documents';
import { claimsOf } from './identities';
import { AccountFacts, AgreedItem, chargedIsBilled, ChargeRead, Equation, equationText, requireExact, roundingOf, sharesAndOwnPart, StatementRead } from './reconciliation';
import { Push, StepDone, Story } from './story';
import { STEPS } from './steps';
import type { Teller } from './teller';

/** What the tour is given: a server that runs, and what its operator does by hand. */
export interface TourHost {
  /** Base address, such as http://127.0.0.1:4000. */
  readonly address: string;
  /** Code of the tenant that it is told in: one without a catalog. */
  readonly tenant: string;
  readonly timeZone: string;
  /** Folder for the bills' PDFs. */
  readonly folder: string;
  mint(identity: TokenIdentity): Promise<string>;
  /** Runs `tributary …` with --json; what it answered, a document a line. Rejects where it failed. */
  tributary(...argv: readonly string[]): Promise<readonly unknown[]>;
}

/** A bill that was issued, with its file. */
export interface BillDone extends BillRead {
  readonly pdf: { readonly file: string; readonly bytes: number };
}

/** The tour's outcome, as `--json` prints it. */
export interface TourResult {
  readonly tenant: string;
  readonly operations: number;
  readonly steps: readonly Omit<StepDone, 'answers'>[];
  /** The balances that the subscriber's socket showed. */
  readonly live: readonly Push[];
  readonly bills: readonly BillDone[];
  readonly statements: readonly StatementRead[];
  readonly reconciliation: readonly Equation[];
  /** What rounding to the cent added to all bills. */
  readonly rounding: string;
  /** How many invariants were checked, all without a violation. */
  readonly invariants: number;
}

/** Tells the whole story. @throws TourFailed for an operation that was refused, Unexpected for what should be otherwise. */
export async function takeTour(host: TourHost, teller: Teller, stop: AbortSignal): Promise<{ result: TourResult; tokens: Readonly<Record<string, string>> }> {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (name: string): Promise<string> => {
    const token = tokens.get(name) ?? host.mint(claimsOf(name, host.tenant, (id) => story.told(id)));
    tokens.set(name, token);
    return token;
  };
  const api = new Api(host.address, tokenOf, stop);
  const story = new Story(api, teller);
  const steps: StepDone[] = [];
  for (const step of STEPS) {
    stop.throwIfAborted();
    steps.push(await story.run(step));
  }
  const answers: Answers = Object.assign({}, ...steps.map((step) => step.answers)) as Answers;
  const bills = await timed(teller, 'the bills as PDF', () => writeBills(host, answers), (done) => done.map(({ pdf }) => `${pdf.bytes} bytes`).join(', '));
  for (const bill of bills) billLines(bill).forEach(teller.line);
  const statements = read<StatementRead[]>(['LanternStatement', 'QuayStatement'].map((operation) => valueAt(answers, `${operation}.statement`)));
  for (const statement of statements) statementLines(statement).forEach(teller.line);
  const { equations, rounding } = await timed(teller, 'the reconciliation', async () => reconcile(answers, statements, host.timeZone), () => 'nothing is off by a millionth');
  equations.map(equationText).forEach(teller.line);
  const invariants = await timed(teller, 'the audit, the books are sound', () => audit(host), (count) => `${count} invariants, no violation`);
  const result = {
    tenant: host.tenant, operations: api.operations, steps: steps.map(({ answers: _, ...step }) => step), live: story.pushes,
    bills, statements, reconciliation: equations, rounding, invariants,
  };
  const minted = await Promise.all([...tokens].map(async ([name, token]) => [name, await token] as const));
  return { result, tokens: Object.fromEntries(minted) };
}

async function timed<T>(teller: Teller, title: string, work: () => Promise<T>, tell: (done: T) => string): Promise<T> {
  const startedAt = performance.now();
  const done = await work();
  teller.step('', `${title}: ${tell(done)}`, Math.round(performance.now() - startedAt));
  return done;
}

/** What the examples ask for has this shape: the schema says so, and a test holds every example against it. */
const read = <T>(value: unknown): T => value as T;

const accountsOf = (answers: Answers, operation: string): readonly [alias: string, account: unknown][] => Object.entries(answers[operation] ?? {});

async function writeBills(host: TourHost, answers: Answers): Promise<BillDone[]> {
  const bills = accountsOf(answers, 'Bills').map(([, account]) => ({
    account: read<string>(valueAt(account, 'name')), ...read<Omit<BillRead, 'account'>>(valueAt(account, 'bills.nodes.0')),
  }));
  const written: BillDone[] = [];
  for (const bill of bills) {
    const file = join(host.folder, `${bill.documentNumber}.pdf`);
    const [{ bytes }] = read<[{ bytes: number }]>(await host.tributary('bill', 'pdf', bill.id, '--out', file));
    written.push({ ...bill, pdf: { file, bytes } });
  }
  return written;
}

function reconcile(answers: Answers, statements: readonly StatementRead[], timeZone: string): { equations: Equation[]; rounding: string } {
  const accounts = accountsOf(answers, 'Charged').map(([alias, account]): AccountFacts => ({
    name: read<string>(valueAt(answers, `Bills.${alias}.name`)), charges: read(valueAt(account, 'charges')),
    bills: read(valueAt(answers, `Bills.${alias}.bills.nodes`)), unbilled: read(valueAt(answers, `Unbilled.${alias}`)),
  }));
  const agreed = Object.values(answers.Agreed ?? {}).flatMap((agreement) => read<AgreedItem[]>(valueAt(agreement, 'versions.0.items')));
  const charges: readonly ChargeRead[] = accounts.flatMap((account) => account.charges.nodes);
  const equations = [...accounts.map(chargedIsBilled), ...statements.map((statement) => sharesAndOwnPart(statement, agreed, charges, timeZone))];
  requireExact(equations);
  return { equations, rounding: roundingOf(accounts) };
}

async function audit(host: TourHost): Promise<number> {
  const checked = read<readonly { readonly invariant: number }[]>(await host.tributary('audit'));
  return checked.length;
}
