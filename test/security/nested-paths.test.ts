import { NUMBERS } from '../../seeds/people';
import { identityOf, LiveApi, openLiveApi, Told } from './live-api';
import { leaks } from './sweep/expectation';
import { insides, pathsFrom } from './sweep/paths';
import { OwnerName } from './sweep/scopes';
import { furnish, got, Owned } from './sweep/world';

/** Objects on a path: deep enough for charge → account → sharing group → owner → product. */
const HOPS = 4;
const FAMILY = ['carol', 'dave', 'erin'] as const;
type Member = (typeof FAMILY)[number];

let api: LiveApi;
let world: Readonly<Record<OwnerName, Owned>>;
/** What only the member himself may see, of each. */
let family: Readonly<Record<Member, readonly string[]>>;

beforeAll(async () => {
  api = await openLiveApi();
  world = await furnish(api);
  await entangle();
  const marks = await Promise.all(FAMILY.map(async (member) => [member, await marksOf(member)] as const));
  family = Object.fromEntries(marks) as Record<Member, string[]>;
}, 120_000);
afterAll(() => api.close());

const MOVE = 'mutation($input: BalanceTransferInput!) { balanceTransfer(input: $input) { transfer { id } errors { code message } } }';
const OPEN = 'mutation($input: BillingAccountCreateInput!) { billingAccountCreate(input: $input) { billingAccount { id } errors { code message } } }';
const SEND = 'mutation($input: UsageChargeInput!) { usageCharge(input: $input) { accepted results { status error { code } } } }';

/** Ties the objects of strangers to each other in every way that the API admits. */
async function entangle(): Promise<void> {
  const amount = { amount: '2', currency: 'EUR' };
  const transfer = { fromAccountId: world.alice.accountId, toAccountId: world.bob.spareId, amount, idempotencyKey: 'entangle' };
  await got(api, 'alice', MOVE, { input: transfer }, 'balanceTransfer', 'transfer', 'id');
  const account = { currency: 'EUR', timeZone: 'Europe/Dublin', billCycleDay: 1, paymentMode: 'PREPAID' };
  const below = { ...account, customerId: world.alice.customerId, name: 'Below Bob', parentId: world.bob.accountId };
  await got(api, 'crm', OPEN, { input: below }, 'billingAccountCreate', 'billingAccount', 'id');
  const member = { ...account, customerId: world.bob.customerId, name: 'In the group of Alice', sharingGroupId: world.alice.groupId };
  await got(api, 'crm', OPEN, { input: member }, 'billingAccountCreate', 'billingAccount', 'id');
  const usages = FAMILY.map((name) => ({
    usageId: `family-${name}`, subscriber: { msisdn: NUMBERS[name] }, startedAt: new Date().toISOString(), data: { quantity: { amount: '2000000', unit: 'BYTE' } },
  }));
  expect(await got(api, 'network', SEND, { input: { source: 'upf1', usages } }, 'usageCharge', 'accepted')).toBe(FAMILY.length);
}

const MINE = '{ viewer { id party { id } accounts { id products { nodes { id } } charges { nodes { id usage { id } } } } } }';

/** The ids of everything that is one member's own, and the number. */
async function marksOf(member: Member): Promise<string[]> {
  const { text } = await api.ask(member, MINE);
  const ids = [...text.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id!);
  expect(ids.length).toBeGreaterThan(5);
  return [NUMBERS[member], ...ids];
}

/** Walks every path from what the caller is; all answers in one text, their ids opened up. */
async function walk(name: string): Promise<Told[]> {
  const paths = pathsFrom(api.schema, 'Customer', HOPS);
  const answers: Told[] = [];
  for (const path of paths) answers.push(await api.ask(name, `{ viewer { ${path} } }`));
  expect(answers.filter(({ errors }) => errors.length > 0).map(({ text }) => text.slice(0, 200))).toEqual([]);
  return answers;
}

test('there are many paths', () => {
  expect(pathsFrom(api.schema, 'Customer', HOPS).length).toBeGreaterThan(100);
});

describe.each(['alice', 'bob', 'zoe'] as const)('every path from %s', (name) => {
  test('shows what is own and nothing of strangers', async () => {
    const answers = await walk(name);
    const seen = answers.flatMap((told) => leaks(told, identityOf(name), world, null));
    expect([...new Set(seen)].filter((mark) => !(name === 'bob' && mark === world.alice.groupId))).toEqual([]);
    const all = answers.map(({ text }) => text).join('\n');
    expect(world[name].marks.filter((mark) => !all.includes(mark) && mark !== world[name].organizationId)).toEqual([]);
    // Bob was made a member of Alice's group, whose id holds the key of her account.
    const strangers = (['alice', 'bob', 'zoe'] as const).filter((other) => other !== name && !(name === 'bob' && other === 'alice'));
    const keys = strangers.flatMap((other) => [world[other].accountId, world[other].productId].map(keyOf));
    const opened = insides(all);
    expect(keys.filter((key) => opened.includes(`:${key}`))).toEqual([]);
  }, 120_000);
});

describe.each(FAMILY)('every path from %s of the family', (name) => {
  test('shows what is own and nothing of the other members', async () => {
    const all = (await walk(name)).map(({ text }) => text).join('\n');
    const others = FAMILY.filter((other) => other !== name).flatMap((other) => family[other]);
    expect(others.filter((mark) => all.includes(mark))).toEqual([]);
    expect(family[name].filter((mark) => !all.includes(mark))).toEqual([]);
  }, 120_000);
});

/** The number inside an id. */
const keyOf = (id: string): string => Buffer.from(id, 'base64url').toString().split(':')[1]!;
