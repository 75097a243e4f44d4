import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../../context';
import { RequestError, requestError } from '../graphql/request-error';
import { finishTrace, Logger, startTrace } from '../observe';
import { withDeadline } from './deadline';
import { verifyCaller } from './http-exchange';
import { OperationContext } from './operation-context';
import type { CostBudget } from './pipeline/cost-budget';
import type { ServerServices } from './server.types';

/** A kind of file that the server hands out by the id of what it shows. */
export interface FileRoute {
  /** How its downloads stand in the log. */
  readonly name: string;
  /** Address around the id: `/bills/` ID `.pdf`. */
  readonly before: string;
  readonly after: string;
  readonly contentType: string;
  /** What it takes of the caller's points of a minute. */
  readonly cost: number;
  /** The file; null for what does not exist and for what is not for this caller. */
  readonly read: (context: RequestContext, id: string) => Promise<{ readonly fileName: string; readonly content: Buffer } | null>;
}

export interface FileRouteParts {
  readonly services: ServerServices;
  readonly budget: CostBudget;
  readonly deadlineMs: number;
  readonly trustedProxies: ReadonlySet<string>;
  readonly log: Logger;
}

/** GET and HEAD of one kind of file, by the same tokens, limits and log as operations. */
export function addFileRoute(app: FastifyInstance, route: FileRoute, parts: FileRouteParts): void {
  app.route<{ Params: { id: string } }>({
    method: 'GET', url: `${route.before}:id([A-Za-z0-9_-]+)${route.after}`,
    onRequest: verifyCaller(parts.services.auth, parts.trustedProxies, parts.log),
    handler: (request, reply) => handOut(request, request.params.id, reply, route, parts),
  });
  app.options(`${route.before}*`, (_request, reply) => reply.code(204).send());
}

async function handOut(request: FastifyRequest, id: string, reply: FastifyReply, route: FileRoute, { services, budget, deadlineMs, log }: FileRouteParts): Promise<FastifyReply> {
  const { exchange } = request;
  if (!exchange || exchange.caller.role === 'ANONYMOUS') throw requestError('UNAUTHENTICATED', 'Sign in to do this.');
  const { caller, address, requestId } = exchange;
  const trace = startTrace('http', requestId, caller);
  trace.type = 'query';
  trace.name = route.name;
  try {
    budget.spend(caller, address, route.cost);
    const context = new OperationContext({ caller, address, transport: 'http' }, services, trace);
    const file = await withDeadline(route.read(context, id), deadlineMs);
    if (!file) throw requestError('NOT_FOUND', 'No such address.');
    return await reply.headers({ 'cache-control': 'no-store', 'content-disposition': `inline; filename="${file.fileName}"` }).type(route.contentType).send(file.content);
  } catch (error) {
    trace.outcome = error instanceof RequestError ? error.code : 'INTERNAL';
    throw error;
  } finally {
    finishTrace(trace, log);
  }
}
