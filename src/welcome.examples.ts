/** One operation that the demo offers for pasting into GraphiQL. */
export interface Example {
  readonly title: string;
  /** Demo identity whose token it needs. */
  readonly identity: string;
  readonly operation: string;
}

/** How long ago the example's call ended, and how long it lasted, in milliseconds. */
const ENDED_AGO_MS = 60_000;
const LASTED_MS = 127_000;

/** See the balance, watch it, move it: in this order they show a charge arriving live. `now` in epoch ms, the id of Alice's account. */
export function examples(now: number, accountId: string): readonly Example[] {
  const endedAt = now - ENDED_AGO_MS;
  return [home, watch(accountId), { ...call, operation: callAt(endedAt - LASTED_MS, endedAt) }];
}

const home: Example = {
  title: 'What can Alice still spend?',
  identity: 'alice',
  operation: `query Home {
  viewer {
    name
    accounts { id paymentMode spendable { amount currency } }
  }
}`,
};

const watch = (accountId: string): Example => ({
  title: 'Watch it move: over the websocket, in a window of its own',
  identity: 'alice',
  operation: `subscription Balance {
  balanceChanged(accountId: "${accountId}") {
    reason
    spendable { amount currency }
  }
}`,
});

const call = { title: 'Charge her a call of 127 seconds; another usageId is another call', identity: 'network' };

/** With a usage id of its own at each start, so that it is charged and not taken for a repeat. */
const callAt = (startedAt: number, endedAt: number): string => `mutation Call {
  usageCharge(input: {
    source: "msc1"
    usages: [{
      usageId: "call-${endedAt}"
      subscriber: { msisdn: "353209100001" }
      startedAt: "${new Date(startedAt).toISOString()}"
      endedAt: "${new Date(endedAt).toISOString()}"
      voice: { direction: OUTGOING, otherParty: "+442079460000", answered: true, quantity: { amount: "127", unit: SECOND } }
    }]
  }) {
    results { usageId status charges { gross { amount currency } } error { code message } }
  }
}`;
