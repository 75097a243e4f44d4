import { Api } from '../../src/tour/api';
import type { ExampleOperation } from '../../src/tour/example';
import { TourFailed } from '../../src/tour';
import { LiveApi, openLiveApi } from '../security/live-api';

/** What the tour says of an operation that was refused: enough to see why. */
let live: LiveApi;
let api: Api;
beforeAll(async () => {
  live = await openLiveApi();
  api = new Api(live.server.address, async (name) => live.tokenOf(name) ?? '', new AbortController().signal);
}, 60_000);
afterAll(() => live.close());

const operation = (kind: ExampleOperation['kind'], identity: string, text: string): ExampleOperation =>
  ({ file: '99-refused', name: /\w+ (\w+)/.exec(text)![1]!, kind, identity, text, variables: [] });
const caught = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(TourFailed);
  return (error as Error).message;
};
const watched = async (one: ExampleOperation, variables: Record<string, string>): Promise<void> => {
  for await (const _ of api.watch(one, variables)) break;
};

it.each<[string, ExampleOperation, string]>([
  ['a role that may not', operation('mutation', 'alice', 'mutation Tax { taxRateSet(input: { taxClass: "x", taxCode: "x", rate: "0" }) { errors { code } } }'), '"FORBIDDEN"'],
  ['an expected error', operation('mutation', 'catalog', 'mutation Launch { productOfferingLaunch(input: { code: "nothing" }) { errors { code message } } }'), '"NOT_FOUND"'],
  ['a document that does not fit', operation('query', 'alice', 'query Nothing { nothing }'), 'GRAPHQL_VALIDATION_FAILED'],
])('%s is shown with operation, variables and errors', async (_, one, code) => {
  const said = await caught(api.ask(one, {}));
  expect(said).toContain(`examples/99-refused.graphql: ${one.name} was refused (token: ${one.identity})`);
  expect(said).toContain(one.text);
  expect(said).toContain(code);
});

it('a subscription too', async () => {
  const one = operation('subscription', 'alice', 'subscription Balance($id: ID!) { balanceChanged(accountId: $id) { reason } }');
  const said = await caught(watched(one, { id: 'nobody' }));
  expect(said).toContain('"id": "nobody"');
  expect(said).toMatch(/NOT_FOUND|BAD_USER_INPUT/);
});
