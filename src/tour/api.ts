import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { ExampleOperation } from './example';
import { TourFailed } from './failure';

export type Data = Readonly<Record<string, unknown>>;
export type Variables = Readonly<Record<string, string>>;

interface Answer { readonly data?: Data | null; readonly errors?: readonly unknown[] }

/** How long an answer, or the next message of a subscription, may take. */
const PATIENCE_MS = 30_000;

/** The API as any client reaches it: HTTP for queries and mutations, a websocket a subscription. */
export class Api {
  /** How many operations were sent so far. */
  operations = 0;

  constructor(private readonly address: string, private readonly tokenOf: (identity: string) => Promise<string>, private readonly stop: AbortSignal) {}

  /** Sends a query or mutation; its data. @throws TourFailed with operation, variables and errors where it was refused. */
  async ask(operation: ExampleOperation, variables: Variables): Promise<Data> {
    this.operations += 1;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await this.tokenOf(operation.identity)}` };
    const body = JSON.stringify({ query: operation.text, operationName: operation.name, variables });
    return this.within(operation, variables, async (signal) => {
      const response = await fetch(`${this.address}/graphql`, { method: 'POST', headers, body, signal });
      return accepted(operation, variables, await response.json() as Answer);
    });
  }

  /** What a subscription pushes, until the server ends it or the reader has seen enough. */
  async *watch(operation: ExampleOperation, variables: Variables): AsyncGenerator<Data> {
    this.operations += 1;
    const client = createClient({
      url: `${this.address.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${await this.tokenOf(operation.identity)}` },
    });
    const messages = client.iterate<Data>({ query: operation.text, operationName: operation.name, variables });
    const next = (): Promise<IteratorResult<Answer>> => this.within(operation, variables, (signal) => Promise.race([messages.next(), aborted(signal)]));
    try {
      for (let message = await next(); !message.done; message = await next()) yield accepted(operation, variables, message.value);
    } catch (error) {
      // What the server says against a subscription comes as a list of errors.
      throw Array.isArray(error) ? new TourFailed(operation, variables, error) : error;
    } finally {
      await client.dispose();
    }
  }

  private async within<T>(operation: ExampleOperation, variables: Variables, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await work(AbortSignal.any([this.stop, patience]));
    } catch (error) {
      throw patience.aborted ? new TourFailed(operation, variables, [{ message: `Nothing came within ${PATIENCE_MS / 1000} s.` }]) : error;
    }
  }
}

const aborted = (signal: AbortSignal): Promise<never> => new Promise((_, reject) => {
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
});

function accepted(operation: ExampleOperation, variables: Variables, { data, errors = [] }: Answer): Data {
  if (errors.length > 0 || !data) throw new TourFailed(operation, variables, errors);
  const refused = Object.values(data).flatMap((field) => (field as { errors?: unknown[] } | null)?.errors ?? []);
  if (refused.length > 0) throw new TourFailed(operation, variables, refused);
  return data;
}
