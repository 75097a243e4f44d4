import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Caller } from '../auth/caller';
import { closedSockets, openSubscriptions } from '../observe';

const FRAMES_A_SECOND = 50;
const SUBSCRIBES_A_SECOND = 10;
const SECOND_MS = 1_000;
/** Unsent bytes above which a socket whose reader does not read is given up. */
const MOST_UNSENT = 1024 * 1024;
/** A closed socket whose other side does not answer is cut after this time. */
const CLOSE_ANSWER_MS = 1_000;

/** Close codes with the only words that are sent with them. */
const REASONS: Readonly<Record<number, string>> = {
  1001: 'Going away', 1003: 'Text only', 1013: 'Try again later', 4400: 'Bad request', 4401: 'Unauthorized', 4403: 'Forbidden',
  4406: 'Subprotocol not acceptable', 4408: 'Connection initialisation timeout', 4409: 'Subscriber already exists',
  4429: 'Too many requests', 4500: 'Internal error',
};

export const SOCKET_CLOSE = {
  goingAway: 1001, textOnly: 1003, tryLater: 1013, badRequest: CloseCode.BadRequest, unauthorized: CloseCode.Unauthorized, forbidden: CloseCode.Forbidden,
  tooMany: 4429, internal: CloseCode.InternalServerError,
} as const;

/** Counts of one second. */
class SecondCount {
  private second = 0;
  private count = 0;

  /** Counts one more; false where that is above the limit of this second. */
  add(limit: number, now: number): boolean {
    const second = Math.floor(now / SECOND_MS);
    if (second !== this.second) {
      this.second = second;
      this.count = 0;
    }
    return ++this.count <= limit;
  }
}

/** One websocket: its caller once known, its rates, its running subscriptions by id with the request id of each. */
export class SocketConnection {
  caller: Caller | null = null;
  /** Whether it is still counted among those of its address that did not sign in. */
  isWaiting = true;
  private readonly running = new Map<string, string>();
  private readonly frames = new SecondCount();
  private readonly subscribes = new SecondCount();
  private heardFrom = true;

  constructor(readonly socket: WebSocket, readonly address: string) {
    socket.on('pong', () => {
      this.heardFrom = true;
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  close(code: number): void {
    if (!this.isOpen) return;
    closedSockets.inc({ code: code.toString() });
    this.socket.close(code, REASONS[code] ?? 'Closed');
    setTimeout(() => this.socket.terminate(), CLOSE_ANSWER_MS).unref();
  }

  /**
   * Sends a text and waits until the operating system took it, which holds back the subscription of a slow reader. Where
   * the socket is gone the wait lets the event loop turn: a source that never waits would else keep `close` from firing.
   */
  send(text: string): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = (): void => void setImmediate(resolve);
      if (this.isOpen && this.socket.bufferedAmount > MOST_UNSENT) this.close(SOCKET_CLOSE.tryLater);
      if (!this.isOpen) return giveUp();
      this.socket.send(text, (error) => (error ? giveUp() : resolve()));
    });
  }

  /** False where the socket sends frames faster than anybody needs. */
  countFrame(): boolean {
    return this.frames.add(FRAMES_A_SECOND, performance.now());
  }

  countSubscribe(): boolean {
    return this.subscribes.add(SUBSCRIBES_A_SECOND, performance.now());
  }

  started(id: string, requestId: string): void {
    if (!this.running.has(id)) openSubscriptions.inc();
    this.running.set(id, requestId);
  }

  ended(id: string): void {
    if (this.running.delete(id)) openSubscriptions.dec();
  }

  endedAll(): void {
    for (const id of [...this.running.keys()]) this.ended(id);
  }

  requestIdOf(id: string): string {
    return this.running.get(id) ?? '';
  }

  /** Asks the other side for a sign of life; cuts the socket where the last question was not answered. */
  ping(): void {
    if (!this.isOpen) return;
    if (!this.heardFrom) return this.socket.terminate();
    this.heardFrom = false;
    this.socket.ping();
  }
}
