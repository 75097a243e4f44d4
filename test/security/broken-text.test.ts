import { getNamedType, getNullableType, GraphQLInputType, isInputObjectType, isListType, isNonNullType, isScalarType } from 'graphql';
import { buildApiSchema } from '../../src/schema';
import { identityOf, LiveApi, openLiveApi } from './live-api';
import type { Variables } from './sweep/cases.types';
import { declaredRoles } from './sweep/expectation';
import { mutationCases } from './sweep/mutation.cases';
import { OwnerName, SWEPT } from './sweep/scopes';
import { furnish, NOBODY, Owned } from './sweep/world';

/** Texts that PostgreSQL takes for an error, or stores as others than were sent. */
const BROKEN = ['\u0000', 'a\u0000b', 'a\ud800', '\udc00'] as const;

const schema = buildApiSchema();
const roles = declaredRoles();
const NOTHING = { alice: NOBODY, bob: NOBODY, zoe: NOBODY, nobody: NOBODY };
let api: LiveApi;
let world: Readonly<Record<OwnerName, Owned>>;
beforeAll(async () => {
  api = await openLiveApi();
  world = await furnish(api);
}, 120_000);
afterAll(() => api.close());

const isText = (type: GraphQLInputType): boolean => {
  const { name } = getNamedType(type);
  return isScalarType(getNamedType(type)) && (name === 'String' || name === 'ID');
};

/** The value with the broken text in one of the places where its type takes a text, once for each place, absent ones too. */
function brokenIn(given: GraphQLInputType, value: unknown, text: string, deep = 0): unknown[] {
  const type = getNullableType(given);
  if (isListType(type)) return brokenIn(type.ofType as GraphQLInputType, Array.isArray(value) ? value[0] as unknown : undefined, text, deep).map((one) => [one]);
  if (isText(type)) return [text];
  if (!isInputObjectType(type) || deep > 4) return [];
  const base = typeof value === 'object' && value !== null ? value as Variables : {};
  return Object.values(type.getFields()).flatMap((field) =>
    brokenIn(field.type, base[field.name], text, deep + 1).map((one) => ({ ...base, [field.name]: one })));
}

const admittedTo = (field: string): string => SWEPT.find((name) => roles.get(field)?.includes(identityOf(name).role)) ?? '';
const codesOf = ({ errors, data }: { errors: readonly { extensions: { code: string } }[]; data: unknown }): string[] =>
  [...errors.map(({ extensions: { code } }) => code), ...[...JSON.stringify(data).matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code!)];

describe('a broken text is refused, and never ends in a fault of the database', () => {
  const inputOf = (field: string): GraphQLInputType => schema.getMutationType()!.getFields()[field]!.args.find((arg) => arg.name === 'input')!.type;
  const withTexts = Object.keys(mutationCases(NOTHING)).filter((field) => brokenIn(inputOf(field), undefined, '').length > 0);
  test.each(withTexts)('%s', async (field) => {
    const { document, probes } = mutationCases(world)[field]!;
    const name = admittedTo(field);
    for (const probe of Object.values(probes)) {
      const right = probe.name(world.alice, { identity: identityOf(name), serial: `broken-${field}` });
      for (const text of BROKEN) {
        for (const input of brokenIn(inputOf(field), right.input, text)) {
          const codes = codesOf(await api.ask(name, document, { input }));
          expect({ input, codes: codes.filter((code) => code === 'INTERNAL') }).toEqual({ input, codes: [] });
        }
      }
    }
  }, 60_000);

  const queries = Object.values(schema.getQueryType()!.getFields());
  const places = queries.flatMap((query) => query.args.filter((arg) => brokenIn(arg.type, undefined, '').length > 0).map((arg) => [query.name, arg.name] as const));
  test.each(places)('%s(%s:)', async (field, argument) => {
    const query = schema.getQueryType()!.getFields()[field]!;
    const given = query.args.filter((arg) => arg.name === argument || (isNonNullType(arg.type) && arg.defaultValue === undefined));
    const document = `query(${given.map(({ name, type }) => `$${name}: ${type.toString()}`).join(', ')}) {
      ${field}(${given.map(({ name }) => `${name}: $${name}`).join(', ')}) { __typename }
    }`;
    for (const text of BROKEN) {
      for (const value of brokenIn(query.args.find(({ name }) => name === argument)!.type, undefined, text)) {
        const kinds = Object.fromEntries(given.filter(({ name }) => name !== argument).map(({ name }) => [name, name === 'kind' ? 'SIP_URI' : text]));
        const codes = codesOf(await api.ask(admittedTo(field), document, { ...kinds, [argument]: value }));
        expect({ value, codes: codes.filter((code) => !['BAD_USER_INPUT'].includes(code)) }).toEqual({ value, codes: [] });
      }
    }
  });
});
