import { ExecutionArgs, ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { Context, makeServer, Server, SubscribePayload } from 'graphql-ws';
import { RequestError, requestError } from '../graphql/request-error';
import { finishTrace, Logger, OperationTrace, pushedMessages, startTrace } from '../observe';
import { logUnexpected } from './apollo';
import { withDeadline } from './deadline';
import { bearerToken, identify } from './identify';
import { OperationContext } from './operation-context';
import { Asker, OperationPipeline, RequestRefused } from './pipeline/pipeline';
import { codeOf, presentError } from './pipeline/present-error';
import { startPush } from './push-stream';
import { requestIdOf } from './request-id';
import type { ServerServices } from './server.types';
import { SOCKET_CLOSE, SocketConnection } from './socket-connection';

/** A token must come within this time. */
const INIT_MS = 3_000;

export interface SocketParts {
  readonly pipeline: OperationPipeline;
  readonly services: ServerServices;
  readonly operationsPerSocket: number;
  readonly deadlineMs: number;
  readonly showsSchema: boolean;
  readonly log: Logger;
  /** Counts the caller's sockets; false where it has too many. */
  readonly admitSocket: (connection: SocketConnection) => boolean;
}

type Params = Record<string, unknown> | undefined;
type SocketContext = Context<Params, SocketConnection>;
/** ExecutionArgs of one subscription with what its end must report. */
type PushArgs = ExecutionArgs & { readonly contextValue: OperationContext };

/**
 * GraphQL over websocket (graphql-transport-ws) on the pipeline. The socket library applies no limit and masks nothing
 * by itself, so every hook that can carry words to the client is taken here.
 */
export function createSocketProtocol(parts: SocketParts): Server<SocketConnection> {
  return makeServer<Params, SocketConnection>({
    connectionInitWaitTimeout: INIT_MS,
    onConnect: (ctx) => connect(ctx, parts),
    onSubscribe: (ctx, id, payload) => subscribe(ctx, id, payload, parts),
    subscribe: (args) => push(args as PushArgs, parts),
    onOperation: (_ctx, _id, _payload, args, result) => reportStart(args as PushArgs, result, parts),
    onNext: ({ extra }, id, _payload, args, result) => next(extra, id, args as PushArgs, result, parts),
    onError: ({ extra }, id, _payload, errors) => failed(extra, id, errors, parts),
    onComplete: ({ extra }, id) => extra.ended(id),
    onClose: ({ extra }) => extra.endedAll(),
  });
}

async function connect({ extra: connection, connectionParams }: SocketContext, parts: SocketParts): Promise<boolean> {
  const close = (code: number): false => {
    connection.close(code);
    return false;
  };
  try {
    const attempt = { address: connection.address, requestId: requestIdOf(undefined), log: parts.log };
    const caller = await identify(parts.services.auth, tokenOf(connectionParams), attempt);
    if (caller.role === 'ANONYMOUS') return close(SOCKET_CLOSE.unauthorized);
    connection.caller = caller;
    return parts.admitSocket(connection) || close(SOCKET_CLOSE.tooMany);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (error.code === 'UNAUTHENTICATED') return close(SOCKET_CLOSE.forbidden);
    return close(error.code === 'RATE_LIMITED' ? SOCKET_CLOSE.tooMany : SOCKET_CLOSE.tryLater);
  }
}

/** The token of connection_init: `authorization: "Bearer …"` (any case) or `token`. */
function tokenOf(params: Params): string | null {
  const { authorization, Authorization, token } = params ?? {};
  const header = authorization ?? Authorization;
  if (typeof header === 'string') return bearerToken(header);
  return typeof token === 'string' ? token : null;
}

async function subscribe(
  { extra: connection, subscriptions }: SocketContext, id: string, payload: SubscribePayload, parts: SocketParts,
): Promise<ExecutionArgs | readonly GraphQLError[] | undefined> {
  const { caller, address } = connection;
  if (!caller) throw new Error('A subscription came before its caller was known.');
  if (!connection.countSubscribe()) {
    connection.close(SOCKET_CLOSE.tooMany);
    return [requestError('RATE_LIMITED', 'Too many subscriptions were started in this second.', 1)];
  }
  const trace = startTrace('ws', requestIdOf(undefined), caller);
  const asker: Asker = { caller, address, transport: 'ws' };
  connection.started(id, trace.requestId);
  try {
    if (Object.keys(subscriptions).length > parts.operationsPerSocket) {
      throw new RequestRefused([requestError('RATE_LIMITED', `A socket runs at most ${parts.operationsPerSocket} subscriptions.`)]);
    }
    return admit(payload, asker, trace, parts);
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    const [first] = error.errors;
    trace.outcome = first ? codeOf(first) : 'INTERNAL';
    finishTrace(trace, parts.log);
    return error.errors;
  }
}

function admit({ query, operationName, variables }: SubscribePayload, asker: Asker, trace: OperationTrace, parts: SocketParts): PushArgs {
  const { pipeline, services } = parts;
  const document = pipeline.prepare(query, asker);
  const operation = pipeline.operationOf(document, operationName);
  trace.type = operation.operation;
  trace.name = operation.name?.value ?? null;
  const contextValue = new OperationContext(asker, services, trace);
  contextValue.cost = pipeline.admit(document, operation, variables, asker);
  return { schema: pipeline.schema, document, operationName, variableValues: variables, contextValue };
}

type PushResult = AsyncIterableIterator<ExecutionResult> | ExecutionResult;

/** Starts the subscription inside the deadline; one that starts too late is ended at once. */
async function push(args: PushArgs, { deadlineMs }: SocketParts): Promise<PushResult> {
  const { asker, services, trace } = args.contextValue;
  const work = startPush(args, () => new OperationContext(asker, services, trace));
  try {
    return await withDeadline(work, deadlineMs, (late) => {
      if (Symbol.asyncIterator in late) void late.return?.();
    });
  } catch (error) {
    const cause = error instanceof Error ? error : null;
    return { errors: [error instanceof GraphQLError ? error : new GraphQLError('', { originalError: cause })] };
  }
}

function reportStart({ contextValue: { trace } }: PushArgs, result: unknown, { log }: SocketParts): void {
  const errors = (result as Partial<ExecutionResult>).errors;
  if (errors?.[0]) trace.outcome = codeOf(errors[0]);
  finishTrace(trace, log);
}

/** Masks the errors of one result; the first result of a subscription also says what it cost. */
function next(
  connection: SocketConnection, id: string, { contextValue }: PushArgs, { errors, ...result }: ExecutionResult, parts: SocketParts,
): ExecutionResult {
  pushedMessages.inc();
  const { cost } = contextValue;
  contextValue.cost = null;
  return {
    // graphql-ws types what it sends as errors with a class; it only writes them down.
    ...(errors && { errors: present(connection, id, errors, parts) as unknown as GraphQLError[] }),
    ...result,
    ...(cost && { extensions: { ...result.extensions, cost } }),
  };
}

function failed(connection: SocketConnection, id: string, errors: readonly GraphQLError[], parts: SocketParts): GraphQLFormattedError[] {
  const presented = present(connection, id, errors, parts);
  connection.ended(id);
  return presented;
}

function present(
  connection: SocketConnection, id: string, errors: readonly GraphQLError[], { showsSchema, log }: SocketParts,
): GraphQLFormattedError[] {
  const requestId = connection.requestIdOf(id);
  logUnexpected(errors, requestId, log);
  return errors.map((error) => presentError(error, { requestId, showsSchema }));
}
