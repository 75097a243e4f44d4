import type { OfferingDraft } from '../../src/catalog';
import {
  BRITAIN, ELSEWHERE, EUROPE, FREEPHONE, IRELAND, IRISH_MOBILE, NORTH_AMERICA, offPeak, ON_NET, SHORT_CODE,
} from './destinations';
import { calls, data, firstMinuteWhole, messages, monthly, rate, received, serviceCodes, steps } from './parts';

/** Pay as you go: no fee, no allowance, every call, message and megabyte from the balance. */
export const MOBILE_PREPAID: OfferingDraft = monthly({
  code: 'mobile-prepaid', name: 'Flow Prepaid', description: 'Pay as you go: no fee, every call, message and megabyte from your balance.',
  paymentModes: ['PREPAID', 'HYBRID'], periodKind: 'NONE',
  prices: [
    calls('calls', 'Calls', [
      rate('On-net', ON_NET, steps('0.05', 1n)),
      rate('Irish mobile', IRISH_MOBILE, firstMinuteWhole('0.20')),
      rate('Irish landline', IRELAND, steps('0.10', 1n), { windows: offPeak('0.05') }),
      rate('Freephone', FREEPHONE, steps('0', 1n)),
      // The first minute is dearer: a step inside the session.
      rate('Britain', BRITAIN, [{ from: 0n, amount: '0.30', increment: 60n }, { from: 60n, amount: '0.20', increment: 1n }]),
      rate('Europe', EUROPE, steps('0.35', 30n)),
      rate('North America', NORTH_AMERICA, steps('0.35', 30n)),
      rate('Rest of the world', ELSEWHERE, steps('1.20', 60n), { connectFee: '0.15' }),
    ]),
    calls('service-calls', 'Calls to service codes', [
      rate('Voicemail', ['171'], steps('0.10', 60n)),
      rate('Care line', ['1901'], steps('0', 1n)),
      rate('Freephone', ['1800'], steps('0', 1n)),
    ], [SHORT_CODE]),
    messages('messages', 'Messages', [
      rate('Ireland', IRELAND, steps('0.10', 1n)), rate('Abroad', ELSEWHERE, steps('0.20', 1n)),
    ]),
    // The deck of premium numbers is a list price: its version in force at the message's time decides.
    { ...messages('premium-messages', 'Premium messages', [
      rate('Charity', ['50300'], steps('2.00', 1n)), rate('Quiz', ['57500'], steps('1.50', 1n)),
    ], [SHORT_CODE]), revenueAccount: 'premium', listPriced: true },
    serviceCodes(), ...received(),
    data('data', 'Data', '0.01', 100_000n),
  ],
});
