import { identityOf, LiveApi, openLiveApi } from './live-api';
import { digestOf } from './sweep/digest';
import { declaredRoles } from './sweep/expectation';
import { mutationCases } from './sweep/mutation.cases';
import { OwnerName, SWEPT } from './sweep/scopes';
import { furnish, Owned } from './sweep/world';

/** No card number is taken, stored or logged: not in any text that a person or a channel fills in. */
let api: LiveApi;
let world: Readonly<Record<OwnerName, Owned>>;
beforeAll(async () => {
  api = await openLiveApi();
  world = await furnish(api);
}, 120_000);
afterAll(() => api.close());

const GROUPED = '4242 4242 4242 4242';

test.each([
  ['paymentConfirm', 'externalId', '4111111111111111'],
  ['paymentConfirm', 'externalId', '4111-1111-1111-1111'],
  ['paymentConfirm', 'externalId', 'pan:4111111111111111'],
  ['customerCreate', 'externalId', '4242424242424242'],
  ['individualCreate', 'givenName', GROUPED],
  ['individualCreate', 'familyName', GROUPED],
  ['organizationCreate', 'tradingName', GROUPED],
  ['billingAccountCreate', 'name', GROUPED],
  ['billingAccountUpdate', 'name', GROUPED],
  ['sharingGroupCreate', 'name', GROUPED],
  ['balanceAdjust', 'reason', `paid with ${GROUPED}`],
  ['chargeRefund', 'note', `paid with ${GROUPED}`],
  ['tokenRevoke', 'reason', `used ${GROUPED}`],
  ['voucherBatchCreate', 'batch', '4242-4242-4242-4242'],
  ['productOfferingDraft', 'name', GROUPED],
  ['productOfferingDraft', 'description', GROUPED],
] as const)('%s takes none in %s: %s', async (field, place, text) => {
  const { document, probes } = mutationCases(world)[field]!;
  const name = SWEPT.find((one) => declaredRoles().get(field)?.includes(identityOf(one).role))!;
  const { input } = Object.values(probes)[0]!.name(world.alice, { identity: identityOf(name), serial: `card-${field.toLowerCase()}-${place.toLowerCase()}` });
  const before = await digestOf(api.database.ownerPool);
  const { text: answer } = await api.ask(name, document, { input: { ...input as object, [place]: text } });
  expect(answer).toMatch(new RegExp(`"errors":\\[\\{"code":"INVALID_INPUT","message":"[^"]*","path":\\[(?:"input",)?"${place}"\\]\\}\\]`));
  expect(answer).not.toMatch(/4242|4111/);
  expect(await digestOf(api.database.ownerPool)).toEqual(before);
});

test('no log line and no audit row holds one', async () => {
  const { rows } = await api.database.ownerPool.query<{ row: string }>('select audit_log::text as row from audit_log');
  expect([...api.logLines, ...rows.map(({ row }) => row)].filter((line) => /4242[ -]?4242|4111[ -]?1111/.test(line))).toEqual([]);
});
