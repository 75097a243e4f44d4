import { LiveApi, openLiveApi } from './live-api';
import { furnish, Owned } from './sweep/world';

let api: LiveApi;
let bob: Owned;
beforeAll(async () => {
  api = await openLiveApi({ isCostBounded: true });
  ({ bob } = await furnish(api));
}, 120_000);
afterAll(() => api.close());

/** About 4,900 points of a subscriber's 20,000 a minute. */
const DEAR = 'query($id: ID!) { billingAccount(id: $id) { charges(first: 100) { nodes { account { charges(first: 48) { nodes { id } } } } } } }';
/** About 300. */
const LIVE = 'subscription($id: ID!) { balanceChanged(accountId: $id) { buckets { account { charges(first: 60) { nodes { id } } } } } }';

/** The budget is one of a minute; a test that met its end would see two. */
async function earlyInAMinute(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 8_000) await new Promise((resolve) => { setTimeout(resolve, left + 100); });
}

test('a caller has one budget a minute for both transports, and is told what is left and how long to wait', async () => {
  await earlyInAMinute();
  for (let turn = 1; turn <= 4; turn++) {
    const { text } = await api.ask('bob', DEAR, { id: bob.accountId });
    expect(text).toMatch(/"cost":\{"requested":\d{4},"remaining":\d+,"limit":20000\}/);
  }
  const socket = await api.socket('bob');
  for (const id of ['1', '2']) socket.subscribe(id, LIVE, { id: bob.accountId });
  const [error] = await socket.errorsOf('2');
  expect(error?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
  socket.close();
  expect(await api.ask('bob', DEAR, { id: bob.accountId })).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  expect(await api.ask('alice', '{ viewer { id } }')).toMatchObject({ status: 200, errors: [] });
}, 60_000);

test('lists without `first` are no way around the limit of objects', async () => {
  const deep = '{ viewer { accounts(first: 1) { buckets { account { buckets { account { buckets { account { buckets { id } } } } } } } } } }';
  expect(await api.ask('alice', deep)).toMatchObject({ status: 400, data: null, errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] });
});

test('an event of a subscription gives less than a query may', async () => {
  const socket = await api.socket('alice');
  socket.subscribe('dear', LIVE.replace('first: 60) { nodes { id', 'first: 100) { nodes { account { id } paidFrom { unit }'), { id: bob.accountId });
  expect((await socket.errorsOf('dear'))[0]).toMatchObject({
    message: 'An event of the subscription may give 3005 objects; the limit is 1000.', extensions: { code: 'QUERY_TOO_COMPLEX' },
  });
  socket.close();
});

test('refused documents cost too: an anonymous guesser is stopped', async () => {
  await earlyInAMinute();
  const guesses = Array.from({ length: 1_010 }, (_, index) => `{ guess${index} }`);
  const codes = new Set<string>();
  for (let at = 0; at < guesses.length; at += 50) {
    const told = await Promise.all(guesses.slice(at, at + 50).map((guess) => api.ask('anonymous', guess)));
    told.forEach(({ errors }) => errors.forEach(({ extensions: { code } }) => codes.add(code)));
  }
  expect([...codes].sort()).toEqual(['GRAPHQL_VALIDATION_FAILED', 'RATE_LIMITED']);
}, 60_000);
