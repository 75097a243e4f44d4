import { GraphQLError, GraphQLFormattedError, Kind } from 'graphql';
import { Refusal } from '../../errors/user-error';
import { isRequestErrorCode, RequestError, RequestErrorCode } from '../../graphql/request-error';

/**
 * The last step of every failure, in whichever phase it arose and on whichever transport. Only sentences of our own
 * leave the product: what we threw on purpose (RequestError, Refusal) is shown as it is; the libraries' own refusals are
 * told by their documented code in neutral words; everything else is INTERNAL.
 */
export interface Presentation {
  readonly requestId: string | null;
  /** Where the schema is open anyway (demo mode), messages of parsing and validation are shown, without values. */
  readonly showsSchema: boolean;
}

/** What the caller is shown of an error. */
export function presentError(error: GraphQLError, { requestId, showsSchema }: Presentation): GraphQLFormattedError {
  const { code, message, retryAfterSeconds } = tell(error, showsSchema);
  return {
    message,
    ...(error.locations && { locations: error.locations }),
    ...(error.path && { path: error.path }),
    extensions: { code, ...(requestId && { requestId }), ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
  };
}

/** Whether the error is our own fault: to be logged, and hidden from the caller. */
export const isUnexpected = (error: GraphQLError): boolean => tell(error, false).code === 'INTERNAL';

/** The documented code of an error. */
export const codeOf = (error: GraphQLError): string => tell(error, false).code;

interface Told {
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
}

function tell(error: GraphQLError, showsSchema: boolean): Told {
  const cause = error.originalError ?? error;
  if (cause instanceof RequestError) return { code: cause.code, message: cause.message, retryAfterSeconds: cause.retryAfterSeconds };
  if (cause instanceof Refusal) return { code: cause.userError.code, message: cause.userError.message };
  const isOfDocument = error.extensions.code === 'GRAPHQL_VALIDATION_FAILED';
  const variable = isOfDocument ? null : faultyVariable(error);
  if (variable) return { code: 'BAD_USER_INPUT', message: variableMessage(error, variable, showsSchema) };
  if (isArgumentError(cause)) return { code: 'BAD_USER_INPUT', message: NEUTRAL.BAD_USER_INPUT };
  const code = libraryCode(error.extensions.code);
  return { code, message: showsSchema ? scrub(error.message, code) : NEUTRAL[code] };
}

type LibraryCode = Extract<RequestErrorCode,
  'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'OPERATION_RESOLUTION_FAILURE' | 'BAD_USER_INPUT' | 'BAD_REQUEST' | 'INTERNAL'>;

const NEUTRAL: Readonly<Record<LibraryCode, string>> = {
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL, or has more than 1,000 tokens.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  OPERATION_RESOLUTION_FAILURE: 'The document has no operation of that name.',
  BAD_USER_INPUT: 'An argument has a wrong value.',
  BAD_REQUEST: 'The message is not a request that this API takes: POST a JSON object with `query`, `variables` and `operationName`.',
  INTERNAL: 'Something failed on our side. Quote the request id.',
};

function libraryCode(code: unknown): LibraryCode {
  if (code === 'PERSISTED_QUERY_NOT_SUPPORTED' || code === 'PERSISTED_QUERY_NOT_FOUND') return 'BAD_REQUEST';
  return isRequestErrorCode(code) && Object.hasOwn(NEUTRAL, code) ? (code as LibraryCode) : 'INTERNAL';
}

/** Keeps the schema's words and drops suggestions and the caller's values. */
function scrub(message: string, code: LibraryCode): string {
  if (code !== 'GRAPHQL_PARSE_FAILED' && code !== 'GRAPHQL_VALIDATION_FAILED') return NEUTRAL[code];
  return ENDS.reduce((text, [pattern, end]) => text.replace(pattern, end), message);
}

/** Where the libraries' sentences come to what was sent, and how they end there; first, one that sounds like a database's. */
const ENDS: readonly (readonly [RegExp, string])[] = [
  [/^Syntax Error: /, 'The document is not GraphQL: '],
  [/ Did you mean [^]*$/, ''],
  [/, found [^]*$/, '.'],
  [/ value: [^]*$/, ' value.'],
  [/^Value "\w*" does not exist in /, 'The value does not exist in '],
  [/(: (?:Unexpected|Invalid) [\w ,]*[\w]):? ?"[^]*$/, '$1.'],
];

/** The name of the variable that did not fit its type; graphql-js marks the error only by its node and its words. */
function faultyVariable(error: GraphQLError): string | null {
  const node = error.nodes?.length === 1 ? error.nodes[0] : undefined;
  return node?.kind === Kind.VARIABLE_DEFINITION ? node.variable.name.value : null;
}

/**
 * graphql-js says: Variable "$input" got invalid value <the value> at "input.a[0]"; <reason>. The value is left out, the
 * reason too but where the schema is open.
 */
function variableMessage(error: GraphQLError, variable: string, showsSchema: boolean): string {
  const reason = error.originalError instanceof GraphQLError ? error.originalError.message : '';
  const head = reason && error.message.endsWith(`; ${reason}`) ? error.message.slice(0, -reason.length - 2) : error.message;
  const place = / at "([A-Za-z0-9_.[\]]{1,200})"$/.exec(head)?.[1];
  const told = `Variable "$${variable}" has a wrong or missing value${place ? ` at "${place}"` : ''}.`;
  return showsSchema && isOwnWording(reason) ? `${told} ${reason}` : told;
}

const OWN_WORDINGS = [
  /^[A-Z][A-Za-z]* must be [^]*$/,
  /^Field "\w+" of required type "[\w![\]]+" was not provided\.$/,
  /^Expected non-nullable type "[\w![\]]+" not to be null\.$/,
];

/** Reasons that name the schema's own words only; the others repeat what the caller sent. */
const isOwnWording = (reason: string): boolean =>
  OWN_WORDINGS.some((wording) => wording.test(reason));

/** graphql-js refuses an argument whose variable is missing while it executes. */
const isArgumentError = (cause: Error): boolean => cause instanceof GraphQLError && /^Argument "\w+" /.test(cause.message);
