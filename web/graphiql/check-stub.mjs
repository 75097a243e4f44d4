import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { buildSchema, graphql, parse, subscribe } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const FILES = new URL('../../assets/graphiql/', import.meta.url);
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.ttf': 'font/ttf' };
const TOKEN = 'check-token';

/** What check.mjs runs against the stub, and what must come back: both prove that the token arrived. */
export const STUB = {
  token: TOKEN,
  query: '{ whoami }',
  expectQuery: `"whoami": "Bearer ${TOKEN}"`,
  subscription: 'subscription { ticked { count token } }',
  expectPush: '"count": 3',
};

const schema = buildSchema(`
  type Query { whoami: String! }
  type Tick { count: Int! token: String! }
  type Subscription { ticked: Tick! }
`);

async function* ticks(token) {
  if (token !== `Bearer ${TOKEN}`) throw new Error('connection_init came without the token');
  for (let count = 1; count <= 3; count += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    yield { ticked: { count, token } };
  }
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

async function serveFile(name, response) {
  if (!/^(assets\/)?[\w.-]+$/.test(name)) return void response.writeHead(404).end();
  const content = await readFile(new URL(name, FILES)).catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (content === null) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(content);
}

async function serve(request, response) {
  if (request.method === 'GET' && request.url === '/graphql') return serveFile('index.html', response);
  if (request.method === 'GET') return serveFile(request.url.replace('/graphql/', ''), response);
  const { query, variables, operationName } = await bodyOf(request);
  const rootValue = { whoami: request.headers.authorization ?? 'nobody' };
  const result = await graphql({ schema, source: query, rootValue, variableValues: variables, operationName });
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
}

/** The page, its files, a query and a subscription on a free loopback port. */
export async function startStub() {
  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.writeHead(500).end(error.message));
  });
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  useServer({
    onSubscribe: (context, _id, { query }) => ({
      schema, document: parse(query), rootValue: { ticked: () => ticks(context.connectionParams?.authorization) },
    }),
    subscribe,
  }, sockets);
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const stop = () => new Promise((resolve) => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    server.close(resolve);
  });
  return { url: `http://127.0.0.1:${server.address().port}/graphql`, stop };
}
