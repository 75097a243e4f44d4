import type { FastifyReply, FastifyRequest } from 'fastify';

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'content-type, authorization, x-request-id',
  'access-control-max-age': '600',
};

/**
 * Lets pages of listed origins read answers. Others get the same answer without the permission, which their browser then
 * keeps from them. `isListed` is asked per request, because the server's own origin is known only once it listens.
 */
export function allowOrigin(isListed: (origin: string) => boolean) {
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const { origin } = request.headers;
    if (origin === undefined) return;
    reply.header('vary', 'origin');
    if (!isListed(origin)) return;
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': 'x-request-id' });
    if (request.method === 'OPTIONS') reply.headers(PREFLIGHT);
  };
}
