/** The tabs of a first visit: what a subscriber sees, what the network sends, what is pushed. */
export const exampleTabs = [
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
    query: `# One call, charged.
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
  }
}
`,
    variables: JSON.stringify({ input: { source: 'msc1', mode: 'EACH_ALONE', usages: [] } }, null, 2),
  },
  {
    query: `# The balance, live: run it, then charge in the other tab.
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
    variables: JSON.stringify({ account: 'paste an id from the Home query' }, null, 2),
  },
];
