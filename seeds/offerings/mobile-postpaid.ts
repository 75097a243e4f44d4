import type { OfferingDraft } from '../../src/catalog';
import { BRITAIN, ELSEWHERE, EUROPE, FREEPHONE, IRELAND, NORTH_AMERICA, SHORT_CODE } from './destinations';
import { allowance, calls, data, GB, MADE, messages, minutes, monthly, monthlyFee, onceFee, rate, received, serviceCodes, steps } from './parts';

/** Everyday prices beyond the allowance, shared by the offerings on a bill. */
const everydayPrices = [
  calls('calls', 'Calls', [
    rate('Ireland', IRELAND, steps('0.15', 60n)),
    rate('Freephone', FREEPHONE, steps('0', 1n)),
    rate('Britain', BRITAIN, steps('0.20', 60n)),
    rate('Europe', EUROPE, steps('0.25', 60n)),
    rate('North America', NORTH_AMERICA, steps('0.25', 60n)),
    rate('Rest of the world', ELSEWHERE, steps('1.00', 60n), { connectFee: '0.10' }),
  ]),
  calls('service-calls', 'Calls to service codes', [
    rate('Service codes', ['171', '1901', '1800'], steps('0', 1n)),
  ], [SHORT_CODE]),
  messages('messages', 'Messages', [rate('Ireland', IRELAND, steps('0.09', 1n)), rate('Abroad', ELSEWHERE, steps('0.18', 1n))]),
  serviceCodes(), ...received(),
];

/** A monthly fee with minutes, messages and data for Ireland, then money on the bill. */
export const MOBILE_POSTPAID: OfferingDraft = monthly({
  code: 'mobile-postpaid', name: 'Flow Bill 20', description: '20 euro a month with 100 minutes, 200 messages and 5 GB in Ireland, then by use.',
  prices: [monthlyFee('20', 'subscription'), onceFee('connection', 'Connection', '10', 'connection'), ...everydayPrices,
    data('data', 'Data', '0.005', 100_000n)],
  allowances: [
    allowance({ code: 'minutes', name: '100 minutes in Ireland', usageKind: 'VOICE', unit: 'SECOND', quantity: minutes(100n) },
      { prefixes: IRELAND, conditions: [MADE], firstGrant: 'PRORATED', step: 1n }),
    allowance({ code: 'messages', name: '200 messages in Ireland', usageKind: 'SMS', unit: 'EVENT', quantity: 200n },
      { prefixes: IRELAND, conditions: [MADE], firstGrant: 'PRORATED', step: 1n }),
    // What is left at the month's end lasts one month more, up to 5 GB.
    allowance({ code: 'data', name: '5 GB', usageKind: 'DATA', unit: 'BYTE', quantity: 5n * GB },
      { firstGrant: 'PRORATED', step: 1n, renewal: 'ROLL_OVER', rollOverMaximum: 5n * GB }),
  ],
});

/** The owner's part of a family: the pool of data that every account of the group draws on. */
export const FAMILY_BUNDLE: OfferingDraft = monthly({
  code: 'family-bundle', name: 'Flow Family', description: '40 euro a month for 50 GB that the whole family shares.', priority: 50,
  prices: [monthlyFee('40', 'subscription')],
  allowances: [
    allowance({ code: 'family-data', name: '50 GB for the family', usageKind: 'DATA', unit: 'BYTE', quantity: 50n * GB },
      { isShared: true, step: 1n }),
  ],
});

/** One line of a family: calls and messages in Ireland are in the fee, data comes from the pool first. */
export const FAMILY_LINE: OfferingDraft = monthly({
  code: 'family-line', name: 'Flow Family Line', description: '10 euro a month for a line of a family: calls and messages in Ireland are free.',
  prices: [
    monthlyFee('10', 'subscription'),
    calls('calls', 'Calls', [rate('Ireland', IRELAND, steps('0', 1n)), rate('Abroad', ELSEWHERE, steps('0.30', 60n))]),
    messages('messages', 'Messages', [rate('Ireland', IRELAND, steps('0', 1n)), rate('Abroad', ELSEWHERE, steps('0.18', 1n))]),
    serviceCodes(), ...received(),
    data('data', 'Data', '0.005', 100_000n),
  ],
});
