import { ChargingApi, MigrateAnswer, MoveOutcome, OutcomeUnknown, Overloaded } from '../charging';
import { amount } from '../platform/money';
import { bringing, CutoverStopped } from './bring';

const done: MoveOutcome<MigrateAnswer> = {
  ok: true, replayed: true, answer: { rootId: '1', position: '1', asset: 'EUR/6', amount: '1', booked: '1', productId: null },
};
const key = { tenantId: 1, caller: 'cutover', key: '1:a' };
const input = { kind: 'MONEY' as const, accountId: 1n, amount: amount(1n), currency: 'EUR', validUntil: null };

/** Fails so many times, then answers. */
function failing(times: number, error: Error): { charging: ChargingApi; keys: unknown[] } {
  const keys: unknown[] = [];
  const migrate = (asked: unknown): Promise<MoveOutcome<MigrateAnswer>> => (keys.push(asked) > times ? Promise.resolve(done) : Promise.reject(error));
  return { charging: { migrate } as unknown as ChargingApi, keys };
}

describe('bringing', () => {
  it.each([new Overloaded('full'), new OutcomeUnknown('unknown'), Object.assign(new Error('gone'), { code: '57P01' })])('repeats by the same key after %s', async (error) => {
    const { charging, keys } = failing(3, error);
    expect(await bringing(charging, 0)(key, input)).toBe(done);
    expect(keys).toEqual([key, key, key, key]);
  });

  it('stops in a sentence where there is no answer at all, and raises what is a fault', async () => {
    await expect(bringing(failing(99, new Overloaded('full')).charging, 0)(key, input)).rejects.toThrow(CutoverStopped);
    await expect(bringing(failing(99, new Error('bug')).charging, 0)(key, input)).rejects.toThrow('bug');
  });
});
