import { Conductor } from '../../src/charging';
import { BillFacts } from '../../src/invoicing/bill-facts';
import { loadPeriods, storeBills } from '../../src/invoicing/bill.store';
import { closeKey, closeMove } from '../../src/invoicing/close.move';
import { issueDocuments } from '../../src/invoicing/issue';
import { noteMove } from '../../src/invoicing/note.move';
import { paymentMove } from '../../src/invoicing/payment.move';
import { stateOfBill } from '../../src/invoicing/bill.type';
import { Refusal } from '../../src/platform/errors';
import { createTestDatabase, TestDatabase } from '../support';
import { agentKey, WorldAccount, worldConductor } from '../support/world';
import { Billing, openBilling } from './billing-support';
import { euros, expectSoundBooks, openScenario, Scenario } from './money-scenario';

/*
 * Life of a bill, every state by every event, through the database. What is not in the table is refused with a code and
 * changes nothing. A bill of 10.00 with one line.
 */
let db: TestDatabase;
let conductor: Conductor;
let billing: Billing;
let s: Scenario;
let accounts = 0;
let firstRun: bigint;

beforeAll(async () => {
  db = await createTestDatabase();
  conductor = worldConductor(db);
  billing = await openBilling(db, conductor);
  s = await openScenario(db, conductor, '2031-01-01T00:00:00Z');
  await s.offering({ code: 'plan', period: 'BILL_CYCLE', fee: '10' });
  await s.moveTo('2031-02-01T09:00:00Z');
  firstRun = (await billing.bill(s.tenantId, '2031-02-01')).id;
});
afterAll(async () => {
  await expectSoundBooks(db);
  await billing.close();
  await conductor.drain();
  await db.dispose();
});

/** NEW: its period is closed. VALIDATED: computed, without its number. CREDITED: settled by a credit note. STATEMENT: of a prepaid account. */
const STATES = ['OPEN', 'NEW', 'VALIDATED', 'SENT', 'PARTIALLY_PAID', 'SETTLED', 'CREDITED', 'STATEMENT'] as const;
const EVENTS = ['RUN', 'PAY_PART', 'PAY_ALL', 'PAY_MORE', 'NOTE_PART', 'NOTE_ALL', 'NOTE_MORE'] as const;
type State = (typeof STATES)[number];
type Event = (typeof EVENTS)[number];

/** What becomes of it: state and what is left to pay, "=" where nothing changes, or the code of the refusal. */
const TABLE: Readonly<Record<State, Readonly<Record<Event, string>>>> = {
  OPEN: { RUN: 'INVALID_INPUT', PAY_PART: 'CONFLICT', PAY_ALL: 'CONFLICT', PAY_MORE: 'CONFLICT', NOTE_PART: 'NOT_FOUND', NOTE_ALL: 'NOT_FOUND', NOTE_MORE: 'NOT_FOUND' },
  NEW: { RUN: 'SENT 10', PAY_PART: 'CONFLICT', PAY_ALL: 'CONFLICT', PAY_MORE: 'CONFLICT', NOTE_PART: 'NOT_FOUND', NOTE_ALL: 'NOT_FOUND', NOTE_MORE: 'NOT_FOUND' },
  VALIDATED: { RUN: 'SENT 10', PAY_PART: 'CONFLICT', PAY_ALL: 'CONFLICT', PAY_MORE: 'CONFLICT', NOTE_PART: 'NOT_FOUND', NOTE_ALL: 'NOT_FOUND', NOTE_MORE: 'NOT_FOUND' },
  SENT: { RUN: '=', PAY_PART: 'PARTIALLY_PAID 8', PAY_ALL: 'SETTLED 0', PAY_MORE: 'CONFLICT', NOTE_PART: 'SENT 9', NOTE_ALL: 'SETTLED 0', NOTE_MORE: 'CONFLICT' },
  PARTIALLY_PAID: { RUN: '=', PAY_PART: 'PARTIALLY_PAID 2', PAY_ALL: 'SETTLED 0', PAY_MORE: 'CONFLICT', NOTE_PART: 'PARTIALLY_PAID 3', NOTE_ALL: 'SETTLED 0', NOTE_MORE: 'CONFLICT' },
  SETTLED: { RUN: '=', PAY_PART: 'CONFLICT', PAY_ALL: 'CONFLICT', PAY_MORE: 'CONFLICT', NOTE_PART: 'SETTLED 0', NOTE_ALL: 'SETTLED 0', NOTE_MORE: 'CONFLICT' },
  CREDITED: { RUN: '=', PAY_PART: 'CONFLICT', PAY_ALL: 'CONFLICT', PAY_MORE: 'CONFLICT', NOTE_PART: 'CONFLICT', NOTE_ALL: 'CONFLICT', NOTE_MORE: 'CONFLICT' },
  STATEMENT: { RUN: '=', PAY_PART: 'NOT_ALLOWED', PAY_ALL: 'NOT_ALLOWED', PAY_MORE: 'NOT_ALLOWED', NOTE_PART: 'CONFLICT', NOTE_ALL: 'CONFLICT', NOTE_MORE: 'CONFLICT' },
};

type Outcome = { readonly ok: boolean; readonly errors?: readonly { readonly code: string }[] };
const said = (outcome: Outcome): string => (outcome.ok ? 'done' : outcome.errors![0]!.code);
const key = (what: string, account: WorldAccount) => agentKey(s.tenantId, `${what}-${account.id}`, 'finance');

async function pay(account: WorldAccount, text: string, what: string): Promise<string> {
  return said(await conductor.settle(key(what, account), paymentMove({ accountId: account.id, amount: euros(text), currency: 'EUR', reference: 'bank', recordedBy: 'finance',
    told: [{ sequence: 1, amount: euros(text) }] })));
}
async function note(account: WorldAccount, text: string | null, what: string): Promise<string> {
  const made = await conductor.settle(key(what, account), noteMove({ accountId: account.id, sequence: 1, reason: 'wrong', lines: text === null ? [] : [{ lineNo: 1, amount: euros(text) }] }));
  if (made.ok) {
    await issueDocuments(db.appPool, { tenantId: s.tenantId, timeZone: 'Europe/Dublin', paymentTermDays: 14 }, 'CREDIT_NOTE',
      [{ shard: account.shard, accountId: account.id, sequence: made.answer.noteSequence }]);
  }
  return said(made);
}
async function run(what: string): Promise<string> {
  try {
    await billing.bill(s.tenantId, '2031-02-01', what);
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return error.userError.code;
    throw error;
  }
}
const close = (account: WorldAccount): Promise<Outcome> =>
  conductor.settle(closeKey(s.tenantId, account.id, Date.parse('2031-02-01T00:00:00Z')), closeMove(account.id, Date.parse('2031-02-01T00:00:00Z')));
/** As the first run would have left it where it was killed before the numbers. */
const compute = async (account: WorldAccount): Promise<void> => storeBills(db.appPool,
  await new BillFacts(db.appPool).compute(await loadPeriods(db.appPool, [{ ...account, accountId: account.id, sequence: 1 }])), firstRun, await conductor.now(s.tenantId));

async function make(state: State, what: string): Promise<WorldAccount> {
  await s.moveTo('2031-01-01T00:00:00Z');
  const account = await s.account({ mode: state === 'STATEMENT' ? 'PREPAID' : 'POSTPAID' });
  if (state === 'STATEMENT') await s.topUp(account, '50');
  accounts += 1;
  expect(await s.activate(account, 'plan', { number: `3538600000${10 + accounts}`, at: '2031-01-01T00:00:00Z' })).toMatchObject({ ok: true });
  if (state === 'OPEN') return account;
  await s.moveTo('2031-02-01T09:00:00Z');
  if (state === 'NEW' || state === 'VALIDATED') {
    expect(await close(account)).toMatchObject({ ok: true });
    if (state === 'VALIDATED') await compute(account);
    return account;
  }
  expect(await run(`make-${what}`)).toBe('done');
  if (state === 'PARTIALLY_PAID') expect(await pay(account, '6', 'make')).toBe('done');
  if (state === 'SETTLED') expect(await pay(account, '10', 'make')).toBe('done');
  if (state === 'CREDITED') expect(await note(account, null, 'make')).toBe('done');
  return account;
}

const LEFT: Readonly<Partial<Record<State, string>>> = { PARTIALLY_PAID: '4' };
function fire(event: Event, state: State, account: WorldAccount): Promise<string> {
  const left = LEFT[state] ?? '10';
  switch (event) {
    case 'RUN': return run(`run-${account.id}`);
    case 'PAY_PART': return pay(account, '2', event);
    case 'PAY_ALL': return pay(account, left, event);
    case 'PAY_MORE': return pay(account, `${left}.01`, event);
    case 'NOTE_PART': return note(account, '1', event);
    case 'NOTE_ALL': return note(account, null, event);
    case 'NOTE_MORE': return note(account, '10.01', event);
  }
}

/** Everything that a move of the account would leave behind. */
const STAND = ['bill_period', 'customer_bill', 'customer_bill_line', 'bill_tax_item', 'issued_document', 'credit_note', 'credit_note_line', 'bill_payment', 'payment_allocation',
  'journal', 'journal_line', 'deferral', 'bucket', 'entry', 'request', 'charge'];
const standing = async (account: WorldAccount): Promise<string> => {
  const parts = STAND.map((table) => `(select coalesce(string_agg(x::text, ';' order by x::text), '') from ${table} x where x.root_id = $1)`);
  return (await s.rows<{ all: string }>(account, `select concat_ws('|', ${parts.join(', ')}) as all`))[0]!.all;
};
const stateOf = async (account: WorldAccount): Promise<string> => {
  const [row] = await s.rows<{ due: string; allocated: string; applied: string }>(account, `select b.due, (select coalesce(sum(a.amount), 0) from payment_allocation a where a.root_id = $1) as allocated,
    (select coalesce(sum(n.applied), 0) from credit_note n where n.root_id = $1) as applied from customer_bill b join issued_document d on d.root_id = $1 and d.kind = b.kind where b.root_id = $1`);
  const [due, allocated, applied] = [BigInt(row!.due), BigInt(row!.allocated), BigInt(row!.applied)];
  return `${stateOfBill(due, allocated, applied)} ${(due - allocated - applied) / 1_000_000n}`;
};

it.each(STATES.flatMap((state) => EVENTS.map((event) => [state, event, TABLE[state][event]] as const)))('%s, %s: %s', async (state, event, expected) => {
  const account = await make(state, `${state}-${event}`);
  const before = await standing(account);
  const outcome = await fire(event, state, account);
  if (expected === '=' || /^[A-Z_]+$/.test(expected)) {
    expect([outcome, await standing(account) === before]).toEqual([expected === '=' ? 'done' : expected, true]);
  } else expect([outcome, await stateOf(account)]).toEqual(['done', expected]);
});
