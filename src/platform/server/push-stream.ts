import { createSourceEventStream, execute, ExecutionArgs, ExecutionResult } from 'graphql';

type Source = AsyncIterator<unknown, unknown, undefined>;

/**
 * A subscription's results, each made with a context of its own, because loaders must not outlive one event. Ending it
 * ends the source at once, also while the source waits for its next event (an async generator could not).
 */
class PushStream implements AsyncIterableIterator<ExecutionResult> {
  constructor(
    private readonly source: Source,
    private readonly show: (event: unknown) => ExecutionResult | Promise<ExecutionResult>,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExecutionResult>> {
    const event = await this.source.next();
    return event.done ? { done: true, value: undefined } : { done: false, value: await this.show(event.value) };
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    await this.source.return?.();
    return { done: true, value: undefined };
  }
}

/** Runs a subscription: a stream of results, or one result with errors where it did not start. */
export async function startPush(
  args: ExecutionArgs, freshContext: () => unknown,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source: AsyncIterable<unknown> | ExecutionResult = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  return new PushStream(source[Symbol.asyncIterator](), (event) => execute({ ...args, rootValue: event, contextValue: freshContext() }));
}
