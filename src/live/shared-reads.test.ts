import { SharedReads } from './shared-reads';

interface Batch {
  readonly keys: readonly string[];
  readonly answer: (values: readonly string[]) => void;
  readonly fail: (error: Error) => void;
}
function held(): { batches: Batch[]; read: (keys: readonly string[]) => Promise<readonly string[]> } {
  const batches: Batch[] = [];
  return { batches, read: (keys) => new Promise((answer, fail) => { batches.push({ keys, answer, fail }); }) };
}
const turn = () => new Promise((resolve) => { setTimeout(resolve, 5); });

describe('shared readings', () => {
  it('all who ask together share one; who asks during a reading gets the next', async () => {
    const { batches, read } = held();
    const reads = new SharedReads(read, 10);
    const together = [reads.read('a'), reads.read('a'), reads.read('b')];
    await turn();
    const meanwhile = [reads.read('a'), reads.read('a')];
    await turn();
    expect(batches.map(({ keys }) => keys)).toEqual([['a', 'b']]);
    batches[0]!.answer(['a1', 'b1']);
    expect(await Promise.all(together)).toEqual(['a1', 'a1', 'b1']);
    await turn();
    expect(batches.map(({ keys }) => keys)).toEqual([['a', 'b'], ['a']]);
    batches[1]!.answer(['a2']);
    expect(await Promise.all(meanwhile)).toEqual(['a2', 'a2']);
  });

  it('a batch is bounded', async () => {
    const { batches, read } = held();
    const reads = new SharedReads(read, 2);
    const all = ['a', 'b', 'c'].map((key) => reads.read(key));
    await turn();
    batches[0]!.answer(['1', '2']);
    await turn();
    expect(batches.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c']]);
    batches[1]!.answer(['3']);
    expect(await Promise.all(all)).toEqual(['1', '2', '3']);
  });

  it('a failed reading fails its own askers and no later ones', async () => {
    const { batches, read } = held();
    const reads = new SharedReads(read, 2);
    const failed = reads.read('a');
    await turn();
    batches[0]!.fail(new Error('away'));
    await expect(failed).rejects.toThrow('away');
    await turn();
    const later = reads.read('a');
    await turn();
    batches[1]!.answer(['fine']);
    expect(await later).toBe('fine');
  });
});
