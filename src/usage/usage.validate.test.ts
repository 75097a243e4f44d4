import type { UsageInput } from './usage.input';
import { isSource, readUsage, UsageRules } from './usage.validate';

const rules: UsageRules = { tenantId: 1, source: 'upf1', plan: null, normaliseIdentifier: (_, text) => text };
const inSlice = (value: string): UsageInput => ({
  usageId: 'u', subscriber: { deviceId: 'd' }, startedAt: '2031-01-01T00:00:00Z', data: { quantity: { amount: '1', unit: 'BYTE' } }, attributes: [{ name: 'dnn', value: 'x' }, { name: 'snssai', value }],
});

it.each([['1', '1'], ['1-00ab3f', '1-00AB3F'], ['1-0x00AB3F', '1-00AB3F'], ['1-ffffff', '1'], ['255-000000', '255-000000']])(
  'the slice "%s" is read as %s, and one usage in all its spellings', (text, stored) => {
    const [one, other] = [readUsage(inSlice(text), rules), readUsage(inSlice(stored), rules)];
    if ('fault' in one || 'fault' in other) throw new Error('A slice was refused.');
    expect(one.event.attributes).toEqual({ dnn: 'x', snssai: stored });
    expect(one.event.bodyHash).toEqual(other.event.bodyHash);
  });

it.each(['', '256', '-1', '1-', '1-00AB3', '1-00AB3G', 'x', '1 '])('"%s" is no slice, and its place is told', (text) => {
  expect(readUsage(inSlice(text), rules)).toMatchObject({ fault: { path: ['attributes', '1', 'value'], message: expect.stringContaining('S-NSSAI') as unknown } });
});

it('no sender calls itself what the product books its own under', () => {
  expect(['slice', 'activation', 'renewal', 'change', 'credit', 'refund', 'slices', 'upf1'].filter(isSource)).toEqual(['slices', 'upf1']);
});
