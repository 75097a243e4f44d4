import { checkAppRole } from '../../src/platform/db/check';
import { prepareDatabase } from '../../src/platform/db/prepare';
import { asOwner, createTestDatabase, inDatabase, TestDatabase } from '../support';

const cluster = process.env.TRIBUTARY_TEST_URL ?? '';

const as = (url: string, login: string): string => {
  const changed = new URL(url);
  changed.username = login;
  changed.password = 'long-enough-word';
  return changed.toString();
};

describe('logins of the product', () => {
  const plain = `plain_${process.pid}`;
  const member = `member_${process.pid}`;
  const maker = `maker_${process.pid}`;
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.ownerPool.query(`create role ${plain} login password 'long-enough-word'`);
    await database.ownerPool.query(`create role ${member} login password 'long-enough-word' in role tributary_app`);
  });

  afterAll(async () => {
    await database.dispose();
    await asOwner(cluster, async (owner) => {
      await owner.query(`drop database if exists test_own_${process.pid} with (force)`);
      for (const role of [plain, member, maker]) await owner.query(`drop role if exists ${role}`);
    });
  });

  const at = (appUrl: string, setRole: boolean) => ({ ownerUrl: database.ownerUrl, appUrl, setRole, test: true });

  it('refuses an owner who cannot work as tributary_app, before any migration', async () => {
    const stranger = { ...at(as(database.ownerUrl, plain), true), ownerUrl: as(database.ownerUrl, plain) };
    await expect(prepareDatabase(stranger)).rejects.toThrow(/^The login of DATABASE_URL may not make the role tributary_app.*run "grant/);
    await expect(checkAppRole(stranger)).rejects.toThrow(/^The login of DATABASE_URL cannot work as tributary_app/);
  });

  it('refuses an APP_DATABASE_URL that is a superuser or no member, and takes a member', async () => {
    await expect(checkAppRole(at(database.ownerUrl, false))).rejects.toThrow(/^The login of APP_DATABASE_URL is a superuser/);
    await expect(checkAppRole(at(as(database.ownerUrl, plain), false))).rejects.toThrow(/^The login of APP_DATABASE_URL is not a member/);
    await expect(checkAppRole(at(as(database.ownerUrl, member), false))).resolves.toBeUndefined();
  });

  it('refuses a wrong password without repeating it', async () => {
    const wrong = as(database.ownerUrl, plain).replace('long-enough-word', 'another-word');
    await expect(checkAppRole(at(wrong, true))).rejects.toThrow(new RegExp(`^The database at .* refuses the login ${plain}: (?!.*another)`));
  });

  it('takes an owner that is no superuser: it may make roles, and owns its database', async () => {
    const name = `test_own_${process.pid}`;
    await asOwner(cluster, async (owner) => {
      await owner.query(`create role ${maker} login createrole password 'long-enough-word'`);
      await owner.query(`grant tributary_app to ${maker} with admin option`);
      await owner.query(`create database ${name} owner ${maker}`);
    });
    const ownerUrl = as(inDatabase(cluster, name), maker);
    const done = await prepareDatabase({ ownerUrl, appUrl: ownerUrl, setRole: true, test: true });
    expect(done.length).toBeGreaterThan(0);
  });
});
