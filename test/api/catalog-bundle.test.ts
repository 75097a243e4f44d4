import { ComponentDraft, errorsOf, OfferingDraft } from '../../src/catalog';
import { Refusal } from '../../src/platform/errors';
import { CatalogBench, fee, manager, offering, openCatalogBench, otherManager } from './catalog-support';

/** Bundles of the catalog: what a draft and a launch refuse, and what stands once it is launched. */
let bench: CatalogBench;
beforeAll(async () => {
  bench = await openCatalogBench();
  for (const code of ['line', 'tv']) await sell(offering({ code }));
  await sell(offering({ code: 'dollars', prices: [{ ...fee, currency: 'USD' }], allowances: [] }));
  await sell(offering({ code: 'prepaid', paymentModes: ['PREPAID'] }));
  await bench.catalog.draft(manager, offering({ code: 'unsold' }));
  await bench.catalog.draft(otherManager, offering({ code: 'foreign' }));
});
afterAll(() => bench.close());

async function sell(draft: OfferingDraft): Promise<void> {
  await bench.catalog.draft(manager, draft);
  await bench.catalog.launch(manager, { code: draft.code, version: null, validFrom: null });
}

const part = (code: string, more: Partial<ComponentDraft> = {}): ComponentDraft => ({ offering: code, lowerLimit: 0, upperLimit: 2, defaultCount: 0, ...more });
const bundle = (components: readonly ComponentDraft[], more: Partial<OfferingDraft> = {}): OfferingDraft =>
  offering({ code: 'family', prices: [], allowances: [], components, ...more });
const refusalOf = async (work: Promise<unknown>): Promise<string[]> => {
  const error: unknown = await work.then(() => new Error('was not refused'), (reason: unknown) => reason);
  if (!(error instanceof Refusal)) throw error;
  return errorsOf(error).map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`);
};
const stored = async (): Promise<unknown> => (await bench.database.ownerPool.query(
  'select count(*) as versions, (select count(*) from bundled_offering) as parts from product_offering_version')).rows[0];

it.each<[string, OfferingDraft, string]>([
  ['a code with blanks', bundle([part('my line')]), 'components.0.offering'],
  ['nobody\'s code', bundle([part('nobody')]), 'components.0.offering'],
  ['another tenant\'s code', bundle([part('foreign')]), 'components.0.offering'],
  ['itself', bundle([part('family')]), 'components.0.offering'],
  ['a component twice', bundle([part('line'), part('line')]), 'components.1.offering'],
  ['a lower limit below zero', bundle([part('line', { lowerLimit: -1 })]), 'components.0.lowerLimit'],
  ['an upper limit of nothing', bundle([part('line', { upperLimit: 0 })]), 'components.0.upperLimit'],
  ['an upper limit below the lower', bundle([part('line', { lowerLimit: 3 })]), 'components.0.upperLimit'],
  ['more than fit one order', bundle([part('line', { upperLimit: 50 })]), 'components.0.upperLimit'],
  ['together more than fit one order', bundle([part('line', { upperLimit: 30 }), part('tv', { upperLimit: 20 })]), 'components'],
  ['a default count below the limits', bundle([part('line', { lowerLimit: 2, defaultCount: 1 })]), 'components.0.defaultCount'],
  ['a default count above the limits', bundle([part('line', { defaultCount: 3 })]), 'components.0.defaultCount'],
  ['an end of its own', bundle([part('line')], { autoRenew: false }), 'autoRenew'],
  ['nothing in it', bundle([]), 'prices'],
])('a draft is refused: %s', async (_, draft, path) => {
  const before = await stored();
  expect((await refusalOf(bench.catalog.draft(manager, draft)))[0]).toMatch(new RegExp(`^INVALID_INPUT ${path}:`));
  expect(await stored()).toEqual(before);
});

it.each<[string, readonly ComponentDraft[], Partial<OfferingDraft>, string]>([
  ['what is not on sale', [part('line'), part('unsold')], {}, 'The component unsold is not on sale then.'],
  ['a bundle', [part('nested')], {}, 'The component nested is a bundle itself.'],
  ['another currency', [part('dollars')], { prices: [fee] }, 'A bundle and its components have one currency; dollars brings another.'],
  ['fewer payment modes', [part('prepaid')], {}, 'The component prepaid is not sold to all payment modes of the bundle.'],
])('a launch is refused: %s', async (_, components, more, message) => {
  if (components[0]!.offering === 'nested') await sell(bundle([part('tv')], { code: 'nested' }));
  const code = `launch-${message.length}`;
  await bench.catalog.draft(manager, bundle(components, { code, ...more }));
  expect(await refusalOf(bench.catalog.launch(manager, { code, version: null, validFrom: null }))).toContain(`INVALID_INPUT code: ${message}`);
  const { rows } = await bench.database.ownerPool.query(`select v.state from product_offering_version v join product_offering o on o.id = v.offering_id where o.code = $1`, [code]);
  expect(rows).toEqual([{ state: 'IN_DESIGN' }]);
});

it('a component on sale becomes neither a bundle, nor is it sold to fewer or in another currency', async () => {
  await sell(offering({ code: 'inner' }));
  await sell(bundle([part('inner')], { code: 'outer', prices: [fee] }));
  for (const [draft, message] of [
    [bundle([part('tv')], { code: 'inner' }), 'It is a component of the bundle outer, so it cannot be a bundle.'],
    [offering({ code: 'inner', paymentModes: ['PREPAID'] }), 'The bundle outer is sold to payment modes that it is not sold to.'],
    [offering({ code: 'inner', prices: [{ ...fee, currency: 'USD' }], allowances: [] }), 'A bundle and its components have one currency; outer brings another.'],
  ] as const) {
    await bench.catalog.draft(manager, draft);
    expect(await refusalOf(bench.catalog.launch(manager, { code: 'inner', version: null, validFrom: null }))).toEqual([`INVALID_INPUT code: ${message}`]);
  }
  await sell(offering({ code: 'inner', name: 'As before' }));
});

it('a launched bundle keeps its components; others are a new version', async () => {
  await sell(bundle([part('line', { lowerLimit: 1, defaultCount: 1 }), part('tv')], { code: 'kept' }));
  const components = async (): Promise<unknown> => (await bench.database.ownerPool.query(`
    select v.version, c.code, x.lower_limit, x.upper_limit, x.default_count from bundled_offering x
      join product_offering_version v on v.id = x.offering_version_id join product_offering o on o.id = v.offering_id
      join product_offering c on c.id = x.offering_id where o.code = 'kept' order by v.version, x.ordinal`)).rows;
  const first = [
    { version: 1, code: 'line', lower_limit: 1, upper_limit: 2, default_count: 1 }, { version: 1, code: 'tv', lower_limit: 0, upper_limit: 2, default_count: 0 }];
  expect(await components()).toEqual(first);
  await sell(bundle([part('tv')], { code: 'kept' }));
  expect(await components()).toEqual([...first, { version: 2, code: 'tv', lower_limit: 0, upper_limit: 2, default_count: 0 }]);
  await expect(bench.database.appPool.query('update bundled_offering set upper_limit = 9')).rejects.toThrow('permission denied');
  await expect(bench.database.appPool.query('delete from bundled_offering')).rejects.toThrow('permission denied');
});
