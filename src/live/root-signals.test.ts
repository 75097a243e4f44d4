import * as fc from 'fast-check';
import { Outbox } from './outbox';
import { decodeSignals, encodeSignals } from './root-signals';

const whole = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const turn = (ms = 15) => new Promise((resolve) => { setTimeout(resolve, ms); });

describe('signals', () => {
  it('give back every root and position, in messages that PostgreSQL takes', () => {
    fc.assert(fc.property(fc.array(fc.tuple(whole, whole), { minLength: 1, maxLength: 1_000 }), (pairs) => {
      const roots = new Map(pairs);
      const messages = encodeSignals('node', roots);
      const read = messages.map(decodeSignals);
      expect(messages.filter((message) => message.length >= 8_000)).toEqual([]);
      expect(read.every((one) => one?.nodeId === 'node')).toBe(true);
      const heard = read.flatMap((one) => (one && one.roots !== 'ALL' ? one.roots : []));
      expect(new Map(heard.map(({ rootId, position }) => [rootId, position]))).toEqual(roots);
    }), { numRuns: 50 });
  });

  it.each(['', 'node', 'node a', 'node a:', 'node a:b:c', 'node A:1', 'node -1:2', 'node 1:2 x'])('are no signals: "%s"', (payload) => {
    expect(decodeSignals(payload)).toBeNull();
  });
});

describe('the outbox', () => {
  it('tells a root that moved often once, with its last position, and nothing while one telling is under way', async () => {
    const told: string[][] = [];
    let done: () => void = () => undefined;
    const outbox = new Outbox((messages) => new Promise((resolve) => {
      told.push([...messages]);
      done = () => resolve(true);
    }));
    for (let position = 1n; position <= 100n; position++) outbox.add(7n, position);
    await turn();
    expect(told.map((messages) => messages.map(decodeSignals))).toEqual([[{ nodeId: outbox.nodeId, roots: [{ rootId: 7n, position: 100n }] }]]);
    outbox.add(7n, 101n);
    await turn();
    expect(told).toHaveLength(1);
    done();
    await turn();
    expect(told[1]!.map(decodeSignals)).toEqual([{ nodeId: outbox.nodeId, roots: [{ rootId: 7n, position: 101n }] }]);
    outbox.stop();
    done();
  });

  it('says to look at everything where more moved than it keeps', async () => {
    const told: string[] = [];
    const outbox = new Outbox(async (messages) => told.push(...messages) > 0);
    for (let root = 0n; root <= 20_000n; root++) outbox.add(root, 1n);
    await turn(40);
    expect(told.map(decodeSignals)).toEqual([{ nodeId: outbox.nodeId, roots: 'ALL' }]);
    outbox.stop();
  });
});
