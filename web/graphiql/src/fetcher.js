import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';

/** Queries and mutations by HTTP, subscriptions by a websocket at the page's own address; both carry the token. */
export function createFetcher(location, token) {
  const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return createGraphiQLFetcher({
    url: `${location.origin}${location.pathname}`,
    headers: authorization,
    wsClient: createClient({
      url: `${scheme}//${location.host}${location.pathname}`,
      connectionParams: authorization,
      // A refused token would be refused again: the reason is shown instead of asked for in silence.
      shouldRetry: () => false,
    }),
  });
}
