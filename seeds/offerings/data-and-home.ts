import type { OfferingDraft } from '../../src/catalog';
import { allowance, data, GB, monthly, monthlyFee, onceFee, rate, steps, where } from './parts';

/** A flat fee; usage is rated too, at zero. */
export const HOME_INTERNET: OfferingDraft = monthly({
  code: 'home-internet', name: 'Flow Home 500', description: '40 euro a month for fibre at home, as much as you like.',
  prices: [monthlyFee('40', 'subscription'), onceFee('installation', 'Installation', '50', 'connection'), data('data', 'Data at home', '0', 1n)],
});

/** An add-on for 24 hours: video comes from the pass before anything else pays for it. */
export const VIDEO_PASS: OfferingDraft = monthly({
  code: 'video-pass-24h', name: 'Video Pass', description: '1.50 euro for 3 GB of video within 24 hours.', priority: 10,
  paymentModes: ['PREPAID', 'POSTPAID', 'HYBRID'], periodKind: 'HOUR', periodLength: 24, autoRenew: false,
  prices: [onceFee('pass', 'Video Pass', '1.50', 'content')],
  allowances: [
    allowance({ code: 'video', name: '3 GB of video', usageKind: 'DATA', unit: 'BYTE', quantity: 3n * GB },
      { priority: 10, conditions: [where('ratingGroup', '20')], step: 1n }),
  ],
});

/** The more a SIM uses in its bill cycle, the cheaper the next megabyte: each tier prices what falls into it. */
export const DATA_SIM: OfferingDraft = monthly({
  code: 'data-sim', name: 'Flow Data SIM', description: '5 euro a month; data gets cheaper the more is used in the month.',
  prices: [
    monthlyFee('5', 'subscription'),
    data('data', 'Data by tier', '0', 1n, {
      rates: [rate('Data', [], steps('0', 1n))],
      tiers: { mode: 'GRADUATED', tiers: [
        { upTo: 1n * GB, amount: '0.01', flatAmount: '0' },
        { upTo: 10n * GB, amount: '0.004', flatAmount: '0' },
        { upTo: null, amount: '0.001', flatAmount: '0' },
      ] },
    }),
  ],
});
