import { complaintAbout, roleComplaint, skew, skewComplaint } from './check';
import { connectSentence } from './connect';

const sound = {
  database: 'tributary', version: 180_004, version_text: '18.4', fsync: 'on', full_page_writes: 'on',
  has_role: true, is_member: true, may_make: false,
};

describe('what start-up refuses', () => {
  it.each([
    ['a sound database', {}, false, undefined],
    ['the oldest version', { version: 150_000 }, false, undefined],
    ['an older version', { version: 140_012, version_text: '14.12' }, false, /^The database is PostgreSQL 14\.12, and 15 is the oldest/],
    ['no fsync', { fsync: 'off' }, false, /^The database runs with fsync off .* set fsync to on/],
    ['no page images', { full_page_writes: 'off' }, false, /full_page_writes off/],
    ['neither', { fsync: 'off', full_page_writes: 'off' }, false, /fsync and full_page_writes off/],
    ['no fsync in a test database', { fsync: 'off', database: 'test_1' }, true, undefined],
    ['no fsync in a test database outside a test', { fsync: 'off', database: 'test_1' }, false, /fsync off/],
    ['no fsync in a test of another database', { fsync: 'off', database: 'tributary_test' }, true, /fsync off/],
    ['an older version in a test', { version: 140_012, version_text: '14.12', database: 'test_1' }, true, /15 is the oldest/],
  ])('%s', (_what, facts, test, said) => {
    const complaint = complaintAbout({ ...sound, ...facts }, test);
    if (said === undefined) expect(complaint).toBeUndefined();
    else expect(complaint).toMatch(said);
  });

  it.each([
    [1000, 1000, 1005, 0],
    [1000, 1003, 1005, 0],
    [1000, 1005, 1005, 0],
    [1000, 2600, 1005, 1595],
    [1000, 300, 1005, -700],
  ])('a clock read between %i and %i of ours as %i is off by %i ms', (before, database, after, off) => {
    expect(skew(before, database, after)).toBe(off);
  });

  it.each([
    [1000, undefined],
    [-1000, undefined],
    [1001, /^The clock of this machine is 1001 ms behind the database's/],
    [-3_600_000, /^The clock of this machine is 3600000 ms ahead of the database's/],
  ])('a skew of %i ms', (ms, said) => {
    const complaint = skewComplaint(ms);
    if (said === undefined) expect(complaint).toBeUndefined();
    else expect(complaint).toMatch(said);
  });

  it.each([
    [{ has_role: true, is_member: true, may_make: false }, undefined],
    [{ has_role: false, is_member: false, may_make: true }, undefined],
    [{ has_role: true, is_member: false, may_make: false }, /: run "grant tributary_app to <that login>" as/],
    [{ has_role: false, is_member: false, may_make: false }, /: run "create role tributary_app nologin" and "grant/],
  ])('a login with %j', (facts, said) => {
    if (said === undefined) expect(roleComplaint(facts)).toBeUndefined();
    else expect(roleComplaint(facts)).toMatch(said);
  });
});

describe('a connection that does not open', () => {
  const url = new URL('postgres://own%40er:s3cret-word@db.example.com:6543/billing');

  it.each([
    ['ECONNREFUSED', /^No PostgreSQL answers at db\.example\.com:6543: start it, or change DATABASE_URL\.$/],
    ['ENOTFOUND', /^The database host db\.example\.com is not known: change DATABASE_URL\.$/],
    ['28P01', /^The database at db\.example\.com:6543 refuses the login own@er: .* in DATABASE_URL\.$/],
    ['3D000', /^The database billing does not exist at db\.example\.com:6543: create it, or change DATABASE_URL\.$/],
    ['53300', /has no free connection/],
    ['XX000', /cannot be reached \(odd\): change DATABASE_URL/],
  ])('%s is one sentence without the password', (code, said) => {
    const sentence = connectSentence(url, 'DATABASE_URL', Object.assign(new Error('odd'), { code }));
    expect(sentence).toMatch(said);
    expect(sentence).not.toContain('s3cret');
  });
});
