import type { Known, Send } from '../support/load-client';
import type { NodeProcess } from '../support';

const DOCUMENT = `mutation($input: UsageChargeInput!) { usageCharge(input: $input) {
  results { usageId status charges { id net { amount } tax { amount } } error { code } } errors { code } } }`;

/** Called numbers of the demo's subscribers: one prepaid, one postpaid. */
const NUMBERS = ['353209100001', '353209100002'];

const TWICE = `mutation($input: UsageChargeInput!) { a: usageCharge(input: $input) { accepted } b: usageCharge(input: $input) { accepted } }`;

interface Result {
  readonly status: string;
  readonly charges: readonly unknown[];
  readonly error: { readonly code: string } | null;
}
interface Body {
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  readonly data?: { readonly usageCharge: { readonly results: readonly Result[] } } | null;
}

/** Where a node listens, and who we are to it. */
export interface Reached {
  readonly address: string;
  readonly token: string;
}

/** The token of a demo identity, from what a node said at its start. */
export function tokenOf(node: NodeProcess, identity: string): string {
  const found = new RegExp(`^ +${identity} [^\\n]*\\n\\s+(eyJ\\S+)`, 'm').exec(node.said().out);
  if (!found) throw new Error(`The node told no token for ${identity}.`);
  return found[1]!;
}

/** Charges a delivered call of a minute, begun now, through a node's API; the same key sends the same bytes. */
export function httpSender(node: () => Reached): Send {
  const startedAt = new Date().toISOString();
  return async (key) => {
    let body: Body;
    try {
      body = await post(node(), DOCUMENT, usageOf(key, startedAt));
    } catch (error) {
      const { code } = ((error as { cause?: { code?: string } }).cause ?? {});
      // Nobody listened, so nothing was sent; after any other end nobody knows.
      return code === 'ECONNREFUSED' ? { kind: 'NOT_DONE', code } : { kind: 'UNKNOWN' };
    }
    return knownOf(body);
  };
}

/** The codes that answer one document with the same charge twice, by aliases. */
export async function codesOfTwice(node: Reached, key: string): Promise<readonly string[]> {
  const { errors = [] } = await post(node, TWICE, usageOf(key, new Date().toISOString()));
  return errors.map(({ extensions }) => extensions.code);
}

const usageOf = (usageId: string, startedAt: string): object => ({
  usageId, subscriber: { msisdn: NUMBERS[usageId.length % NUMBERS.length] }, startedAt,
  voice: { direction: 'OUTGOING', otherParty: '+442079460000', answered: true, quantity: { amount: '60', unit: 'SECOND' } },
});

async function post({ address, token }: Reached, query: string, usage: object): Promise<Body> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST', signal: AbortSignal.timeout(15_000), headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { input: { source: 'fault', delivered: true, usages: [usage] } } }),
  });
  return (await response.json()) as Body;
}

function knownOf({ data }: Body): Known {
  const result = data?.usageCharge.results[0];
  if (!result) return { kind: 'UNKNOWN' };
  const code = result.error?.code ?? '';
  if (code === 'OUTCOME_UNKNOWN') return { kind: 'UNKNOWN' };
  if (result.status === 'FAILED') return { kind: 'NOT_DONE', code };
  // A test whose calls are put aside proves nothing.
  if (result.status !== 'CHARGED') throw new Error(`The usage was ${result.status}: ${code}.`);
  return { kind: 'DONE', answer: `${result.status} ${code} ${JSON.stringify(result.charges)}` };
}
