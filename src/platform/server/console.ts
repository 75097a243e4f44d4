import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { requestError } from '../graphql/request-error';

/**
 * The GraphiQL pages: built files of assets/graphiql, served as they are. Only names found at start are served, so no
 * path of a request ever reaches the file system.
 */
export interface ConsolePages {
  /** Sends the page for browsers at GET /graphql. */
  sendIndex(reply: FastifyReply): FastifyReply;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon',
  '.ttf': 'font/ttf', '.woff': 'font/woff', '.woff2': 'font/woff2', '.txt': 'text/plain; charset=utf-8',
};

/** Everything from here; the editor runs workers from blobs and writes styles of its own. */
const POLICY = [
  "default-src 'self'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self' data:",
  "worker-src 'self' blob:", "connect-src 'self' ws: wss:", "object-src 'none'", "base-uri 'self'", "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The project's folder, above both src/ and dist/src/. */
function projectFolder(from = __dirname): string {
  return existsSync(join(from, 'package.json')) || dirname(from) === from ? from : projectFolder(dirname(from));
}

const FOREVER = 'public, max-age=31536000, immutable';

/** Adds the routes of the page's files under /graphql/. */
export function addConsole(app: FastifyInstance, folder = join(projectFolder(), 'assets', 'graphiql')): ConsolePages {
  const files = new Map(filesBelow(folder).map((file) => [relative(folder, file).split(sep).join('/'), file]));
  for (const [name, file] of files) {
    if (name !== 'index.html') app.get(`/graphql/${name}`, (_request, reply) => sendFile(reply, file, FOREVER));
  }
  const index = files.get('index.html');
  return {
    sendIndex(reply) {
      if (!index) throw requestError('NOT_FOUND', 'This server has no page here; send GraphQL requests.');
      return sendFile(reply, index, 'no-cache');
    },
  };
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const sendFile = (reply: FastifyReply, file: string, caching: string): FastifyReply =>
  reply
    .headers({ 'content-security-policy': POLICY, 'cache-control': caching, 'referrer-policy': 'no-referrer' })
    .type(TYPES[extname(file)] ?? 'application/octet-stream')
    .send(createReadStream(file));
