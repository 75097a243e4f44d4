import { FailureThrottle, networkOf } from './failure-throttle';

const MINUTE = 60_000;

describe('the slow-down after refused tokens', () => {
  let now = 0;
  const throttle = (capacity = 100): FailureThrottle => new FailureThrottle(capacity, () => now);
  const fail = (counts: FailureThrottle, times: number, address: string, subject: string): number[] =>
    Array.from({ length: times }, () => counts.failed(address, subject));

  beforeEach(() => {
    now = 0;
  });

  it('leaves the first ten of a window free, then doubles up to five seconds', () => {
    expect(fail(throttle(), 18, 'a', 's')).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  });

  it('stops a subject from one address at twenty, until the window of the first refusal ends', () => {
    const counts = throttle();
    now = 5 * MINUTE;
    fail(counts, 19, 'a', 's');
    expect(counts.stoppedSeconds('a', 's')).toBe(0);
    now = 6 * MINUTE;
    counts.failed('a', 's');
    expect(counts.stoppedSeconds('a', 's')).toBe(14 * 60);
    expect(counts.stoppedSeconds('a', 'other')).toBe(0);
    expect(counts.stoppedSeconds('b', 's')).toBe(0);
    now = 20 * MINUTE;
    expect(counts.stoppedSeconds('a', 's')).toBe(0);
    expect(counts.failed('a', 's')).toBe(0);
  });

  it('stops an address at a hundred, whatever subjects it claims', () => {
    const counts = throttle(1000);
    for (let subject = 0; subject < 99; subject += 1) counts.failed('a', `s${subject}`);
    expect(counts.stoppedSeconds('a', 'new')).toBe(0);
    expect(counts.failed('a', 's99')).toBe(5000);
    expect(counts.stoppedSeconds('a', 'new')).toBe(15 * 60);
  });

  it('holds a bounded number of counts and forgets the longest quiet first', () => {
    const counts = throttle(10);
    fail(counts, 20, 'a', 's');
    for (let address = 0; address < 4; address += 1) counts.failed(`b${address}`, 's');
    expect(counts.size).toBe(10);
    expect(counts.stoppedSeconds('a', 's')).toBeGreaterThan(0);
    counts.failed('c', 's');
    expect(counts.size).toBe(10);
    expect(counts.stoppedSeconds('a', 's')).toBe(0);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['2001:DB8:1:2::', '2001:db8:1:2'],
    ['', ''],
  ])('counts %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
