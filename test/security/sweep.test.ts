import type { GraphQLObjectType } from 'graphql';
import { buildApiSchema } from '../../src/schema';
import { RawSocket } from '../api/server.fixture';
import { identityOf, LiveApi, openLiveApi, Told } from './live-api';
import { RootCase, UNOWNED } from './sweep/cases.types';
import { changesAudited, digestOf } from './sweep/digest';
import { declaredRoles, distinctBytes, expectedOf, leaks, outcomeOf, Swept } from './sweep/expectation';
import { mutationCases } from './sweep/mutation.cases';
import { queryCases } from './sweep/query.cases';
import { OwnerName, OWNERS, SWEPT } from './sweep/scopes';
import { subscribeAll } from './sweep/subscribe';
import { SUBSCRIPTION_CASES } from './sweep/subscription.cases';
import { NOBODY, furnish, Owned } from './sweep/world';

const NOTHING = { alice: NOBODY, bob: NOBODY, zoe: NOBODY, nobody: NOBODY };
const schema = buildApiSchema();
const fieldsOf = (type: GraphQLObjectType | null | undefined): string[] => Object.keys(type?.getFields() ?? {}).sort();
const MUTATIONS = Object.keys(mutationCases(NOTHING));
const QUERIES = Object.keys(queryCases());
const SUBSCRIPTIONS = Object.keys(SUBSCRIPTION_CASES);

let api: LiveApi;
let world: Readonly<Record<OwnerName, Owned>>;
const roles = declaredRoles();
beforeAll(async () => {
  api = await openLiveApi();
  world = await furnish(api);
}, 120_000);
afterAll(() => api.close());

let serial = 0;

/** Every identity × every probe × every owner of one field. */
function callsOf(field: string, { probes }: RootCase): Swept[] {
  return SWEPT.map(identityOf).flatMap((identity) => Object.entries(probes).flatMap(([probeName, probe]) =>
    (probe.scope === UNOWNED ? ['nobody' as const] : OWNERS).map((owner) => ({
      identity, probeName, probe, owner, expected: expectedOf(roles.get(field) ?? [], identity, probe, owner),
    }))));
}

const make = ({ document }: RootCase, { identity, probe, owner }: Swept): Promise<Told> => {
  serial += 1;
  return api.ask(identity.name, document, probe.name(world[owner], { identity, serial: `sweep-${serial}` }));
};

/** Sends calls and compares outcome, marks and bytes; the list of all that is wrong. */
async function sweep(field: string, root: RootCase, calls: readonly Swept[]): Promise<string[]> {
  const wrong: string[] = [];
  const refusals = new Map<string, Told[]>();
  for (const call of calls) {
    const { identity, probeName, probe, owner, expected } = call;
    const told = await make(root, call);
    const where = `${identity.name} ${field} ${probeName} of ${owner}`;
    const outcome = outcomeOf(field, told, expected === 'SERVED' ? probe.mayRefuse : []);
    if (outcome !== expected) wrong.push(`${where}: ${outcome} instead of ${expected}; ${told.text.slice(0, 300)}`);
    const seen = leaks(told, identity, world, expected === 'SERVED' ? owner : null);
    if (seen.length > 0) wrong.push(`${where} shows ${seen.join(', ')}`);
    if (expected === 'SERVED') continue;
    const group = `${identity.name} ${field} ${probeName}`;
    refusals.set(group, [...(refusals.get(group) ?? []), told]);
  }
  for (const [group, answers] of refusals) {
    const distinct = distinctBytes(answers);
    if (distinct.length > 1) wrong.push(`${group} tells refusals apart: ${distinct.join(' | ')}`);
  }
  return wrong;
}

test('every root field has its cases, and every case its field', () => {
  expect([...QUERIES].sort()).toEqual(fieldsOf(schema.getQueryType()));
  expect([...MUTATIONS].sort()).toEqual(fieldsOf(schema.getMutationType()));
  expect([...SUBSCRIPTIONS].sort()).toEqual(fieldsOf(schema.getSubscriptionType()));
  expect([...roles.keys()].length).toBeGreaterThan(30);
});

describe('queries', () => {
  test.each(QUERIES)('%s', async (field) => {
    const root = queryCases()[field]!;
    const calls = callsOf(field, root);
    expect(calls.some(({ expected }) => expected === 'SERVED')).toBe(true);
    expect(await sweep(field, root, calls)).toEqual([]);
  }, 60_000);
});

describe('subscriptions', () => {
  test.each(SUBSCRIPTIONS)('%s', async (field) => {
    const root = SUBSCRIPTION_CASES[field]!;
    const calls = callsOf(field, root).filter(({ identity }) => identity.role !== 'ANONYMOUS');
    expect(calls.some(({ expected }) => expected === 'SERVED')).toBe(true);
    expect(await subscribeAll(api, root, calls, world)).toEqual([]);
  }, 60_000);

  test('without a token no socket is opened, whatever is asked', async () => {
    const socket = await RawSocket.open(api.server);
    socket.send({ type: 'connection_init', payload: {} });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });
});

describe('mutations: what is denied changes nothing, what is allowed is done', () => {
  test.each(MUTATIONS)('%s', async (field) => {
    const root = mutationCases(world)[field]!;
    const calls = callsOf(field, root);
    const allowed = calls.filter(({ expected }) => expected === 'SERVED');
    const [before, done] = [await digestOf(api.database.ownerPool, root.keptIn), await changesAudited(api.database.ownerPool)];
    const denied = calls.filter(({ expected }) => expected !== 'SERVED');
    expect(await sweep(field, root, denied)).toEqual([]);
    expect(await digestOf(api.database.ownerPool, root.keptIn)).toEqual(before);
    expect(await changesAudited(api.database.ownerPool)).toBe(done);
    expect(allowed.length).toBeGreaterThan(0);
    expect(await sweep(field, root, allowed)).toEqual([]);
  }, 60_000);
});
