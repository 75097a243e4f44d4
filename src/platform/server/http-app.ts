import Fastify, { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestErrorCode, REQUEST_ERRORS, RequestError, requestError } from '../graphql/request-error';
import { Logger, refusedRequests } from '../observe';
import { nameRequest, sendErrors } from './http-exchange';
import { addJsonBody } from './json-body';
import { presentError } from './pipeline/present-error';
import { answerUnreadable } from './raw-answer';

/** A request, headers and body, must be there within this time. */
const RECEIVE_MS = 20_000;
const KEEP_ALIVE_MS = 72_000;

/** The bare HTTP server: names requests, reads JSON, and answers every failure with a documented code and nothing else. */
export function createHttpApp(log: Logger): FastifyInstance {
  const app = Fastify({
    logger: false,
    requestTimeout: RECEIVE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A request on an open connection is still answered while the server drains; its answer closes the connection.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    // An address that is none meets neither hooks nor handlers, and the library would repeat it.
    frameworkErrors: (_error, request, reply) => {
      nameRequest(request, reply);
      void refuse(request, reply, requestError(...BY_STATUS[400]!));
    },
    clientErrorHandler: answerUnreadable(log),
  });
  app.decorateRequest('exchange', null);
  app.decorateRequest('requestId', '');
  addJsonBody(app);
  app.addHook('onRequest', async (request, reply) => nameRequest(request, reply));
  app.setNotFoundHandler((request, reply) => refuse(request, reply, requestError('NOT_FOUND', 'No such address.')));
  app.setErrorHandler((error: Error, request, reply) => refuse(request, reply, asRequestError(error, request, log)));
  return app;
}

function refuse(request: FastifyRequest, reply: FastifyReply, error: RequestError): FastifyReply {
  const { status } = REQUEST_ERRORS[error.code];
  refusedRequests.inc({ code: error.code });
  if (status === 413) reply.header('connection', 'close');
  return sendErrors(reply, status, [presentError(error, { requestId: request.requestId, showsSchema: false })]);
}

const BY_STATUS: Readonly<Record<number, [RequestErrorCode, string]>> = {
  400: ['BAD_REQUEST', 'The request is not one that this API takes.'],
  404: ['NOT_FOUND', 'No such address.'],
  413: ['BODY_TOO_LARGE', 'The body is too large.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'Requests are JSON in UTF-8.'],
};

function asRequestError(error: Error, { requestId }: FastifyRequest, log: Logger): RequestError {
  if (error instanceof RequestError) return error;
  const known = BY_STATUS[(error as FastifyError).statusCode ?? 500];
  if (known) return requestError(...known);
  log.error({ requestId, err: error }, 'request failed');
  return requestError('INTERNAL', 'Something failed on our side. Quote the request id.');
}
