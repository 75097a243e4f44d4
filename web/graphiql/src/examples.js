const SECOND = 1_000;

/** One finished call of 127 seconds, under a usage id of its own, so that it is charged and not taken for a repeat. */
function callVariables(now) {
  const endedAt = new Date(now - 60 * SECOND);
  const startedAt = new Date(endedAt.getTime() - 127 * SECOND);
  const voice = { direction: 'OUTGOING', otherParty: '+442079460000', answered: true, quantity: { amount: '127', unit: 'SECOND' } };
  const usage = {
    usageId: `call-${now}`, subscriber: { msisdn: '353209100001' }, startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString(), voice,
  };
  return { input: { source: 'msc1', usages: [usage] } };
}

const text = (variables) => JSON.stringify(variables, null, 2);

/** The tabs of a first visit: what a subscriber sees, what the network sends, what is pushed. */
export const exampleTabs = (now) => [
  {
    query: `# What a subscriber sees at home.
# Token: npx tributary token alice
query Home {
  viewer {
    name
    accounts {
      id
      paymentMode
      spendable { amount currency }
      reserved { amount currency }
    }
  }
}
`,
  },
  {
    query: `# One call, charged. The same usageId again is answered again and charged once.
# Token: npx tributary token network
mutation UsageCharge($input: UsageChargeInput!) {
  usageCharge(input: $input) {
    accepted
    duplicates
    refused
    quarantined
    results {
      usageId
      status
      charges { id gross { amount currency } }
      error { code message }
    }
    errors { code message path }
  }
}
`,
    variables: text(callVariables(now)),
  },
  {
    query: `# The balance, live: run it, then charge a call in a second window (or by curl).
# Token: npx tributary token alice
subscription Balance($account: ID!) {
  balanceChanged(accountId: $account) {
    cursor
    reason
    at
    spendable { amount currency }
    buckets { id kind usable { amount unit } }
  }
}
`,
    variables: text({ account: 'paste an account id from the Home tab' }),
  },
];
