import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Role } from '../auth/caller';
import { requestError } from '../graphql/request-error';

const ORDINARY_BYTES = 100 * 1024;
const NETWORK_BYTES = 1024 * 1024;

/** Largest body of a caller. The token was verified before the first byte of the body is read. */
const bodyLimit = (role: Role): number => (role === 'NETWORK' ? NETWORK_BYTES : ORDINARY_BYTES);

/** Takes JSON in UTF-8 and nothing else, up to the limit of the caller that `request.exchange` names. */
export function addJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
    if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw requestError('UNSUPPORTED_MEDIA_TYPE', 'Requests are JSON in UTF-8.');
    return parseJson(await readBytes(payload, bodyLimit(request.exchange?.caller.role ?? 'ANONYMOUS')));
  });
}

function readBytes(payload: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = (): void => {
      // What follows is thrown away unread; the answer closes the connection.
      payload.removeAllListeners('data').resume();
      reject(requestError('BODY_TOO_LARGE', `The body is larger than ${limit} bytes.`));
    };
    if (Number(payload.headers['content-length'] ?? 0) > limit) return refuse();
    payload.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return refuse();
      chunks.push(chunk);
    });
    payload.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    payload.once('error', () => reject(requestError('BAD_REQUEST', 'The body ended early.')));
  });
}

function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw requestError('UNSUPPORTED_MEDIA_TYPE', 'Requests are JSON in UTF-8.');
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    if (error instanceof SyntaxError) throw requestError('BAD_REQUEST', 'The body is not JSON.');
    throw error;
  }
}
