import { violationsOf } from '../support';
import { judge, KEPT, runLoad, Verdict } from '../support/load-client';
import { openWireProxy, WireFault, WireProxy } from '../support/wire-proxy';
import { callsOf, FaultWorld, keysOf, openFaultWorld, sender, storedKeys } from './fault-world';

jest.setTimeout(60_000);

const SUBSCRIBERS = 12;
let fault: FaultWorld;
let proxy: WireProxy;

beforeAll(async () => {
  fault = await openFaultWorld(SUBSCRIBERS, 1_000n);
  proxy = await openWireProxy(fault.db.ownerUrl);
});
afterAll(async () => {
  await proxy.close();
  await fault.close();
});

const CHARGES = 60;

/** Charges while every `every`-th COMMIT is broken. */
async function under(name: WireFault, every: number, { deadlineMs = 10_000, charges = CHARGES } = {}): Promise<Verdict> {
  const node = fault.node(proxy.url, { deadlineMs });
  const keys = keysOf(`${name}-${deadlineMs}`, charges);
  const send = sender(node, callsOf(keys, SUBSCRIBERS));
  proxy.decide = (commit) => (commit % every === every - 1 ? name : 'PASS');
  const log = await runLoad(send, { keys, width: 16 });
  proxy.decide = () => 'PASS';
  expect(proxy.fired[name]).toBeGreaterThan(0);
  const verdict = await judge(log, storedKeys(fault.db), send);
  expect(verdict).toMatchObject(KEPT);
  return verdict;
}

describe('a COMMIT on its way', () => {
  it.each(['CUT_BEFORE', 'CUT_ANSWER', 'DELAY'] as const)('%s: driven again, one effect, no caller notices', async (name) => {
    const { acknowledged, unknown, slowestMs } = await under(name, 5);
    expect({ acknowledged, unknown }).toEqual({ acknowledged: CHARGES, unknown: 0 });
    expect(slowestMs).toBeLessThan(10_000);
  });

  it('swallowed, with its back end still holding its locks: driven again within the deadline', async () => {
    let once = 0;
    const node = fault.node(proxy.url);
    const keys = keysOf('swallow', 40);
    const send = sender(node, callsOf(keys, SUBSCRIBERS));
    proxy.decide = () => (once++ === 3 ? 'SWALLOW' : 'PASS');
    const log = await runLoad(send, { keys, width: 16 });
    const verdict = await judge(log, storedKeys(fault.db), send);
    expect(verdict).toMatchObject({ ...KEPT, acknowledged: 40, unknown: 0 });
    expect(verdict.slowestMs).toBeGreaterThan(5_000);
    expect(verdict.slowestMs).toBeLessThan(10_000);
    expect(proxy.fired.SWALLOW).toBe(1);
  });

  it.each(['SWALLOW', 'SWALLOW_ANSWER'] as const)('%s until after the deadline: OUTCOME_UNKNOWN in time, the repeat settles it', async (name) => {
    const { unknown, slowestMs } = await under(name, 8, { deadlineMs: 1_500, charges: 48 });
    expect(unknown).toBeGreaterThan(0);
    expect(slowestMs).toBeLessThan(2_000);
  });

  it('leaves the books sound', async () => expect(await violationsOf(fault.db.ownerPool)).toEqual([]));
});
