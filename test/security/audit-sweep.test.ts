import { identityOf, LiveApi, openLiveApi, Told } from './live-api';
import { UNOWNED } from './sweep/cases.types';
import { declaredRoles } from './sweep/expectation';
import { mutationCases } from './sweep/mutation.cases';
import { OwnerName, SWEPT } from './sweep/scopes';
import { furnish, NOBODY, Owned } from './sweep/world';

/** Every privileged change leaves one row in the audit trail, and so does its refusal; what subscribers and the network do daily does not. */
const DAILY: readonly string[] = ['usageCharge', 'sliceMeasurementReport', 'productOrderItemReport'];
const MUTATIONS = Object.keys(mutationCases({ alice: NOBODY, bob: NOBODY, zoe: NOBODY, nobody: NOBODY })).filter((field) => !DAILY.includes(field));

let api: LiveApi;
let world: Readonly<Record<OwnerName, Owned>>;
beforeAll(async () => {
  api = await openLiveApi();
  world = await furnish(api);
}, 120_000);
afterAll(() => api.close());

interface Row {
  readonly operation: string;
  readonly actor: string;
  readonly result: string;
}

/** The audit rows that a request left, by the id that its caller was shown. */
async function rowsOf(requestId: string): Promise<Row[]> {
  const { rows } = await api.database.ownerPool.query<Row>('select operation, actor, result from audit_log where request_id = $1', [requestId]);
  return rows;
}

let serial = 0;
/** One privileged call on that owner's object: its answer and the audit rows that it left. */
async function call(field: string, name: string, owner: OwnerName): Promise<{ readonly told: Told; readonly rows: readonly Row[]; readonly isRefused: boolean }> {
  serial += 1;
  const requestId = `audit-sweep-${serial}`;
  const { document, probes } = mutationCases(world)[field]!;
  const [probe] = Object.values(probes);
  const variables = probe!.name(world[owner], { identity: identityOf(name), serial: requestId });
  const told = await api.ask(name, document, variables, { 'x-request-id': requestId });
  const payload = told.data?.[field] as { errors: unknown[] } | null | undefined;
  return { told, rows: await rowsOf(requestId), isRefused: (payload?.errors.length ?? 1) > 0 };
}

const privileged = (field: string): string => SWEPT.find((name) => {
  const { role } = identityOf(name);
  return role !== 'SUBSCRIBER' && role !== 'ANONYMOUS' && declaredRoles().get(field)?.includes(role);
}) ?? '';

test.each(MUTATIONS)('%s', async (field) => {
  const name = privileged(field);
  const row = { operation: field, actor: identityOf(name).subject };
  const { rows, isRefused, told } = await call(field, name, 'alice');
  expect({ rows, text: told.text }).toEqual({ rows: [{ ...row, result: isRefused ? 'REFUSED' : 'DONE' }], text: expect.any(String) });
});

const owned = MUTATIONS.filter((field) => Object.values(mutationCases({ alice: NOBODY, bob: NOBODY, zoe: NOBODY, nobody: NOBODY })[field]!.probes)[0]!.scope !== UNOWNED);
test.each(owned)('%s of what does not exist', async (field) => {
  const name = privileged(field);
  const { rows, isRefused } = await call(field, name, 'nobody');
  expect(isRefused).toBe(true);
  expect(rows).toEqual([{ operation: field, actor: identityOf(name).subject, result: 'REFUSED' }]);
});

const barred = (field: string): string => SWEPT.find((name) => {
  const { role } = identityOf(name);
  return role !== 'ANONYMOUS' && !declaredRoles().get(field)?.includes(role);
}) ?? '';

test.each([...MUTATIONS, ...DAILY].filter((field) => barred(field) !== ''))('%s by a role that may not', async (field) => {
  const name = barred(field);
  const { rows, told } = await call(field, name, 'alice');
  expect(told.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  expect(rows).toEqual([{ operation: field, actor: identityOf(name).subject, result: 'REFUSED' }]);
});
