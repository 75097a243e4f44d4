import type { RequestContext } from '../../context';
import type { Caller } from '../auth/caller';
import type { OperationTrace } from '../observe';
import type { Cost } from './pipeline/cost-budget';
import type { Asker } from './pipeline/pipeline';
import type { ServerServices } from './server.types';

/** The context of one operation (of a subscription: of one event). Plain properties only: the HTTP server copies it. */
export class OperationContext implements RequestContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** What the operation cost, once it was admitted. */
  cost: Cost | null = null;
  private loaders: Map<string, unknown> | undefined;

  constructor(readonly asker: Asker, readonly services: ServerServices, readonly trace: OperationTrace) {
    this.caller = asker.caller;
    this.requestId = trace.requestId;
  }

  /** Bound, because resolvers take it out of the context by name. */
  readonly loader = <T>(key: string, build: () => T): T => {
    this.loaders ??= new Map();
    if (!this.loaders.has(key)) this.loaders.set(key, build());
    return this.loaders.get(key) as T;
  };
}
