import { GraphQLObjectType } from 'graphql';
import { buildApiSchema } from '../../src/schema';
import { identityOf, LiveApi, openLiveApi } from './live-api';
import { digestOf } from './sweep/digest';
import { declaredRoles } from './sweep/expectation';
import { mutationCases } from './sweep/mutation.cases';
import { OwnerName, SWEPT } from './sweep/scopes';
import { furnish, NOBODY, Owned } from './sweep/world';
import type { Variables } from './sweep/cases.types';

/** What a caller might slip in beside what is asked. */
const EXTRAS = { tenantId: '2', ownerId: 'Q3VzdG9tZXI6MQ', price: '0', state: 'ACTIVE', role: 'ADMIN', __proto: 'x' } as const;

const schema = buildApiSchema();
const NOTHING = { alice: NOBODY, bob: NOBODY, zoe: NOBODY, nobody: NOBODY };
let api: LiveApi;
let world: Readonly<Record<OwnerName, Owned>>;
beforeAll(async () => {
  api = await openLiveApi();
  world = await furnish(api);
}, 120_000);
afterAll(() => api.close());

/** The value with the extra field in one of its objects, once for each object inside it. */
function slippedIn(value: unknown, extra: Variables): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => slippedIn(one, extra).map((changed) => value.map((kept: unknown, at) => (at === index ? changed : kept))));
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, one]) => slippedIn(one, extra).map((changed) => ({ ...value, [name]: changed })));
  return [{ ...value, ...extra }, ...inner];
}

const roles = declaredRoles();
const admittedTo = (field: string): string => SWEPT.find((name) => roles.get(field)?.includes(identityOf(name).role)) ?? '';

describe('a field that no input has is refused wherever it is slipped in, and nothing is done', () => {
  test.each(Object.keys(mutationCases(NOTHING)))('%s', async (field) => {
    const { document, probes } = mutationCases(world)[field]!;
    const name = admittedTo(field);
    const before = await digestOf(api.database.ownerPool);
    const [probe] = Object.values(probes);
    const right = probe!.name(world.alice, { identity: identityOf(name), serial: 'extra' });
    let tried = 0;
    for (const [extra, value] of Object.entries(EXTRAS)) {
      for (const input of slippedIn(right.input, { [extra]: value })) {
        tried += 1;
        const told = await api.ask(name, document, { input });
        expect(told).toMatchObject({ status: 400, data: null, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
      }
    }
    expect(tried).toBeGreaterThanOrEqual(Object.keys(EXTRAS).length);
    expect(await digestOf(api.database.ownerPool)).toEqual(before);
  }, 60_000);
});

const rootFields = (type: GraphQLObjectType | null | undefined): string[] => Object.keys(type?.getFields() ?? {});

describe('an argument that no field has is refused', () => {
  const kinds = [['query', schema.getQueryType()], ['mutation', schema.getMutationType()]] as const;
  const all = kinds.flatMap(([kind, type]) => rootFields(type).map((field) => [kind, field] as const));
  test.each(all)('%s %s', async (kind, field) => {
    for (const extra of Object.keys(EXTRAS)) {
      const told = await api.ask('crm', `${kind} { ${field}(${extra}: "1") { __typename } }`);
      expect(told).toMatchObject({ status: 400, data: null });
      expect(new Set(told.errors.map(({ extensions: { code } }) => code))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    }
  });
});
