import { createHmac } from 'node:crypto';
import { encodeId } from '../platform/graphql';
import { callId, CancelAnswer, FulfilmentAnswer, FulfilmentPort, FulfilmentWork } from './fulfilment.port';

export interface WebhookTarget {
  readonly url: string;
  /** Keys of the signature: one, or two while they are changed. */
  readonly secrets: readonly string[];
  readonly answerWithinMs: number;
}

/** `v1=` and the HMAC-SHA256 of `id.timestamp.body` in hex, one a key. */
export const signatureOf = (id: string, timestamp: string, body: string, secrets: readonly string[]): string =>
  secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('hex')}`).join(',');

/** What is asked of the receiver. */
type Question = 'FULFIL' | 'MAY_CANCEL' | 'CANCEL';

/**
 * The network as a web address of the operator's own: each item is sent there as signed JSON and taken with any 2xx; the
 * outcome comes back by the mutation productOrderItemReport. Redirects are not followed.
 */
export class WebhookNetwork implements FulfilmentPort {
  readonly answersAtOnce = false;
  readonly patienceMs = 900_000;

  constructor(private readonly target: WebhookTarget, private readonly now: () => number = Date.now) {}

  async fulfil(work: FulfilmentWork): Promise<FulfilmentAnswer> {
    await this.send(work, 'FULFIL');
    return { kind: 'TAKEN' };
  }

  async mayCancel(work: FulfilmentWork): Promise<CancelAnswer> {
    await this.send(work, 'MAY_CANCEL');
    return { kind: 'TAKEN' };
  }

  async cancel(work: FulfilmentWork): Promise<CancelAnswer> {
    await this.send(work, 'CANCEL');
    return { kind: 'TAKEN' };
  }

  private async send(work: FulfilmentWork, question: Question): Promise<void> {
    const id = callId(work, question);
    const timestamp = `${(this.now() - (this.now() % 1000)) / 1000}`;
    const body = JSON.stringify(bodyOf(work, question));
    const answer = await fetch(this.target.url, {
      method: 'POST', redirect: 'manual', body, signal: AbortSignal.timeout(this.target.answerWithinMs),
      headers: {
        'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp,
        'webhook-signature': signatureOf(id, timestamp, body, this.target.secrets),
      },
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new NotTaken(`The network answered with status ${answer.status}.`);
  }
}

/** The receiver did not take the call. */
export class NotTaken extends Error {}

const bodyOf = ({ order, itemKey, action, offering, productId, identifiers, effectiveAt }: FulfilmentWork, question: Question): object => ({
  question, orderId: encodeId('ProductOrder', order.id), itemKey, action, offering, productId: encodeId('Product', productId), identifiers,
  effectiveAt: effectiveAt?.toISOString() ?? null,
});
