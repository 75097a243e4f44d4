import { ANONYMOUS_CALLER, Caller } from '../../auth/caller';
import { COST_LIMITS, CostBudget } from './cost-budget';

const alice: Caller = { ...ANONYMOUS_CALLER, role: 'SUBSCRIBER', tenantId: 1, subject: 'alice' };
const limits = { ...COST_LIMITS, SUBSCRIBER: 10, ANONYMOUS: 10 };

test('a budget starts again with each minute, and a refusal takes nothing', () => {
  let now = 60_000 * 100 + 45_000;
  const budget = new CostBudget(limits, () => now);
  expect(budget.spend(alice, 'a', 8)).toEqual({ requested: 8, remaining: 2, limit: 10 });
  expect(() => budget.spend(alice, 'a', 3)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED', retryAfterSeconds: 15 }));
  expect(budget.spend(alice, 'a', 2).remaining).toBe(0);
  now += 15_000;
  expect(budget.spend(alice, 'a', 10).remaining).toBe(0);
});

test.each([
  ['the same caller from elsewhere shares', alice, 'b', 0],
  ['another subject has its own', { ...alice, subject: 'bob' }, 'a', 5],
  ['the same subject of another tenant has its own', { ...alice, tenantId: 2 }, 'a', 5],
  ['an anonymous caller has the address’s', ANONYMOUS_CALLER, 'a', 5],
])('%s', (_what, caller, address, remaining) => {
  const budget = new CostBudget(limits, () => 0);
  budget.spend(alice, 'a', 5);
  expect(budget.spend(caller, address, 5).remaining).toBe(remaining);
});

test('anonymous callers are told apart by address', () => {
  const budget = new CostBudget(limits, () => 0);
  budget.spend(ANONYMOUS_CALLER, 'a', 10);
  expect(() => budget.spend(ANONYMOUS_CALLER, 'a', 1)).toThrow();
  expect(budget.spend(ANONYMOUS_CALLER, 'b', 1).remaining).toBe(9);
});
