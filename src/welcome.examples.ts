/** One operation that the demo offers for pasting into GraphiQL. */
export interface Example {
  readonly title: string;
  /** Demo identity whose token it needs. */
  readonly identity: string;
  readonly operation: string;
}

/** See the balance, watch it, move it: in this order they show a charge arriving live. */
export const EXAMPLES: readonly Example[] = [
  {
    title: 'What can Alice still spend?',
    identity: 'alice',
    operation: `query Home {
  viewer {
    name
    accounts { id paymentMode spendable { amount currency } }
  }
}`,
  },
  {
    title: 'Watch it move: paste the account id from above',
    identity: 'alice',
    operation: `subscription Balance {
  balanceChanged(accountId: "ACCOUNT ID") {
    reason
    spendable { amount currency }
  }
}`,
  },
  {
    title: 'A call of 127 seconds is charged',
    identity: 'network',
    operation: `mutation Call {
  usageCharge(input: {
    source: "msc1", mode: EACH_ALONE, usages: [{
      usageId: "call-1", subscriber: { msisdn: "353861234567" },
      startedAt: "${new Date(Date.now() - 200_000).toISOString()}", endedAt: "${new Date(Date.now() - 73_000).toISOString()}",
      voice: { direction: OUTGOING, otherParty: "+442079460000", answered: true, quantity: { amount: "127", unit: SECOND } }
    }]
  }) {
    accepted
    results { usageId status charges { gross { amount currency } } error { code message } }
  }
}`,
  },
];
