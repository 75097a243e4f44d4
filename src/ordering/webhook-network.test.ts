import { createHmac } from 'node:crypto';
import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FulfilmentWork } from './fulfilment.port';
import { signatureOf, WebhookNetwork } from './webhook-network';

const SECRETS = ['a'.repeat(32), 'b'.repeat(32)];
const WORK: FulfilmentWork = {
  order: { shard: 1, id: 4097n }, tenantId: 1, itemKey: 'line', action: 'ADD', offering: { code: 'mobile', version: 2 }, productId: 8193n,
  identifiers: [{ kind: 'MSISDN', value: '353861234567' }], effectiveAt: null,
};

let server: Server;
let status = 202;
const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => { body += part; }).on('end', () => {
      seen.push({ headers: request.headers, body });
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
beforeEach(() => { seen.length = 0; status = 202; });
afterAll(() => new Promise((resolve) => { server.close(resolve); }));

const network = (): WebhookNetwork => new WebhookNetwork(
  { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`, secrets: SECRETS, answerWithinMs: 2_000 }, () => 1_764_350_000_500);

it('sends an item signed with every key, under an id that repeats keep', async () => {
  expect(await network().fulfil(WORK)).toEqual({ kind: 'TAKEN' });
  await network().fulfil(WORK);
  const [{ headers, body }, again] = seen as [typeof seen[number], typeof seen[number]];
  expect(headers).toMatchObject({ 'webhook-id': '4097:line:FULFIL', 'webhook-timestamp': '1764350000', 'content-type': 'application/json' });
  expect(again).toMatchObject({ headers: { 'webhook-id': '4097:line:FULFIL' }, body });
  expect(JSON.parse(body)).toMatchObject({ question: 'FULFIL', itemKey: 'line', action: 'ADD', offering: { code: 'mobile', version: 2 }, identifiers: [{ value: '353861234567' }] });
  const hex = (secret: string): string => createHmac('sha256', secret).update(`4097:line:FULFIL.1764350000.${body}`).digest('hex');
  expect(headers['webhook-signature']).toBe(`v1=${hex(SECRETS[0]!)},v1=${hex(SECRETS[1]!)}`);
  expect(signatureOf('i', '1', 'b', ['k'])).toBe(`v1=${createHmac('sha256', 'k').update('i.1.b').digest('hex')}`);
});

it('asks about a cancellation, and for it, under other ids', async () => {
  expect([await network().mayCancel(WORK), await network().cancel(WORK)]).toEqual([{ kind: 'TAKEN' }, { kind: 'TAKEN' }]);
  expect(seen.map(({ headers }) => headers['webhook-id'])).toEqual(['4097:line:MAY_CANCEL', '4097:line:CANCEL']);
});

it.each([302, 400, 503])('a receiver that answers %s did not take it', async (answer) => {
  status = answer;
  await expect(network().fulfil(WORK)).rejects.toThrow(`status ${answer}`);
  expect(seen).toHaveLength(1);
});
