import { ApolloServer, ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, GraphQLFormattedError } from 'graphql';
import { isRequestErrorCode, REQUEST_ERRORS } from '../graphql/request-error';
import type { Logger } from '../observe';
import type { OperationContext } from './operation-context';
import { codeOf, isUnexpected, presentError } from './pipeline/present-error';
import { OperationPipeline, RequestRefused } from './pipeline/pipeline';

/**
 * The HTTP side's GraphQL server. Every switch is set here in words, none is left to NODE_ENV: parsing and validation are
 * the pipeline's (the document store always has what it let through), introspection is judged per caller by the pipeline.
 */
export function createApollo(pipeline: OperationPipeline, showsSchema: boolean, log: Logger): ApolloServer<OperationContext> {
  return new ApolloServer<OperationContext>({
    schema: pipeline.schema,
    documentStore: pipeline.documents,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: { requestHeaders: ['x-request-id'] },
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: quiet(log),
    formatError: (_formatted, error) => presentError(asGraphQLError(error), { requestId: null, showsSchema }),
    stringifyResult: (result) => JSON.stringify(result),
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), pipelinePlugin(pipeline, log)],
  });
}

/** The library's own lines may repeat messages of thrown errors, so only the fact is noted; the listener logs the errors. */
const quiet = (log: Logger) => {
  const note = (level: 'debug' | 'warn' | 'error') => (): void => log[level]('the HTTP GraphQL server reported a fault');
  return { debug: note('debug'), info: note('debug'), warn: note('warn'), error: note('error') };
};

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error instanceof Error ? error : null });

function pipelinePlugin(pipeline: OperationPipeline, log: Logger): ApolloServerPlugin<OperationContext> {
  const listener: GraphQLRequestListener<OperationContext> = {
    async didResolveOperation({ document, operation, request, contextValue }) {
      if (!operation) return;
      contextValue.trace.type = operation.operation;
      contextValue.trace.name = operation.name?.value ?? null;
      try {
        contextValue.cost = pipeline.admit(document, operation, request.variables, contextValue.asker);
      } catch (error) {
        throw error instanceof RequestRefused ? withStatus(error) : error;
      }
    },
    async didEncounterErrors({ errors, contextValue }) {
      const [first] = errors;
      if (first) contextValue.trace.outcome = codeOf(first);
      logUnexpected(errors, contextValue.requestId, log);
    },
    async willSendResponse({ response, contextValue: { requestId, cost } }) {
      if (response.body.kind !== 'single') return;
      const result = response.body.singleResult;
      if (cost) result.extensions = { ...result.extensions, cost };
      if (result.errors) result.errors = result.errors.map((error) => withRequestId(error, requestId));
    },
  };
  return { requestDidStart: async () => listener };
}

/** Logs the errors that are our own fault, with the request id that the caller was shown. */
export function logUnexpected(errors: readonly GraphQLError[], requestId: string, log: Logger): void {
  for (const error of errors) {
    if (!isUnexpected(error)) continue;
    const err = error.originalError ?? error;
    log.error({ requestId, path: error.path?.join('.'), err }, 'operation failed');
  }
}

/** Adds the request id to an error that was presented without one. */
export const withRequestId = (error: GraphQLFormattedError, requestId: string): GraphQLFormattedError =>
  ({ ...error, extensions: { ...error.extensions, requestId } });

/** The HTTP status of a request that failed as a whole. */
export const statusOf = (code: string): number => (isRequestErrorCode(code) ? REQUEST_ERRORS[code].status : 400);

/** A refusal of the pipeline in the form that sets the answer's HTTP status. */
function withStatus({ errors: [error] }: RequestRefused): GraphQLError {
  const refused = error ?? new GraphQLError('');
  return new GraphQLError(refused.message, { originalError: refused, extensions: { http: { status: statusOf(codeOf(refused)) } } });
}
