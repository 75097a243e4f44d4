import { HeaderMap, HTTPGraphQLRequest, HTTPGraphQLResponse } from '@apollo/server';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { RequestError, requestError } from '../graphql/request-error';
import { finishTrace, Logger, OperationTrace, startTrace } from '../observe';
import { statusOf, withRequestId } from './apollo';
import type { ConsolePages } from './console';
import { withDeadline } from './deadline';
import { HttpExchange, responseType, sendErrors, verifyCaller } from './http-exchange';
import { OperationContext } from './operation-context';
import { OperationPipeline, RequestRefused } from './pipeline/pipeline';
import { codeOf, presentError } from './pipeline/present-error';
import type { ServerServices } from './server.types';

/** Requests answered at once by a node; more are told to come back. */
const MOST_RUNNING = 5_000;

export interface HttpRouteParts {
  readonly pipeline: OperationPipeline;
  readonly apollo: ApolloServer<OperationContext>;
  readonly services: ServerServices;
  readonly consolePages: ConsolePages;
  readonly deadlineMs: number;
  readonly showsSchema: boolean;
  readonly trustedProxies: ReadonlySet<string>;
  readonly log: Logger;
}

/** `/graphql` over HTTP: POST for all operations but subscriptions, GET for queries and for browsers. */
export function addGraphqlRoute(app: FastifyInstance, parts: HttpRouteParts): void {
  let running = 0;

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (isBrowser(request)) return parts.consolePages.sendIndex(reply);
    if (!request.exchange) throw requestError('UNAUTHENTICATED', 'Sign in to do this.');
    if (running >= MOST_RUNNING) throw requestError('OVERLOADED', 'The server is full.', 1);
    running++;
    try {
      return await answer(request, reply, request.exchange, parts);
    } finally {
      running--;
    }
  };

  const onRequest = verifyCaller(parts.services.auth, parts.trustedProxies, parts.log);
  app.route({ method: ['GET', 'POST'], url: '/graphql', onRequest, handler: handle });
  app.options('/graphql', (_request, reply) => reply.code(204).send());
}

const isBrowser = ({ method, headers, query }: FastifyRequest): boolean =>
  method === 'GET' && headers.accept !== undefined && headers.accept.includes('text/html') && !Object.hasOwn(query as object, 'query');

async function answer(
  request: FastifyRequest, reply: FastifyReply, exchange: HttpExchange, parts: HttpRouteParts,
): Promise<FastifyReply> {
  const trace = startTrace('http', exchange.requestId, exchange.caller);
  try {
    const response = await withDeadline(execute(request, exchange, trace, parts), parts.deadlineMs);
    return send(reply, response, trace);
  } catch (error) {
    const errors = refusalsOf(error);
    trace.outcome = errors[0] ? codeOf(errors[0]) : 'INTERNAL';
    if (errors.length === 0) throw error;
    const presentation = { requestId: exchange.requestId, showsSchema: parts.showsSchema };
    return sendErrors(reply, statusOf(trace.outcome), errors.map((one) => presentError(one, presentation)));
  } finally {
    finishTrace(trace, parts.log);
  }
}

function refusalsOf(error: unknown): readonly GraphQLError[] {
  if (error instanceof RequestRefused) return error.errors;
  return error instanceof RequestError ? [error] : [];
}

async function execute(
  request: FastifyRequest, exchange: HttpExchange, trace: OperationTrace, { pipeline, apollo, services }: HttpRouteParts,
): Promise<HTTPGraphQLResponse> {
  const asker = { caller: exchange.caller, address: exchange.address, transport: 'http' } as const;
  const message = messageOf(request);
  if (typeof message.query !== 'string') throw new RequestRefused([requestError('BAD_REQUEST', 'The request has no `query`.')]);
  if (!isMapOrMissing(message.extensions)) throw new RequestRefused([requestError('BAD_REQUEST', '`extensions` must be an object.')]);
  pipeline.prepare(message.query, asker);
  return apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: asGraphqlRequest(request, message),
    context: async () => new OperationContext(asker, services, trace),
  });
}

interface GraphqlMessage {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
}

/** What the request says; of the extensions nothing is read but their form. */
function messageOf({ method, body, query: search }: FastifyRequest): GraphqlMessage {
  const message: unknown = method === 'GET' ? search : body;
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return {};
  const { query, operationName, variables, extensions } = message as GraphqlMessage;
  return { query, operationName: operationName ?? null, variables: variables ?? null, extensions: method === 'GET' ? fromText(extensions) : extensions };
}

/** A part of an address that holds JSON; what holds none stays a text. */
function fromText(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const isMapOrMissing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));

/** The headers that decide anything; copying all of them costs more than parsing the body. */
const HEADERS = ['content-type', 'x-request-id'] as const;

function asGraphqlRequest({ method, headers, url }: FastifyRequest, message: GraphqlMessage): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const name of HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') map.set(name, value);
  }
  map.set('accept', responseType(headers.accept));
  return { method, headers: map, search: method === 'GET' ? searchOf(url) : '', body: { ...message, extensions: null } };
}

/** The part of an address that the library reads, without the extensions: it would answer some of them with 200. */
function searchOf(url: string): string {
  const search = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  search.delete('extensions');
  return `?${search.toString()}`;
}

function send(reply: FastifyReply, response: HTTPGraphQLResponse, trace: OperationTrace): FastifyReply {
  if (response.body.kind !== 'complete') throw new Error('An answer in several parts is never asked for.');
  reply.code(response.status ?? 200).header('cache-control', 'no-store');
  for (const [name, value] of response.headers) reply.header(name, value);
  const { string } = response.body;
  return reply.send(trace.type === 'unknown' ? named(string, trace) : string);
}

/** An answer made before an operation was found (a forged form, variables of a wrong kind) gets its request id here. */
function named(answerText: string, trace: OperationTrace): string {
  const { errors } = JSON.parse(answerText) as { errors: GraphQLFormattedError[] };
  trace.outcome = String(errors[0]?.extensions?.code ?? 'BAD_REQUEST');
  return JSON.stringify({ errors: errors.map((error) => withRequestId(error, trace.requestId)) });
}
