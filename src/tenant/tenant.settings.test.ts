import { DEFAULT_SETTINGS, readSettings, SettingsInvalid } from './tenant.settings';

describe('tenant settings', () => {
  it('are the defaults where nothing is stored', () => {
    expect(readSettings({})).toEqual(DEFAULT_SETTINGS);
  });

  it('are read with their classes ascending', () => {
    const stored = {
      lateLimitDays: 30, futureToleranceSeconds: 0, maximumUsageSeconds: 100, graceDays: 0, agentTopUpLimit: '50.00', scopeBeforePriority: true,
      topUpClasses: [{ minimum: '20', days: 60 }, { minimum: '5.00', days: 30 }], transferLimits: { perMove: '10', perDay: '20' }, dialPlan: { a: 1 },
    };
    expect(readSettings(stored)).toEqual({ ...stored, topUpClasses: [{ minimum: '5.00', days: 30 }, { minimum: '20', days: 60 }] });
  });

  it.each([
    ['no object', [], '(all)'],
    ['an unknown member', { lateLimitDay: 3 }, 'lateLimitDay'],
    ['a fraction of a day', { lateLimitDays: 1.5 }, 'lateLimitDays'],
    ['a number as text', { graceDays: '30' }, 'graceDays'],
    ['a negative tolerance', { futureToleranceSeconds: -1 }, 'futureToleranceSeconds'],
    ['no maximum of usage', { maximumUsageSeconds: 0 }, 'maximumUsageSeconds'],
    ['money as a number', { agentTopUpLimit: 50 }, 'agentTopUpLimit'],
    ['money below zero', { agentTopUpLimit: '-1' }, 'agentTopUpLimit'],
    ['money finer than millionths', { transferLimits: { perMove: '0.0000001', perDay: '1' } }, 'transferLimits.perMove'],
    ['half of the transfer limits', { transferLimits: { perMove: '1' } }, 'transferLimits.perDay'],
    ['a class without days', { topUpClasses: [{ minimum: '1', days: 0 }] }, 'topUpClasses.0.days'],
    ['a class of the wrong form', { topUpClasses: ['5'] }, 'topUpClasses.0'],
    ['a flag as text', { scopeBeforePriority: 'yes' }, 'scopeBeforePriority'],
  ])('refuse %s and name the member', (_, stored, member) => {
    expect(() => readSettings(stored)).toThrow(SettingsInvalid);
    expect(() => readSettings(stored)).toThrow(`Tenant setting ${member} must be`);
  });
});
