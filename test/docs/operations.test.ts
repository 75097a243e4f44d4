import { refOf } from '../../src/ordering/order.service';
import { decodeNumericId } from '../../src/platform/graphql';
import { LiveApi, openLiveApi, Told } from '../security/live-api';
import { blocksOf, DocumentedOperation, operationsOf } from './blocks';
import { Placeholders } from './placeholders';

jest.setTimeout(60_000);

const isSubscription = ({ query }: DocumentedOperation): boolean => /^subscription/m.test(query);

/** The documents that show operations: each is read from its first line to its last on a database of its own. */
describe.each(['README.md', 'docs/api.md', 'docs/tokens.md', 'docs/crm.md', 'docs/mobile.md', 'docs/partners.md', 'docs/billing.md', 'docs/customers-import.md', 'docs/import.md', 'docs/slices.md'])('%s', (path) => {
  let api: LiveApi;
  const placeholders = new Placeholders(Date.now());
  const answers = new Map<string, Told['data']>();
  const operations = operationsOf(path);

  beforeAll(async () => { api = await openLiveApi(); });
  afterAll(() => api.close());

  const variablesOf = ({ variables }: DocumentedOperation): Record<string, unknown> | undefined =>
    (variables === undefined ? undefined : JSON.parse(placeholders.fill(variables)) as Record<string, unknown>);

  async function pushed(operation: DocumentedOperation): Promise<Told> {
    const socket = await api.socket(operation.identity);
    socket.subscribe('1', placeholders.fill(operation.query), variablesOf(operation));
    // A run is watched until it is done: what follows reads what it made.
    const first = await socket.until(({ type, payload }) => type === 'error' || (type === 'next' && !JSON.stringify(payload).includes('"RUNNING"')));
    socket.socket.close();
    const text = JSON.stringify(first.payload);
    return { status: 200, text, data: null, errors: [], ...(first.type === 'error' ? { errors: first.payload } : first.payload) as Partial<Told> };
  }

  /** Runs an order as the workers of a server would. */
  async function fulfil(data: Told['data']): Promise<void> {
    const id = (data?.productOrderCreate as { order?: { id: string } } | undefined)?.order?.id;
    if (id === undefined) return;
    await api.rooms.orderRunner.advance(refOf(decodeNumericId(id, 'ProductOrder')!));
  }

  it('shows operations', () => expect(operations.length).toBeGreaterThan(0));

  it.each(operations.map((operation) => [operation.title, operation] as const))('%s runs as it is written', async (_title, operation) => {
    const told = isSubscription(operation)
      ? await pushed(operation)
      : await api.ask(operation.identity, placeholders.fill(operation.query), variablesOf(operation));
    expect(told.errors).toEqual([]);
    const fields = Object.values(told.data ?? {});
    expect(fields).toHaveLength(1);
    expect(fields).toEqual([expect.anything()]);
    expect(fields).not.toEqual([expect.objectContaining({ errors: [expect.anything()] })]);
    placeholders.learn(told.data);
    if (path === 'docs/slices.md') await fulfil(told.data);
    answers.set(operation.title, told.data);
  });

  if (path === 'docs/partners.md') {
    it.each([
      ['Running', { viewerPartner: { runningTotals: [{ currency: 'EUR', share: { amount: '0.853658', currency: 'EUR' } }] } }],
      ['Lines', { statement: expect.objectContaining({ lines: expect.objectContaining({ nodes: [expect.objectContaining({
        percent: '70', count: '1', share: { amount: '0.85', currency: 'EUR' },
        shares: expect.objectContaining({ nodes: [expect.objectContaining({ number: '1', share: { amount: '0.853658' } })] }) as unknown,
      })] }) as unknown }) as unknown }],
      ['Settle', { statementSettle: expect.objectContaining({ statement: expect.objectContaining({ state: 'SETTLED' }) as unknown }) as unknown }],
    ])('tells of %s what is true', (name, answer) => expect(answers.get(`docs/partners.md ${name}`)).toMatchObject(answer));
  }
  if (path === 'docs/slices.md') {
    it.each([
      ['Free', { sliceAreas: { nodes: [{ code: 'dublin-4', free: { downlinkKbps: '1000000', uplinkKbps: '200000', devices: '5000' } }] } }],
      ['SliceOrder', { productOrder: { state: 'COMPLETED', items: [{ product: { state: 'ACTIVE', purchaseOrderNumber: 'PO-2031/77' } }] } }],
      ['Slice', { sliceProduct: { snssai: { sst: 1, sd: '00AB3F' }, area: 'dublin-4', devices: { nodes: [{ identifier: 'monitor-7' }] } } }],
      ['UseInSlice', { usageCharge: { accepted: 1, results: [{ status: 'CHARGED', charges: [{ gross: { amount: '0.10', currency: 'EUR' } }] }] } }],
      ['Measure', { sliceMeasurementReport: { accepted: 3, results: [{ status: 'ACCEPTED', usage: null }, { usage: { status: 'CHARGED' } }, { isLate: false }] } }],
      ['Measured', { sliceProduct: { usage: { registeredNow: '212', volume: { amount: '5000000' } }, objectives: [{ target: '99.95', availabilityPercent: '100', verdict: null }] } }],
    ])('tells of %s what is true', (name, answer) => expect(answers.get(`docs/slices.md ${name}`)).toMatchObject(answer));
  }
  if (path === 'docs/mobile.md') {
    it.each([
      ['TopUp', { balanceTopUp: { topUp: expect.objectContaining({ amount: { amount: '10.00', currency: 'EUR' } }) as unknown, errors: [] } }],
      ['Send', { balanceTransfer: { transfer: expect.objectContaining({ amount: { amount: '2.50', currency: 'EUR' } }) as unknown, errors: [] } }],
      ['Preview', { billPreview: expect.objectContaining({ kind: 'STATEMENT', amountDue: { amount: '0.00' } }) as unknown }],
    ])('tells of %s what is true', (name, answer) => expect(answers.get(`docs/mobile.md ${name}`)).toMatchObject(answer));

    it('hands out the PDF as it is written', async () => {
      const [command] = blocksOf(path).filter(({ language }) => language === 'sh');
      const address = /http:\/\/\S+/.exec(command!.text)![0].replace('http://127.0.0.1:4000', api.server.address).replace('BILL_ID', placeholders.fill('"OWN BILL ID"').slice(1, -1));
      const response = await fetch(address, { headers: { authorization: `Bearer ${api.tokenOf('alice')}` } });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    });
  }
  if (path !== 'docs/api.md') return;

  it.each([
    ['SendUsage', { usageCharge: expect.objectContaining({ accepted: 1, quarantined: 1 }) as unknown }],
    ['PutAside', { quarantinedUsages: expect.objectContaining({ nodes: [expect.objectContaining({ usageId: 'text-1' })] }) as unknown }],
    ['Redrive', { quarantinedUsageRedrive: expect.objectContaining({ accepted: 1, remaining: 0 }) as unknown }],
  ])('tells of %s what is true', (name, answer) => expect(answers.get(`docs/api.md ${name}`)).toMatchObject(answer));
});
