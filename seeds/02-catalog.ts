import { DEMO, Story } from './context';
import { ensureOffering } from './find-or-make';
import { DATA_SIM, HOME_INTERNET, VIDEO_PASS } from './offerings/data-and-home';
import { FAMILY_BUNDLE, FAMILY_LINE, MOBILE_POSTPAID } from './offerings/mobile-postpaid';
import { MOBILE_PREPAID } from './offerings/mobile-prepaid';

/** Everything that the demo operator sells, since the start of 2025. */
export const OFFERINGS = [MOBILE_PREPAID, MOBILE_POSTPAID, FAMILY_BUNDLE, FAMILY_LINE, HOME_INTERNET, VIDEO_PASS, DATA_SIM];
const ON_SALE_SINCE = '2025-01-01T00:00:00Z';

/** What the operator sells: mobile prepaid and on a bill, a family bundle, home internet, a video pass, a data SIM. */
export const catalog: Story = async (context) => {
  for (const offering of OFFERINGS) await ensureOffering(context, DEMO.id, offering, ON_SALE_SINCE);
};
