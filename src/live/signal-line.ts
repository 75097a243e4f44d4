import type { Pool, PoolClient } from 'pg';
import { describeError, Logger } from '../platform/observe';
import { isConnectionFault } from './connection-fault';
import { CHANNEL } from './root-signals';

const RECONNECT_MS = 250;
const LONGEST_RECONNECT_MS = 2_000;
/** A statement on a connection whose other side went silent is given up after this time. */
const STATEMENT_MS = 2_000;

const NOTIFY = `select pg_notify('${CHANNEL}', message) from unnest($1::text[]) as sent (message)`;

/**
 * The node's own connection for signals: it listens, and sends what the outbox gathered. Signals go out after the COMMIT
 * that they are about, because a NOTIFY inside a charging transaction would make all of them commit one after the other.
 */
export class SignalLine {
  private client: PoolClient | null = null;
  private timer: NodeJS.Timeout | null = null;
  private failures = 0;
  private stopped = true;
  private opening: Promise<void> | null = null;
  private heard: (payload: string) => void = () => undefined;
  private opened: () => void = () => undefined;

  /** @param pool of one connection, which the line keeps. */
  constructor(private readonly pool: Pool, private readonly log: Logger) {}

  onMessage(heard: (payload: string) => void): void {
    this.heard = heard;
  }

  /** Called at every (re)connect: signals sent meanwhile are lost. */
  onOpen(opened: () => void): void {
    this.opened = opened;
  }

  start(): void {
    this.stopped = false;
    this.open();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.opening;
    this.drop();
  }

  /** Sends the messages; false where there is no connection now. */
  async send(messages: readonly string[]): Promise<boolean> {
    const { client } = this;
    if (!client) return false;
    try {
      await client.query({ text: NOTIFY, values: [messages], query_timeout: STATEMENT_MS } as { text: string; values: unknown[] });
      return true;
    } catch (error) {
      this.lost(client, error);
      return false;
    }
  }

  private open(): void {
    this.opening = this.connect().finally(() => { this.opening = null; });
  }

  private async connect(): Promise<void> {
    let client: PoolClient | null = null;
    try {
      client = await this.pool.connect();
      const mine = client;
      mine.on('notification', ({ channel, payload }) => { if (channel === CHANNEL && payload) this.heard(payload); });
      mine.on('error', (error) => this.lost(mine, error));
      mine.on('end', () => this.lost(mine, null));
      this.client = mine;
      await mine.query({ text: `listen ${CHANNEL}`, query_timeout: STATEMENT_MS } as { text: string });
      this.failures = 0;
      if (!this.stopped) this.opened();
    } catch (error) {
      if (client) this.lost(client, error);
      else this.retry(error);
    }
  }

  /** Once a connection: later words of a connection that was given up say nothing new. */
  private lost(client: PoolClient, error: unknown): void {
    if (this.client !== client) return;
    this.drop();
    this.retry(error);
  }

  private retry(error: unknown): void {
    if (this.stopped) return;
    if (error && !isConnectionFault(error)) this.log.error({ err: describeError(error) }, 'the line for live signals failed');
    this.failures += 1;
    const wait = RECONNECT_MS * this.failures;
    this.timer = setTimeout(() => this.open(), wait > LONGEST_RECONNECT_MS ? LONGEST_RECONNECT_MS : wait).unref();
  }

  private drop(): void {
    const { client } = this;
    this.client = null;
    if (!client) return;
    client.removeAllListeners('notification');
    client.release(true);
  }
}
