import {
  errorsOf, loadListPrices, loadOfferingTerms, loadPriceVersions, loadTaxRates, OfferingDraft, PriceDraft,
} from '../../src/catalog';
import { Refusal } from '../../src/platform/errors';
import { CatalogBench, callPrice, calls, fee, manager, minutes, offering, openCatalogBench, otherManager } from './catalog-support';

/** The refusal's "code path" texts; fails where the work is not refused. */
async function refusedWith(work: Promise<unknown>): Promise<string[]> {
  const error: unknown = await work.then(() => new Error('was not refused'), (reason: unknown) => reason);
  if (!(error instanceof Refusal)) throw error;
  return errorsOf(error).map(({ code, path }) => `${code} ${path.join('.')}`);
}

describe('catalog', () => {
  let bench: CatalogBench;

  beforeAll(async () => {
    bench = await openCatalogBench();
  });

  afterAll(() => bench.close());

  const versionsOf = async (code: string): Promise<{ version: number; state: string; valid_from: Date | null; valid_until: Date | null }[]> =>
    (await bench.database.ownerPool.query(
      `select v.version, v.state, v.valid_from, v.valid_until from product_offering_version v
         join product_offering o on o.id = v.offering_id where o.code = $1 and o.tenant_id = 1 order by v.version`, [code])).rows;

  describe('a draft', () => {
    const withPrice = (changes: Partial<PriceDraft>): OfferingDraft => offering({ prices: [{ ...calls, ...changes }, fee] });
    const withUsage = (changes: Partial<typeof callPrice>): OfferingDraft => withPrice({ usage: { ...callPrice, ...changes } });
    const rate = callPrice.rates[0];

    it.each<[string, OfferingDraft, string]>([
      ['a code with blanks', offering({ code: 'My plan' }), 'code'],
      ['an empty name', offering({ name: '' }), 'name'],
      ['a name with a control character', offering({ name: 'a\u0000b' }), 'name'],
      ['a name with half a character', offering({ name: 'a\ud800b' }), 'name'],
      ['a priority below zero', offering({ priority: -1 }), 'priority'],
      ['no payment mode', offering({ paymentModes: [] }), 'paymentModes'],
      ['a payment mode twice', offering({ paymentModes: ['PREPAID', 'PREPAID'] }), 'paymentModes.1'],
      ['a period of no length', offering({ periodLength: 0 }), 'periodLength'],
      ['two months as one period', offering({ periodLength: 2 }), 'periodLength'],
      ['a period too long', offering({ periodLength: 745 }), 'periodLength'],
      ['nothing in it', offering({ prices: [], allowances: [] }), 'prices'],
      ['a price code twice', offering({ prices: [calls, calls] }), 'prices.1.code'],
      ['an allowance code twice', offering({ allowances: [minutes, minutes] }), 'allowances.1.code'],
      ['two currencies', offering({ prices: [calls, { ...fee, currency: 'USD' }] }), 'prices.1.currency'],
      ['no currency in use', offering({ prices: [{ ...calls, currency: 'XQQ' }] }), 'prices.0.currency'],
      ['a price of no kind', withPrice({ usage: null }), 'prices.0'],
      ['a price of two kinds', withPrice({ oneTime: { amount: '1' } }), 'prices.0'],
      ['a fee below zero', withPrice({ usage: null, oneTime: { amount: '-1' } }), 'prices.0.oneTime.amount'],
      ['a fee of seven decimals', withPrice({ usage: null, oneTime: { amount: '0.0000001' } }), 'prices.0.oneTime.amount'],
      ['a fee that is no number', withPrice({ usage: null, recurring: { amount: '1e3', isProrated: false } }), 'prices.0.recurring.amount'],
      ['usage earned over the period', withPrice({ recognition: 'OVER_PERIOD' }), 'prices.0.recognition'],
      ['a fee as a list price', withPrice({ usage: null, oneTime: { amount: '1' }, listPriced: true }), 'prices.0.listPriced'],
      ['an unknown tax class', withPrice({ taxClass: 'reduced' }), 'prices.0.taxClass'],
      ['a revenue account with blanks', withPrice({ revenueAccount: 'my money' }), 'prices.0.revenueAccount'],
      ['a revenue account that is a debt', withPrice({ revenueAccount: 'prepaid_liability' }), 'prices.0.revenueAccount'],
      ['a unit that does not fit the kind', withUsage({ unit: 'BYTE' }), 'prices.0.usage.unit'],
      ['an amount for nothing', withUsage({ per: 0n }), 'prices.0.usage.per'],
      ['an unknown zone', withUsage({ timeZone: 'Europe/Atlantis' }), 'prices.0.usage.timeZone'],
      ['a first step that starts late', withUsage({ rates: [{ ...rate, steps: [{ from: 1n, amount: '1', increment: 1n }] }] }),
        'prices.0.usage.rates.0.steps.0.from'],
      ['a prefix with letters', withUsage({ rates: [{ ...rate, prefixes: ['+44'] }] }), 'prices.0.usage.rates.0.prefixes.0'],
      ['a prefix twice', withUsage({ rates: [rate, rate] }), 'prices.0.usage.rates.1.prefixes.0'],
      ['an open tier in the middle', withUsage({
        rates: [{ ...rate, steps: [{ from: 0n, amount: '0', increment: 1n }] }],
        tiers: { mode: 'GRADUATED', tiers: [{ upTo: null, amount: '1', flatAmount: '0' }, { upTo: null, amount: '2', flatAmount: '0' }] },
      }), 'prices.0.usage.tiers.tiers.0.upTo'],
      ['an allowance of another unit', offering({ allowances: [{ ...minutes, unit: 'EVENT' }] }), 'allowances.0.unit'],
      ['an allowance of nothing', offering({ allowances: [{ ...minutes, quantity: 0n, step: null }] }), 'allowances.0.quantity'],
      ['a step above the quantity', offering({ allowances: [{ ...minutes, step: 6_001n }] }), 'allowances.0.step'],
      ['a roll-over bound without roll-over', offering({ allowances: [{ ...minutes, renewal: 'RESET' }] }), 'allowances.0.rollOverMaximum'],
      ['a condition on nothing', offering({ allowances: [{ ...minutes, conditions: [{ attribute: 'x', in: [] }] }] }),
        'allowances.0.conditions.0.in'],
    ])('is refused with %s, and nothing is stored', async (_, draft, path) => {
      const before = await bench.database.ownerPool.query('select count(*) from product_offering_version');
      expect(await refusedWith(bench.catalog.draft(manager, draft))).toEqual([`INVALID_INPUT ${path}`]);
      const after = await bench.database.ownerPool.query('select count(*) from product_offering_version');
      expect(after.rows).toEqual(before.rows);
    });

    it.each<[string, OfferingDraft, string[]]>([
      ['a fee', offering({ periodKind: 'NONE', prices: [fee], allowances: [] }), ['prices.0.recognition', 'prices.0.recurring']],
      ['a prorated grant', offering({ periodKind: 'NONE', prices: [calls] }), ['allowances.0.firstGrant']],
    ])('without a period cannot hold %s', async (_, draft, paths) => {
      expect(await refusedWith(bench.catalog.draft(manager, draft))).toEqual(paths.map((path) => `INVALID_INPUT ${path}`));
    });

    it('is told everything that is wrong at once', async () => {
      const draft = offering({ name: '', prices: [{ ...calls, code: 'A' }, { ...fee, recurring: { amount: 'x', isProrated: false } }] });
      expect(await refusedWith(bench.catalog.draft(manager, draft)))
        .toEqual(['INVALID_INPUT name', 'INVALID_INPUT prices.0.code', 'INVALID_INPUT prices.1.recurring.amount']);
    });

    it('leaves an audit row whether it is stored or refused', async () => {
      await bench.catalog.draft(manager, offering({ code: 'audited' }));
      await refusedWith(bench.catalog.draft(manager, offering({ code: '' })));
      const { rows } = await bench.database.ownerPool.query(
        `select operation, result from audit_log where tenant_id = 1 order by sequence desc limit 2`);
      expect(rows).toEqual([
        { operation: 'productOfferingDraft', result: 'REFUSED' }, { operation: 'productOfferingDraft', result: 'DONE' },
      ]);
    });

    it('opens the revenue accounts it names', async () => {
      await bench.catalog.draft(manager, offering({ code: 'accounts', prices: [{ ...calls, revenueAccount: 'revenue' }, fee] }));
      const { rows } = await bench.database.ownerPool.query(
        `select revenue_account, a.kind from price_version p join ledger_account a on a.tenant_id = 1 and a.code = p.revenue_account
          where p.offering_version_id = (select max(id) from product_offering_version) order by p.id`);
      expect(rows).toEqual([{ revenue_account: 'revenue', kind: 'REVENUE' }, { revenue_account: 'revenue:subscription', kind: 'REVENUE' }]);
    });

    it('keeps the identity of its prices, whose kind cannot change', async () => {
      const first = await bench.catalog.draft(manager, offering({ code: 'identity' }));
      const second = await bench.catalog.draft(manager, offering({ code: 'identity' }));
      const terms = await loadOfferingTerms(bench.database.appPool, [BigInt(first.versionId), BigInt(second.versionId)]);
      const [one, two] = [first, second].map(({ versionId }) => terms.get(versionId)?.usage[0]);
      expect(two?.priceId).toBe(one?.priceId);
      expect([one?.version, two?.version]).toEqual([1, 2]);
      const changed = offering({ code: 'identity', prices: [{ ...calls, usage: null, oneTime: { amount: '1' } }] });
      expect(await refusedWith(bench.catalog.draft(manager, changed))).toEqual(['CONFLICT prices.0.code']);
    });
  });

  it('gives the charging path the terms as drafted', async () => {
    const { versionId, offeringId } = await bench.catalog.draft(manager, offering({ code: 'terms' }));
    const terms = (await loadOfferingTerms(bench.database.appPool, [BigInt(versionId), 999_999n])).get(versionId);
    expect(terms).toMatchObject({
      versionId, offeringId, tenantId: 1, code: 'terms', periodKind: 'BILL_CYCLE', paymentModes: ['PREPAID', 'POSTPAID'], oneTime: [],
      recurring: [{ priceType: 'RECURRING', amount: 20_000_000n, isProrated: true, per: 1n, unit: 'EVENT', revenueAccount: 'revenue:subscription' }],
      usage: [{ priceType: 'USAGE', per: 60n, unit: 'SECOND', taxIncluded: true, definition: { usageKind: 'VOICE', rates: [{
        zone: 'Everywhere', prefixes: ['*'], connectFee: '0', steps: [{ from: '0', amount: '0.20', increment: '1' }] }] } }],
      allowances: [{ code: 'minutes', quantity: 6_000n, step: 60n, prefixes: ['353'], rollOverMaximum: 3_000n, renewal: 'ROLL_OVER' }],
    });
    const ids = terms?.usage.map(({ id }) => BigInt(id)) ?? [];
    expect((await loadPriceVersions(bench.database.appPool, ids)).get(`${ids[0]}`)).toEqual(terms?.usage[0]);
  });

  describe('a launch', () => {
    it('ends the version before it at that instant', async () => {
      await bench.catalog.draft(manager, offering({ code: 'follow' }));
      await bench.catalog.launch(manager, { code: 'follow', version: null, validFrom: new Date('2020-01-01T00:00:00Z') });
      await bench.catalog.draft(manager, offering({ code: 'follow' }));
      const at = new Date('2099-01-01T00:00:00Z');
      await bench.catalog.launch(manager, { code: 'follow', version: 2, validFrom: at });
      expect(await versionsOf('follow')).toEqual([
        { version: 1, state: 'LAUNCHED', valid_from: new Date('2020-01-01T00:00:00Z'), valid_until: at },
        { version: 2, state: 'LAUNCHED', valid_from: at, valid_until: null },
      ]);
    });

    it.each([
      ['an unknown offering', { code: 'nothing', version: null, validFrom: null }, 'NOT_FOUND code'],
      ['an unknown version', { code: 'rules', version: 9, validFrom: null }, 'NOT_FOUND version'],
      ['a launched version again', { code: 'rules', version: 1, validFrom: null }, 'CONFLICT version'],
      ['a second version in the past', { code: 'rules', version: 2, validFrom: new Date('2021-01-01T00:00:00Z') }, 'INVALID_INPUT validFrom'],
    ])('refuses %s', async (_, input, problem) => {
      await prepareRules();
      expect(await refusedWith(bench.catalog.launch(manager, input))).toEqual([problem]);
    });

    async function prepareRules(): Promise<void> {
      if ((await versionsOf('rules')).length > 0) return;
      await bench.catalog.draft(manager, offering({ code: 'rules' }));
      await bench.catalog.launch(manager, { code: 'rules', version: 1, validFrom: null });
      await bench.catalog.draft(manager, offering({ code: 'rules' }));
    }

    it('refuses to start before one that is launched for later, or before its tax rates', async () => {
      await bench.catalog.draft(manager, offering({ code: 'later' }));
      const early = { code: 'later', version: null, validFrom: new Date('2009-12-31T23:59:59Z') };
      expect(await refusedWith(bench.catalog.launch(manager, early))).toEqual(['INVALID_INPUT validFrom']);
      await bench.catalog.launch(manager, { code: 'later', version: null, validFrom: new Date('2099-01-01T00:00:00Z') });
      await bench.catalog.draft(manager, offering({ code: 'later' }));
      expect(await refusedWith(bench.catalog.launch(manager, { code: 'later', version: null, validFrom: null }))).toEqual(['CONFLICT validFrom']);
    });

    it('tells the nodes by the catalog version, a draft does not', async () => {
      const version = async (): Promise<string> =>
        (await bench.database.ownerPool.query<{ v: string }>('select catalog_version::text as v from tenant where id = 1')).rows[0].v;
      const before = BigInt(await version());
      await bench.catalog.draft(manager, offering({ code: 'told' }));
      expect(BigInt(await version())).toBe(before);
      await bench.catalog.launch(manager, { code: 'told', version: null, validFrom: null });
      expect(BigInt(await version())).toBe(before + 1n);
    });

    it('of ten versions at once leaves one launched, valid version at every instant', async () => {
      for (let version = 1; version <= 10; version += 1) await bench.catalog.draft(manager, offering({ code: 'race' }));
      const launches = Array.from({ length: 10 }, (_, index) =>
        bench.catalog.launch(manager, { code: 'race', version: index + 1, validFrom: null }));
      const outcomes = await Promise.allSettled(launches);
      expect(outcomes.map(({ status }) => status)).toEqual(Array(10).fill('fulfilled'));
      const starts = (await versionsOf('race')).sort((a, b) => Number(a.valid_from) - Number(b.valid_from) || Number(a.valid_until ?? Infinity) - Number(b.valid_until ?? Infinity));
      expect(starts.filter(({ valid_until: until }) => until === null)).toHaveLength(1);
      starts.slice(1).forEach((next, index) => expect(starts[index].valid_until).toEqual(next.valid_from));
    });

    it('of one version twice at once launches it once', async () => {
      await bench.catalog.draft(manager, offering({ code: 'twice' }));
      const launch = { code: 'twice', version: 1, validFrom: null };
      const outcomes = await Promise.allSettled([bench.catalog.launch(manager, launch), bench.catalog.launch(manager, launch)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await versionsOf('twice')).toMatchObject([{ version: 1, state: 'LAUNCHED', valid_until: null }]);
    });
  });

  describe('a launched version', () => {
    it.each([
      ['its price', `update price_version set amount = 0`, /permission denied/],
      ['its name', `update product_offering_version set name = 'x'`, /permission denied/],
      ['its allowances', `update allowance set quantity = 1`, /permission denied/],
      ['a tax rate', `update tax_rate set rate = 0`, /permission denied/],
      ['its prices away', `delete from price_version`, /permission denied/],
      ['its start', `update product_offering_version set valid_from = now() where state = 'LAUNCHED'`, /immutable/],
      ['its state back', `update product_offering_version set state = 'IN_DESIGN' where state = 'LAUNCHED'`, /immutable/],
    ])('cannot change %s as the application', async (_, statement, message) => {
      await expect(bench.database.appPool.query(statement)).rejects.toThrow(message);
    });
  });

  describe('a retired offering', () => {
    it('is ended now, and what was launched for later never starts', async () => {
      await bench.catalog.draft(manager, offering({ code: 'old' }));
      await bench.catalog.launch(manager, { code: 'old', version: null, validFrom: null });
      await bench.catalog.draft(manager, offering({ code: 'old' }));
      await bench.catalog.launch(manager, { code: 'old', version: null, validFrom: new Date('2099-01-01T00:00:00Z') });
      await bench.catalog.retire(manager, { code: 'old', at: null });
      const [first, second] = await versionsOf('old');
      expect([first.state, second.state]).toEqual(['RETIRED', 'RETIRED']);
      expect(second.valid_until).toEqual(second.valid_from);
      expect(await refusedWith(bench.catalog.retire(manager, { code: 'old', at: null }))).toEqual(['CONFLICT code']);
    });

    it('may be sold until a later instant', async () => {
      await bench.catalog.draft(manager, offering({ code: 'ending' }));
      await bench.catalog.launch(manager, { code: 'ending', version: null, validFrom: null });
      const at = new Date('2099-06-01T00:00:00Z');
      await bench.catalog.retire(manager, { code: 'ending', at });
      expect(await versionsOf('ending')).toMatchObject([{ state: 'LAUNCHED', valid_until: at }]);
    });
  });

  it('lists a price until its next version, and for products of a retired offering on', async () => {
    const deck = offering({ code: 'deck', prices: [{ ...calls, listPriced: true }], allowances: [] });
    const first = await bench.catalog.draft(manager, deck);
    const start = new Date('2020-01-01T00:00:00Z');
    await bench.catalog.launch(manager, { code: 'deck', version: null, validFrom: start });
    await bench.catalog.draft(manager, deck);
    const next = new Date('2098-01-01T00:00:00Z');
    await bench.catalog.launch(manager, { code: 'deck', version: null, validFrom: next });
    const priceId = BigInt((await loadOfferingTerms(bench.database.appPool, [BigInt(first.versionId)])).get(first.versionId)?.usage[0].priceId ?? '0');
    const listed = await loadListPrices(bench.database.appPool, 1, [priceId]);
    expect(listed.map(({ price, validFrom, validUntil }) => [price.version, validFrom, validUntil]))
      .toEqual([[1, start.getTime(), next.getTime()], [2, next.getTime(), null]]);
    await bench.catalog.retire(manager, { code: 'deck', at: null });
    const after = await loadListPrices(bench.database.appPool, 1, [priceId]);
    expect(after.map(({ price, validUntil }) => [price.version, validUntil])).toEqual([[1, null]]);
    expect(await loadListPrices(bench.database.appPool, 2, [priceId])).toEqual([]);
  });

  describe('a tax rate', () => {
    it('ends the one before it', async () => {
      const at = new Date('2099-01-01T00:00:00Z');
      await bench.catalog.taxRateSet(manager, { taxClass: 'reduced-2', taxCode: 'vat-9', rate: '0.09', validFrom: new Date('2011-07-01T00:00:00Z') });
      await bench.catalog.taxRateSet(manager, { taxClass: 'reduced-2', taxCode: 'vat-13', rate: '0.135', validFrom: at });
      const rates = (await loadTaxRates(bench.database.appPool, 1)).filter(({ taxClass }) => taxClass === 'reduced-2');
      expect(rates).toEqual([
        { taxClass: 'reduced-2', taxCode: 'vat-9', rate: { unscaled: 90_000n, scale: 6 }, validFrom: Date.UTC(2011, 6, 1), validUntil: at.getTime() },
        { taxClass: 'reduced-2', taxCode: 'vat-13', rate: { unscaled: 135_000n, scale: 6 }, validFrom: at.getTime(), validUntil: null },
      ]);
    });

    it.each([
      ['1', 'INVALID_INPUT rate'], ['-0.1', 'INVALID_INPUT rate'], ['0.1234567', 'INVALID_INPUT rate'], ['23 %', 'INVALID_INPUT rate'],
    ])('of %s is refused', async (rate, problem) => {
      expect(await refusedWith(bench.catalog.taxRateSet(manager, { taxClass: 'x', taxCode: 'x', rate, validFrom: null }))).toEqual([problem]);
    });

    it('cannot be set for the past of a class that has one', async () => {
      const input = { taxClass: 'standard', taxCode: 'vat-21', rate: '0.21', validFrom: new Date('2012-01-01T00:00:00Z') };
      expect(await refusedWith(bench.catalog.taxRateSet(manager, input))).toEqual(['INVALID_INPUT validFrom']);
    });
  });

  it('keeps the tenants apart', async () => {
    await bench.catalog.draft(manager, offering({ code: 'mine' }));
    const foreign = { code: 'mine', version: null, validFrom: null };
    expect(await refusedWith(bench.catalog.launch(otherManager, foreign))).toEqual(['NOT_FOUND code']);
    expect(await refusedWith(bench.catalog.retire(otherManager, { code: 'mine', at: null }))).toEqual(['NOT_FOUND code']);
    const own = await bench.catalog.draft(otherManager, offering({ code: 'mine' }));
    expect(own.version).toBe(1);
  });
});
