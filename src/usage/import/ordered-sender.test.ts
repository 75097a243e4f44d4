import { setImmediate as turn } from 'node:timers/promises';
import { OrderedSender } from './ordered-sender';

interface Item {
  readonly key: string;
  readonly number: number;
}

const CHUNK = 10;
const items = (count: number): Item[] => Array.from({ length: count }, (_, number) => ({ key: `k${number % 7}`, number }));

/** Sends the items; the numbers in the order in which they were done, and the most that was under way or waiting. */
async function sendAll(count: number, failAt = -1): Promise<{ done: Item[]; mostOpen: number; mostAtOnce: number }> {
  const seen = { done: [] as Item[], mostOpen: 0, mostAtOnce: 0 };
  let taken = 0;
  let atOnce = 0;
  const sender = new OrderedSender<Item>(CHUNK, async (chunk) => {
    seen.mostAtOnce = Math.max(seen.mostAtOnce, ++atOnce);
    for (let left = 1 + (chunk[0].number % 3); left > 0; left -= 1) await turn();
    atOnce -= 1;
    if (chunk.some(({ number }) => number === failAt)) throw new Error(`failed at ${failAt}`);
    seen.done.push(...chunk);
  });
  for (const item of items(count)) {
    await sender.add(item);
    taken += 1;
    seen.mostOpen = Math.max(seen.mostOpen, taken - seen.done.length);
  }
  await sender.drain();
  return seen;
}

test('everything is sent, each key in its order, four chunks at once, and no more than eight open', async () => {
  const { done, mostOpen, mostAtOnce } = await sendAll(1_003);
  expect(done.map(({ number }) => number).sort((a, b) => a - b)).toEqual(items(1_003).map(({ number }) => number));
  for (const key of new Set(done.map((item) => item.key))) {
    const numbers = done.filter((item) => item.key === key).map(({ number }) => number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  }
  expect(mostAtOnce).toBe(4);
  expect(mostOpen).toBeLessThanOrEqual(8 * CHUNK);
});

test('a failure of one chunk ends the run', async () => {
  await expect(sendAll(1_003, 500)).rejects.toThrow('failed at 500');
});

test('few items of one key do not wait for more', async () => {
  expect((await sendAll(3)).done.map(({ number }) => number).sort()).toEqual([0, 1, 2]);
});
