import { createServer, Server, Socket, connect } from 'node:net';

/**
 * What becomes of a COMMIT on its way to the server: it passes; the way is cut before it arrives; it arrives and the way
 * is cut before its answer; it (or only its answer) disappears without an end of the connection; it is held back.
 */
export type WireFault = 'PASS' | 'CUT_BEFORE' | 'CUT_ANSWER' | 'SWALLOW' | 'SWALLOW_ANSWER' | 'DELAY';

/** A way to PostgreSQL that can be broken at the COMMIT. */
export interface WireProxy {
  /** The given url, by this way. */
  readonly url: string;
  /** Asked at each COMMIT that comes by. */
  decide: (commit: number) => WireFault;
  /** How often each fault hit. */
  readonly fired: Readonly<Record<WireFault, number>>;
  close(): Promise<void>;
}

const DELAY_MS = 300;

/** Type byte of the messages Query and Bind, and what of them says commit: the statement's text, or its name. */
const isCommit = (type: number, body: Buffer): boolean => {
  if (type === 0x51) return /^commit\b/i.test(body.toString('latin1'));
  return type === 0x42 && body.subarray(body.indexOf(0) + 1).toString('latin1').startsWith('commit\0');
};

/** Reads the client's side of the protocol. */
class MessageReader {
  private kept: Buffer = Buffer.alloc(0);
  private isStarted = false;

  /** Splits what came into whole messages; a COMMIT stands alone. */
  take(bytes: Buffer): { readonly bytes: Buffer; readonly isCommit: boolean }[] {
    this.kept = Buffer.concat([this.kept, bytes]);
    const parts: { bytes: Buffer; isCommit: boolean }[] = [];
    for (;;) {
      const head = this.isStarted ? 1 : 0;
      if (this.kept.length < head + 4) return parts;
      const size = head + this.kept.readUInt32BE(head);
      if (this.kept.length < size) return parts;
      const message = this.kept.subarray(0, size);
      parts.push({ bytes: message, isCommit: this.isStarted && isCommit(message[0]!, message.subarray(5)) });
      this.kept = this.kept.subarray(size);
      this.isStarted = true;
    }
  }
}

/** Opens the way on a free loopback port; TLS is off in tests, so that it can read what passes. */
export async function openWireProxy(databaseUrl: string): Promise<WireProxy> {
  const target = new URL(databaseUrl);
  const fired = { PASS: 0, CUT_BEFORE: 0, CUT_ANSWER: 0, SWALLOW: 0, SWALLOW_ANSWER: 0, DELAY: 0 };
  const sockets = new Set<Socket>();
  let commits = 0;
  const proxy = { decide: (): WireFault => 'PASS' } as { decide: (commit: number) => WireFault };
  const server = createServer((client) => {
    const backend = connect(Number(target.port), target.hostname);
    const way = new Way(client, backend);
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.on('error', () => way.cut());
      socket.on('close', () => { sockets.delete(socket); way.ended(); });
    }
    backend.on('data', (bytes) => way.back(bytes));
    client.on('data', (bytes) => way.forth(bytes, () => {
      const fault = proxy.decide(commits++);
      fired[fault] += 1;
      return fault;
    }));
  });
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = await listening(server);
  return Object.assign(proxy, { url: url.toString(), fired, close: () => closed(server, sockets) });
}

/** One connection through the proxy. */
class Way {
  private readonly reader = new MessageReader();
  private queue = Promise.resolve();
  /** What the client says, and what the server says, no longer arrives. */
  private isDeaf = false;
  private isDumb = false;

  constructor(private readonly client: Socket, private readonly backend: Socket) {}

  forth(bytes: Buffer, decide: () => WireFault): void {
    for (const part of this.reader.take(bytes)) this.queue = this.queue.then(() => this.pass(part, decide));
  }

  back(bytes: Buffer): void {
    if (!this.isDumb && !this.client.destroyed) this.client.write(bytes);
  }

  cut(): void {
    this.client.destroy();
    this.backend.destroy();
  }

  /** Where nothing arrives neither side learns that the other one went. */
  ended(): void {
    if (!this.isDumb) this.cut();
  }

  private async pass(part: { readonly bytes: Buffer; readonly isCommit: boolean }, decide: () => WireFault): Promise<void> {
    if (this.isDeaf || this.backend.destroyed) return;
    const fault = part.isCommit ? decide() : 'PASS';
    if (fault === 'CUT_BEFORE') return this.cut();
    if (fault === 'DELAY') await new Promise((resolve) => { setTimeout(resolve, DELAY_MS); });
    if (fault.startsWith('SWALLOW') || fault === 'CUT_ANSWER') this.isDumb = true;
    this.isDeaf = fault === 'SWALLOW';
    if (this.isDeaf) return;
    this.backend.write(part.bytes);
    if (fault !== 'CUT_ANSWER') return;
    // What is behind the COMMIT still goes, so that the server stores before the client's side is cut.
    setTimeout(() => { this.isDumb = false; this.cut(); }, 50);
  }
}

const listening = (server: Server): Promise<string> => new Promise((resolve, reject) => {
  server.on('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address) resolve(`${address.port}`);
  });
});

const closed = (server: Server, sockets: ReadonlySet<Socket>): Promise<void> => new Promise((resolve) => {
  server.close(() => resolve());
  for (const socket of sockets) socket.destroy();
});
