import type { OfferingDraft } from '../../src/catalog';
import {
  allowance, calls, data, firstMinuteWhole, GB, MADE, messages, minutes, monthly, monthlyFee, rate, received, steps, where,
} from './parts';

const inNetworkType = (...types: string[]) => where('networkType', ...types);

/**
 * A tariff of 2014 for a log that names the called network instead of the called number: prices ask for the attributes
 * `networkType` and `network`. The more conditions a price has, the sooner it is tried: calls inside the own network
 * come before calls to any mobile.
 */
export const IRISH_BILL_2014: OfferingDraft = monthly({
  code: 'irish-bill-2014', name: 'Bill 25 of 2014', paymentModes: ['POSTPAID'],
  description: '25 euro a month with 200 minutes to mobiles and landlines, 50 messages and 1 GB, then by use. Prices of 2014.',
  prices: [
    monthlyFee('25', 'subscription'),
    calls('calls-own', 'Calls inside the network', [rate('Own network', [], firstMinuteWhole('0.10'))],
      [inNetworkType('mobile'), where('network', 'Meteor')]),
    calls('calls-mobile', 'Calls to mobiles', [rate('Mobile', [], firstMinuteWhole('0.25'))], [inNetworkType('mobile')]),
    calls('calls-landline', 'Calls to landlines', [rate('Landline', [], steps('0.15', 60n))], [inNetworkType('landline')]),
    calls('calls-voicemail', 'Calls to voicemail', [rate('Voicemail', [], steps('0.10', 1n))], [inNetworkType('voicemail')]),
    messages('messages-mobile', 'Messages', [rate('Mobile', [], steps('0.11', 1n))], [inNetworkType('mobile')]),
    messages('messages-world', 'Messages abroad', [rate('World', [], steps('0.25', 1n))], [inNetworkType('world')]),
    messages('messages-special', 'Special messages', [rate('Special', [], steps('0.60', 1n))], [inNetworkType('special')]),
    ...received(),
    data('data', 'Data', '0.02', 1_000n),
  ],
  allowances: [
    allowance({ code: 'minutes', name: '200 minutes', usageKind: 'VOICE', unit: 'SECOND', quantity: minutes(200n) },
      { conditions: [MADE, inNetworkType('mobile', 'landline')], step: 1n }),
    allowance({ code: 'messages', name: '50 messages', usageKind: 'SMS', unit: 'EVENT', quantity: 50n },
      { conditions: [MADE, inNetworkType('mobile')], step: 1n }),
    allowance({ code: 'data', name: '1 GB', usageKind: 'DATA', unit: 'BYTE', quantity: 1n * GB }, { step: 1n }),
  ],
});
