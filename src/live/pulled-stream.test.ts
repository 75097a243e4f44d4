import { PulledStream } from './pulled-stream';
import { WakeSignal } from './wake-signal';

const streamOf = (pull: () => Promise<number | null>) => {
  const signal = new WakeSignal();
  const close = jest.fn();
  return { signal, close, stream: new PulledStream(signal, { pull, close }) };
};
const lost = () => Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });

describe('a pulled stream', () => {
  it('gives what is there, then waits for a ring', async () => {
    const values: (number | null)[] = [1, null, 2];
    const { signal, stream } = streamOf(async () => values.shift() ?? null);
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    const next = stream.next();
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(values).toEqual([2]);
    signal.ring();
    expect(await next).toEqual({ done: false, value: 2 });
  });

  it('does not miss a ring that comes while it reads', async () => {
    const answers: (number | null)[] = [];
    let readings = 0;
    const { signal, stream } = streamOf(async () => {
      readings += 1;
      if (readings === 1) {
        signal.ring();
        answers.push(7);
        return null;
      }
      return answers.shift() ?? null;
    });
    expect(await stream.next()).toEqual({ done: false, value: 7 });
  });

  it('ends at once while it waits, and gives back what it held once', async () => {
    const { close, stream } = streamOf(async () => null);
    const next = stream.next();
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('shows nothing that was read when it was already ended', async () => {
    let answer: (value: number) => void = () => undefined;
    const { close, stream } = streamOf(() => new Promise((resolve) => { answer = resolve; }));
    const next = stream.next();
    await stream.return();
    answer(5);
    expect(await next).toEqual({ done: true, value: undefined });
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('reads again where the database was away for a moment', async () => {
    const failures = [lost(), new Error('Connection terminated unexpectedly')];
    const { stream } = streamOf(async () => {
      const failure = failures.shift();
      if (failure) throw failure;
      return 3;
    });
    expect(await stream.next()).toEqual({ done: false, value: 3 });
  });

  it('ends with any other error, and gives back what it held', async () => {
    const { close, stream } = streamOf(async () => { throw new Error('a bug'); });
    await expect(stream.next()).rejects.toThrow('a bug');
    expect(close).toHaveBeenCalledTimes(1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});
