import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configTable, loadConfig, StartupError } from '.';

const production = {
  DATABASE_URL: 'postgres://owner:a-long-password@db.example.com/tributary', JWT_ISSUER: 'https://login.example.com',
  JWT_AUDIENCE: 'tributary', JWT_JWKS_URL: 'https://login.example.com/jwks.json',
};

const problemsOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return error.message.split('\n');
  }
};

describe('configuration', () => {
  it('is a demo with an embedded database where nothing is set', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ demo: true, databaseUrl: undefined, host: '127.0.0.1', port: 4000, chargingLanes: 2 });
    expect(config.jwt.keys).toBeUndefined();
    expect(Object.isFrozen(config) && Object.isFrozen(config.jwt)).toBe(true);
  });

  it('is no demo with DATABASE_URL unless asked', () => {
    expect(loadConfig(production).demo).toBe(false);
    expect(loadConfig(production).jwt.keys).toEqual({ url: production.JWT_JWKS_URL });
    expect(loadConfig({ DATABASE_URL: production.DATABASE_URL, TRIBUTARY_DEMO: '1' }).demo).toBe(true);
  });

  it('takes empty variables for unset and splits lists', () => {
    const config = loadConfig({ PORT: ' ', CORS_ORIGINS: 'https://a.example.com, http://localhost:3000', TRUSTED_PROXIES: '::1, 10.0.0.7' });
    expect(config.trustedProxies).toEqual(['::1', '10.0.0.7']);
    expect(config.port).toBe(4000);
    expect(config.corsOrigins).toEqual(['https://a.example.com', 'http://localhost:3000']);
  });

  it.each([
    ['PORT', '70000', 'PORT must be a whole number from 0 to 65535; "70000" is not.'],
    ['PORT', '4e3', 'PORT must be a whole number from 0 to 65535; "4e3" is not.'],
    ['BATCH_MAX', '0', 'BATCH_MAX must be a whole number from 1 to 1000; "0" is not.'],
    ['TRIBUTARY_DEMO', 'maybe', 'TRIBUTARY_DEMO must be 1 or 0; "maybe" is not.'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of fatal, error, warn, info, debug, silent; "loud" is not.'],
    ['CORS_ORIGINS', '*', 'CORS_ORIGINS must be a comma-separated list of origins like https://care.example.com; "*" is not.'],
    ['TRUSTED_PROXIES', '10.0.0.0/8', 'TRUSTED_PROXIES must be a comma-separated list of addresses like 10.0.0.7; "10.0.0.0/8" is not.'],
    ['TRUSTED_PROXIES', 'proxy', 'TRUSTED_PROXIES must be a comma-separated list of addresses like 10.0.0.7; "proxy" is not.'],
    ['JWT_ISSUER', 'x', 'JWT_ISSUER cannot be used in demo mode, which has a key of its own: set TRIBUTARY_DEMO=0.'],
    ['APP_DATABASE_URL', 'postgres://app@localhost/t',
      'APP_DATABASE_URL needs DATABASE_URL: the embedded database has its own logins.'],
  ])('refuses %s=%s by one sentence', (name, value, sentence) => {
    expect(problemsOf({ [name]: value })).toEqual([sentence]);
  });

  it('names every bad variable at once and repeats no password', () => {
    const problems = problemsOf({ PORT: 'x', DATABASE_URL: 'mysql://u:hunter22@h/d', QUEUE_MAX: '1.5' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT', 'DATABASE_URL', 'QUEUE_MAX', 'JWT_ISSUER', 'JWT_AUDIENCE', 'Exactly']);
    expect(problems.join()).not.toContain('hunter22');
  });

  it.each([
    ['postgres://owner:short@db.example.com/t', 1],
    ['postgres://owner:postgres@db.example.com/t', 1],
    ['postgres://longowner:longowner@db.example.com/t', 1],
    ['postgres://owner@db.example.com/t', 0],
    ['postgres://owner:postgres@localhost/t', 0],
    ['postgres://owner:postgres@127.0.0.1/t', 0],
  ])('judges the password of %s outside demo mode: %i problems', (url, count) => {
    expect(problemsOf({ ...production, DATABASE_URL: url })).toHaveLength(count);
  });

  it.each([
    ['https://network.example.com/orders', 'x'.repeat(32), 0],
    ['https://network.example.com/orders', `${'x'.repeat(32)},${'y'.repeat(40)}`, 0],
    ['http://127.0.0.1:9000/orders', 'x'.repeat(32), 0],
    ['http://network.example.com/orders', 'x'.repeat(32), 1],
    ['https://network.example.com/orders', '', 1],
    ['https://network.example.com/orders', 'short', 1],
  ])('judges the network at %s with the secrets %s: %i problems', (url, secrets, count) => {
    const problems = problemsOf({ ORDER_NETWORK_URL: url, ORDER_NETWORK_SECRETS: secrets });
    expect(problems).toHaveLength(count);
    expect(problems.join()).not.toContain('short"');
  });

  it('is documented by the table in docs/configuration.md', () => {
    const document = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'configuration.md'), 'utf8');
    expect(document).toContain(configTable());
  });
});
