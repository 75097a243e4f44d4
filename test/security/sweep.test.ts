import type { GraphQLObjectType } from 'graphql';
import { RawSocket } from '../api/server.fixture';
import { buildApiSchema } from '../../src/schema';
import { LiveApi, openLiveApi } from './live-api';
import { changesAudited, digestBeyond, digestOf } from './sweep/digest';
import { declaredRoles } from './sweep/expectation';
import { mutationCases } from './sweep/mutation.cases';
import { queryCases } from './sweep/query.cases';
import { callsOf, sweep } from './sweep/run';
import { OwnerName } from './sweep/scopes';
import { subscribeAll } from './sweep/subscribe';
import { SUBSCRIPTION_CASES } from './sweep/subscription.cases';
import { furnish, NOBODY, Owned } from './sweep/world';

const NOTHING = { alice: NOBODY, bob: NOBODY, zoe: NOBODY, nobody: NOBODY };
const schema = buildApiSchema();
const fieldsOf = (type: GraphQLObjectType | null | undefined): string[] => Object.keys(type?.getFields() ?? {}).sort();
const MUTATIONS = Object.keys(mutationCases(NOTHING));
const QUERIES = Object.keys(queryCases());
const SUBSCRIPTIONS = Object.keys(SUBSCRIPTION_CASES);

let api: LiveApi;
let world: Readonly<Record<OwnerName, Owned>>;
beforeAll(async () => {
  api = await openLiveApi();
  world = await furnish(api);
}, 120_000);
afterAll(() => api.close());

test('every root field has its cases, and every case its field', () => {
  expect([...QUERIES].sort()).toEqual(fieldsOf(schema.getQueryType()));
  expect([...MUTATIONS].sort()).toEqual(fieldsOf(schema.getMutationType()));
  expect([...SUBSCRIPTIONS].sort()).toEqual(fieldsOf(schema.getSubscriptionType()));
  expect([...declaredRoles().keys()].length).toBeGreaterThan(30);
});

describe('queries', () => {
  test.each(QUERIES)('%s', async (field) => {
    const root = queryCases()[field]!;
    const calls = callsOf(field, root);
    expect(calls.some(({ expected }) => expected === 'SERVED')).toBe(true);
    expect(await sweep({ api, world }, field, root, calls)).toEqual([]);
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
    expect(await sweep({ api, world }, field, root, denied)).toEqual([]);
    expect(await digestOf(api.database.ownerPool, root.keptIn)).toEqual(before);
    expect(await changesAudited(api.database.ownerPool)).toBe(done);
    expect(allowed.length).toBeGreaterThan(0);
    for (const tenant of ['demo', 'other']) {
      const others = await digestBeyond(api.database.ownerPool, tenant);
      expect(await sweep({ api, world }, field, root, allowed.filter(({ identity }) => identity.tenant === tenant))).toEqual([]);
      expect(await digestBeyond(api.database.ownerPool, tenant)).toEqual(others);
    }
  }, 60_000);
});
