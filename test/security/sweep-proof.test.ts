import { queryCases } from './sweep/query.cases';
import { callsOf, sweep } from './sweep/run';
import { furnish } from './sweep/world';
import { openLiveApi } from './live-api';

/** A product whose one ownership rule forgets the customer and, for an office, the tenant. */
jest.mock('../../src/party/access', () => {
  const real = jest.requireActual<typeof import('../../src/party/access')>('../../src/party/access');
  const holed: typeof real.accountFilter = (caller, first = 1, alias = 'account', purpose = 'READ') => {
    const { sql, parameters } = real.accountFilter(caller, first, alias, purpose);
    return { sql: sql === 'false' ? sql : `($${first}::text is not null and ${parameters.length > 1 ? `$${first + 1}::text is not null` : 'true'})`, parameters };
  };
  return { ...real, accountFilter: holed };
});

test('the sweep sees an ownership rule with a hole', async () => {
  const api = await openLiveApi();
  try {
    const world = await furnish(api);
    const root = queryCases().billingAccount!;
    const wrong = await sweep({ api, world }, 'billingAccount', root, callsOf('billingAccount', root));
    for (const sign of [
      'alice billingAccount id of bob: SERVED instead of ABSENT', 'alice billingAccount id of zoe: SERVED instead of ABSENT',
      'crm billingAccount id of zoe: SERVED instead of ABSENT', 'alice billingAccount id of bob shows', 'alice billingAccount id tells refusals apart',
    ]) expect(wrong.join('\n')).toContain(sign);
    expect(wrong.filter((line) => line.startsWith('network '))).toEqual([]);
  } finally {
    await api.close();
  }
}, 120_000);
