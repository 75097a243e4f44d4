import { DEMO, Story } from './context';
import { ensureOrganization } from './find-or-make';
import { ensureTenant, IRISH_SETTINGS } from './tenants';

const CONTENT_PARTNER = 'Northlight Media';

/**
 * Flow, a convergent operator in Ireland: a sandbox tenant in euro with its dial plan, its tax rates, three sources of
 * usage, and a partner whose videos it carries.
 */
export const operator: Story = async (context) => {
  await ensureTenant(context, {
    ...DEMO, name: 'Flow', settings: IRISH_SETTINGS, clockStartsAt: null,
    sources: [{ code: 'msc1', lateLimitDays: 60 }, { code: 'upf1', lateLimitDays: 60 }, { code: 'sms1', lateLimitDays: 60 }],
  });
  await ensureOrganization(context, DEMO.id, CONTENT_PARTNER);
};
