import { connect, Socket } from 'node:net';

/**
 * One keep-alive HTTP/1.1 connection with one request at a time, on a bare socket: the load generator shares two cores
 * with the server and the database, so its own price must be small.
 */
export class LoadClient {
  private waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | null = null;
  private received = '';
  private bodyStart = -1;
  private bodyLength = 0;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.take(chunk));
    const fail = (error?: Error): void => this.waiting?.reject(error ?? new Error('The server closed the connection.'));
    socket.on('error', fail);
    socket.on('close', () => fail());
  }

  static open(port: number): Promise<LoadClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(new LoadClient(socket)));
      socket.once('error', reject);
    });
  }

  /** Sends a prepared request and answers its body. */
  send(request: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.waiting = null;
    this.socket.destroy();
  }

  private take(chunk: string): void {
    this.received += chunk;
    if (this.bodyStart < 0) {
      const end = this.received.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.bodyStart = end + 4;
      this.bodyLength = +(/content-length: (\d+)/i.exec(this.received.slice(0, end))?.[1] ?? '0');
    }
    if (this.received.length < this.bodyStart + this.bodyLength) return;
    const body = this.received.slice(this.bodyStart, this.bodyStart + this.bodyLength);
    this.received = '';
    this.bodyStart = -1;
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve(body);
  }
}

/** A POST of a GraphQL document with variables, as bytes. */
export function graphqlRequest(port: number, token: string, body: string): Buffer {
  return Buffer.from(`POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n`
    + `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
