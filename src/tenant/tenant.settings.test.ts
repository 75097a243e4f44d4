import { SettingsInvalid } from './settings.forms';
import { DEFAULT_SETTINGS, readSettings } from './tenant.settings';

const dialPlan = {
  countryCode: '353', nationalPrefix: '0', internationalPrefixes: ['00'], emergencyNumbers: ['112', '999'], freephonePrefixes: ['3531800'],
  shortCodes: [{ pattern: '50*', name: 'Texts' }], nationalNumberLengths: [7, 9],
};

describe('tenant settings', () => {
  it('are the defaults where nothing is stored', () => {
    expect(readSettings({})).toEqual(DEFAULT_SETTINGS);
  });

  it('are read with their classes ascending', () => {
    const stored = {
      lateLimitDays: 30, futureToleranceSeconds: 0, maximumUsageSeconds: 100, graceDays: 0, agentTopUpLimit: '50.00', agentCreditLimit: '500', scopeBeforePriority: true,
      maximumUsageBytes: 1_000, maximumUsageEvents: 10, paymentTermDays: 7,
      topUpClasses: [{ minimum: '20', days: 60 }, { minimum: '5.00', days: 30 }], transferLimits: { perMove: '10', perDay: '20' }, dialPlan,
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
    ['a maximum that no number holds', { maximumUsageBytes: 2e16 }, 'maximumUsageBytes'],
    ['money as a number', { agentTopUpLimit: 50 }, 'agentTopUpLimit'],
    ['money below zero', { agentTopUpLimit: '-1' }, 'agentTopUpLimit'],
    ['money finer than millionths', { transferLimits: { perMove: '0.0000001', perDay: '1' } }, 'transferLimits.perMove'],
    ['half of the transfer limits', { transferLimits: { perMove: '1' } }, 'transferLimits.perDay'],
    ['a class without days', { topUpClasses: [{ minimum: '1', days: 0 }] }, 'topUpClasses.0.days'],
    ['a class of the wrong form', { topUpClasses: ['5'] }, 'topUpClasses.0'],
    ['a flag as text', { scopeBeforePriority: 'yes' }, 'scopeBeforePriority'],
    ['a dial plan of the wrong form', { dialPlan: 'IE' }, 'dialPlan'],
    ['a country code with a plus', { dialPlan: { ...dialPlan, countryCode: '+353' } }, 'dialPlan.countryCode'],
    ['no national prefix said', { dialPlan: { ...dialPlan, nationalPrefix: undefined } }, 'dialPlan.nationalPrefix'],
    ['an emergency number as a number', { dialPlan: { ...dialPlan, emergencyNumbers: ['112', 999] } }, 'dialPlan.emergencyNumbers.1'],
    ['a star inside a short code', { dialPlan: { ...dialPlan, shortCodes: [{ pattern: '5*0', name: 'X' }] } }, 'dialPlan.shortCodes.0.pattern'],
    ['lengths the wrong way round', { dialPlan: { ...dialPlan, nationalNumberLengths: [9, 7] } }, 'dialPlan.nationalNumberLengths.1'],
    ['three lengths', { dialPlan: { ...dialPlan, nationalNumberLengths: [7, 8, 9] } }, 'dialPlan.nationalNumberLengths'],
  ])('refuse %s and name the member', (_, stored, member) => {
    expect(() => readSettings(stored)).toThrow(SettingsInvalid);
    expect(() => readSettings(stored)).toThrow(`Tenant setting ${member} must be`);
  });
});
