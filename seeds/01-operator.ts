import { DEMO, Story } from './context';
import { ensureTenant, IRISH_SETTINGS } from './tenants';

/** Flow, a convergent operator in Ireland: a sandbox tenant in euro with its dial plan, its tax rates and three sources of usage. */
export const operator: Story = (context) => ensureTenant(context, {
  ...DEMO, name: 'Flow', settings: IRISH_SETTINGS, clockStartsAt: null,
  sources: [{ code: 'msc1', lateLimitDays: 60 }, { code: 'upf1', lateLimitDays: 60 }, { code: 'sms1', lateLimitDays: 60 }],
});
