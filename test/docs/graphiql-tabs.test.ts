import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveApi, openLiveApi } from '../security/live-api';

jest.setTimeout(60_000);

const ROOT = join(__dirname, '..', '..');
const PRINT_TABS = 'import { exampleTabs } from "./src/examples.js"; console.log(JSON.stringify(exampleTabs(Date.now())));';

interface Tab {
  readonly query: string;
  /** JSON text. */
  readonly variables?: string;
}

/** What GraphiQL's first visit offers, against the product and against the page as it is committed. */
describe('the first tabs of GraphiQL', () => {
  const tabs = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', PRINT_TABS], {
    cwd: join(ROOT, 'web', 'graphiql'), encoding: 'utf8',
  })) as Tab[];
  let api: LiveApi;
  let accountId = '';

  beforeAll(async () => { api = await openLiveApi(); });
  afterAll(() => api.close());

  const variablesOf = (tab: Tab): Record<string, unknown> => JSON.parse(tab.variables ?? '{}') as Record<string, unknown>;
  const identityOf = ({ query }: Tab): string => /^# Token: npx tributary token (\w+)$/m.exec(query)?.[1] ?? '';

  it('show the balance', async () => {
    const told = await api.ask(identityOf(tabs[0]), tabs[0].query);
    const data = told.data as { viewer: { accounts: { id: string; spendable: { amount: string } }[] } };
    accountId = data.viewer.accounts[0].id;
    expect(data.viewer.accounts[0].spendable.amount).toBe('20.00');
  });

  it('charge a call', async () => {
    const told = await api.ask(identityOf(tabs[1]), tabs[1].query, variablesOf(tabs[1]));
    expect(told.data).toMatchObject({ usageCharge: { accepted: 1, results: [{ status: 'CHARGED' }], errors: [] } });
  });

  it('watch the account whose id is pasted', async () => {
    const socket = await api.socket(identityOf(tabs[2]));
    socket.subscribe('1', tabs[2].query, { ...variablesOf(tabs[2]), account: accountId });
    const first = await socket.until(({ type }) => type === 'next' || type === 'error');
    socket.socket.close();
    expect(first).toMatchObject({ type: 'next', payload: { data: { balanceChanged: { reason: 'SNAPSHOT' } } } });
  });

  it('are in the page that is committed', () => {
    const folder = join(ROOT, 'assets', 'graphiql', 'assets');
    const scripts = readdirSync(folder).filter((name) => name.startsWith('index-') && name.endsWith('.js'));
    const page = scripts.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    for (const { query } of tabs) {
      for (const line of query.split('\n').map((text) => text.trim()).filter((text) => text.length > 5)) expect(page).toContain(line);
    }
  });
});
