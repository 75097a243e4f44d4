import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, Server } from 'graphql-ws';
import { RawData, WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../auth/caller';
import { networkOf } from '../auth/failure-throttle';
import { openSockets } from '../observe';
import { clientAddress } from './client-address';
import { RawRefusal, refuseRaw } from './raw-answer';
import { SOCKET_CLOSE, SocketConnection } from './socket-connection';
import { createSocketProtocol, SocketParts } from './socket-protocol';
import { Tally } from './tally';

const MOST_FRAME_BYTES = 64 * 1024;
const MOST_SOCKETS = 20_000;
/** How often expiry and revocation are looked at; both are effective well inside 2 s. */
const WATCH_MS = 1_000;
const PING_MS = 12_000;
/** Sockets that do not answer a close are cut after this time. */
const FAREWELL_MS = 2_000;

const FULL: RawRefusal = { code: 'OVERLOADED', message: 'The server is full or stopping.', retryAfterSeconds: 1 };
/** By then those that wait have sent their tokens, or are closed. */
const MANY_WAITING: RawRefusal = { code: 'RATE_LIMITED', message: 'Too many sockets of this address wait for a token.', retryAfterSeconds: 3 };
const NO_HANDSHAKE: RawRefusal = {
  code: 'BAD_REQUEST', message: 'This is no handshake of a websocket.', headers: { 'Sec-WebSocket-Version': '13' },
};

export interface SocketServerParts extends Omit<SocketParts, 'admitSocket'> {
  readonly socketsPerCaller: number;
  /** Sockets of one address that did not sign in yet. */
  readonly socketsWaiting: number;
  readonly trustedProxies: ReadonlySet<string>;
  readonly isAllowedOrigin: (origin: string) => boolean;
}

/** The websockets of a node: who may open one, how many, and when they are closed. */
export class SocketServer {
  private readonly connections = new Set<SocketConnection>();
  private readonly perCaller = new Tally();
  private readonly waiting = new Tally();
  private readonly protocol: Server<SocketConnection>;
  private readonly wss: WebSocketServer;
  private readonly timers: readonly NodeJS.Timeout[];
  private isClosing = false;

  constructor(http: HttpServer, private readonly parts: SocketServerParts) {
    this.protocol = createSocketProtocol({ ...parts, admitSocket: (connection) => this.countIn(connection) });
    this.wss = new WebSocketServer({
      noServer: true, maxPayload: MOST_FRAME_BYTES, perMessageDeflate: false, handleProtocols, clientTracking: false,
    });
    // The library would answer a handshake that is none in words of its own.
    this.wss.on('wsClientError', (_error, socket, request) => refuseRaw(socket, { ...NO_HANDSHAKE, requestId: request.headers['x-request-id'] }));
    http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.timers = [
      setInterval(() => this.watch(), WATCH_MS).unref(),
      setInterval(() => this.connections.forEach((connection) => connection.ping()), PING_MS).unref(),
    ];
  }

  /** Closes every socket with 1001; resolves when all are gone, at the latest after 2 s. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.timers.forEach((timer) => clearInterval(timer));
    for (const connection of this.connections) connection.close(SOCKET_CLOSE.goingAway);
    const until = performance.now() + FAREWELL_MS;
    while (this.connections.size > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const connection of this.connections) connection.socket.terminate();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { origin } = request.headers;
    const path = (request.url ?? '').split('?', 1)[0];
    const refuse = (refusal: RawRefusal): void => refuseRaw(socket, { ...refusal, requestId: request.headers['x-request-id'] });
    if (path !== '/graphql') return refuse({ code: 'NOT_FOUND', message: 'No such address.' });
    if (origin !== undefined && !this.parts.isAllowedOrigin(origin)) return refuse({ code: 'FORBIDDEN', message: 'This origin may not open websockets.' });
    if (this.isClosing || this.connections.size >= MOST_SOCKETS) return refuse(FULL);
    const address = clientAddress(request, this.parts.trustedProxies);
    if (this.waiting.of(networkOf(address)) >= this.parts.socketsWaiting) return refuse(MANY_WAITING);
    this.wss.handleUpgrade(request, socket, head, (opened) => this.open(opened, address));
  }

  private open(socket: WebSocket, address: string): void {
    const connection = new SocketConnection(socket, address);
    this.connections.add(connection);
    this.waiting.add(networkOf(address));
    openSockets.inc();
    // Broken frames and cut lines end in `close`; there is nobody to tell.
    socket.on('error', () => socket.terminate());
    const closed = this.protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => connection.send(text),
        close: (code) => connection.close(code ?? SOCKET_CLOSE.internal),
        onMessage: (handle) => socket.on('message', (data, isBinary) => void this.receive(connection, data, isBinary, handle)),
      },
      connection,
    );
    socket.once('close', (code) => {
      this.forget(connection);
      closed(code).catch((error: unknown) => this.parts.log.error({ err: error }, 'a closed socket did not end cleanly'));
    });
  }

  private async receive(
    connection: SocketConnection, data: RawData, isBinary: boolean, handle: (text: string) => Promise<void>,
  ): Promise<void> {
    if (isBinary) return connection.close(SOCKET_CLOSE.textOnly);
    if (!connection.countFrame()) return connection.close(SOCKET_CLOSE.tooMany);
    try {
      await handle(data.toString());
    } catch (error) {
      if (isServersMessage(error)) return connection.close(SOCKET_CLOSE.badRequest);
      this.parts.log.error({ err: error }, 'a websocket message failed');
      connection.close(SOCKET_CLOSE.internal);
    }
  }

  /** Counts a socket that sent its token to its caller; false where that has too many. */
  private countIn(connection: SocketConnection): boolean {
    const key = callerKey(connection.caller);
    if (!connection.isOpen || this.perCaller.of(key) >= this.parts.socketsPerCaller) {
      connection.caller = null;
      return false;
    }
    this.perCaller.add(key);
    this.waitsNoMore(connection);
    return true;
  }

  private waitsNoMore(connection: SocketConnection): void {
    if (connection.isWaiting) this.waiting.remove(networkOf(connection.address));
    connection.isWaiting = false;
  }

  private forget(connection: SocketConnection): void {
    this.connections.delete(connection);
    this.waitsNoMore(connection);
    openSockets.dec();
    if (connection.caller) this.perCaller.remove(callerKey(connection.caller));
    connection.caller = null;
  }

  /** Ends the sockets whose token ended or was taken back. */
  private watch(): void {
    const now = Date.now();
    for (const connection of this.connections) {
      const { caller } = connection;
      if (!caller) continue;
      if (caller.expiresAt !== null && caller.expiresAt <= now) connection.close(SOCKET_CLOSE.unauthorized);
      else if (this.parts.services.auth.isRevoked(caller)) connection.close(SOCKET_CLOSE.forbidden);
    }
  }
}

/** The protocol's library throws where a client sends what only servers say; that is no fault of ours. */
const isServersMessage = (error: unknown): boolean => error instanceof Error && /^Unexpected message of type \w+ received$/.test(error.message);

const callerKey = (caller: Caller | null): string => `${caller?.tenantId ?? 0}:${caller?.subject ?? ''}`;
