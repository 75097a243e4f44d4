import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LiveApi, openLiveApi } from '../security/live-api';

const WORKSPACE = join(__dirname, '..', '..', 'web', 'graphiql');
const canRun = existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium') && existsSync(join(WORKSPACE, 'node_modules'));
if (!canRun) process.stderr.write('GraphiQL on the whole product is not checked: Chromium or web/graphiql/node_modules is missing.\n');

const HOME = 'query Home { viewer { name accounts { id spendable { amount currency } } } }';
const CHARGE = `mutation Call($input: UsageChargeInput!) { usageCharge(input: $input) { results { status } errors { code message } } }`;
const WATCH = 'subscription Balance($account: ID!) { balanceChanged(accountId: $account) { reason spendable { amount currency } } }';

interface Home {
  readonly viewer: { readonly accounts: readonly { readonly id: string }[] };
}

/** The page with the real schema, the demo's identities and a charge that arrives while a subscriber watches. */
(canRun ? describe : describe.skip)('GraphiQL on the whole product', () => {
  let api: LiveApi;
  let accountId = '';

  beforeAll(async () => {
    api = await openLiveApi({ demo: true });
    accountId = ((await api.ask('alice', HOME)).data as unknown as Home).viewer.accounts[0].id;
  }, 60_000);
  afterAll(() => api.close());

  let calls = 0;
  const call = async (): Promise<void> => {
    calls += 1;
    const voice = { direction: 'OUTGOING', otherParty: '+442079460000', quantity: { amount: '1', unit: 'SECOND' } };
    const usage = { usageId: `page-${calls}`, subscriber: { msisdn: '353209100001' }, startedAt: new Date().toISOString(), voice };
    const told = await api.ask('network', CHARGE, { input: { source: 'msc1', usages: [usage] } });
    expect(told.data).toMatchObject({ usageCharge: { results: [{ status: 'CHARGED' }] } });
  };

  /** Runs the check; once its query was answered a call is charged every half second, so that one falls into the subscription. */
  async function check(options: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
    const checking = spawn(process.execPath, ['check.mjs', ...options], { cwd: WORKSPACE, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let charging: Promise<void> = Promise.resolve();
    const timer = setInterval(() => { if (said.includes('query: ok')) charging = charging.then(call); }, 500);
    for (const stream of [checking.stdout, checking.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { said += text; });
    const code = await new Promise<number | null>((resolve) => { checking.on('close', resolve); });
    clearInterval(timer);
    await charging;
    return { code, said };
  }

  it('shows Alice\'s balance, and the change when the network charges her call', async () => {
    const screenshots = process.env.SCREENSHOTS === undefined ? [] : ['--screenshot', process.env.SCREENSHOTS];
    const { code, said } = await check(['--url', `${api.server.address}/graphql`, '--token', api.tokenOf('alice') ?? '',
      '--query', HOME, '--expect-query', '"amount": "20.00"', '--subscription', WATCH, '--variables', JSON.stringify({ account: accountId }),
      '--expect-push', '"reason": "CHANGE"', ...screenshots]);
    expect(said.replace(/\d+ requests/g, 'n requests').trim().split('\n')).toEqual([
      'first visit: ok, n requests, 0 outside', 'query: ok, n requests, 0 outside', 'subscription: ok, n requests, 0 outside',
    ]);
    expect(code).toBe(0);
    expect(calls).toBeGreaterThan(0);
  }, 120_000);
});
