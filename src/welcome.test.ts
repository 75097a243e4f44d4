import 'reflect-metadata';
import { parse, validate } from 'graphql';
import { buildApiSchema } from './schema';
import { demoIdentity } from './platform/auth/demo';
import { examples } from './welcome.examples';

describe('the operations that a first start offers', () => {
  const offered = examples(Date.UTC(2026, 0, 15, 12), 'an-account');

  it.each(offered.map((example) => [example.title, example] as const))('%s: fits the schema and its identity exists', (_title, example) => {
    expect(validate(buildApiSchema(), parse(example.operation))).toEqual([]);
    expect(demoIdentity(example.identity)).toBeDefined();
  });

  it('watch the account whose id is known', () => {
    expect(offered[1].operation).toContain('balanceChanged(accountId: "an-account")');
  });

  it('charge a call that ended a minute ago and lasted as long as it says', () => {
    expect(offered[2].operation).toContain('startedAt: "2026-01-15T11:56:53.000Z"');
    expect(offered[2].operation).toContain('endedAt: "2026-01-15T11:59:00.000Z"');
  });
});
