import { checkServer } from '../../src/platform/db/check';
import { asOwner, inDatabase } from '../support';

const cluster = process.env.TRIBUTARY_TEST_URL ?? '';
const name = `test_login_${process.pid}`;

/** The address of the test's own database for its own login, who may make roles but was not given the product's. */
const loginUrl = (): string => {
  const url = new URL(inDatabase(cluster, name));
  url.username = name;
  url.password = 'test';
  return url.href;
};

const check = (): Promise<void> => checkServer({ ownerUrl: loginUrl(), appUrl: loginUrl(), setRole: true, test: true });

describe('a login that may make roles, where the product\'s role was made by another', () => {
  let version = 0;
  beforeAll(() => asOwner(cluster, async (owner) => {
    const { rows } = await owner.query<{ version: number }>("select current_setting('server_version_num')::int as version");
    version = rows[0].version;
    await owner.query(`create role ${name} login createrole password 'test'`);
    await owner.query(`create database ${name} owner ${name}`);
  }));
  afterAll(() => asOwner(cluster, async (owner) => {
    await owner.query(`drop database ${name} with (force)`);
    await owner.query(`drop role ${name}`);
  }));

  it('is told what to run since PostgreSQL 16, and may help itself on 15', async () => {
    const refused = await check().then(() => undefined, (error: Error) => error.message);
    if (version < 160_000) expect(refused).toBeUndefined();
    else expect(refused).toMatch(/: run "grant tributary_app to <that login>" as an administrator/);
  });

  it('is admitted once it has the role', async () => {
    await asOwner(cluster, (owner) => owner.query(`grant tributary_app to ${name}`));
    await expect(check()).resolves.toBeUndefined();
  });
});
