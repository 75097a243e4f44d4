import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { SocketConnection } from './socket-connection';

/** A socket that notes what is done to it. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly done: string[] = [];

  ping(): void {
    this.done.push('ping');
  }
  terminate(): void {
    this.done.push('terminate');
  }
  close(code: number, reason: string): void {
    this.readyState = 2;
    this.done.push(`close ${code} ${reason}`);
  }
  send(text: string, sent: () => void): void {
    this.done.push(`send ${text}`);
    sent();
  }
}

const connect = (): { socket: FakeSocket; connection: SocketConnection } => {
  const socket = new FakeSocket();
  return { socket, connection: new SocketConnection(socket as unknown as WebSocket, '192.0.2.1') };
};

test('a socket that does not answer a ping is cut at the next one', () => {
  const { socket, connection } = connect();
  connection.ping();
  connection.ping();
  expect(socket.done).toEqual(['ping', 'terminate']);
});

test('a socket that answers is asked again', () => {
  const { socket, connection } = connect();
  connection.ping();
  socket.emit('pong');
  connection.ping();
  expect(socket.done).toEqual(['ping', 'ping']);
});

test.each([
  ['1 MiB waiting is written for', 1024 * 1024, ['send x']],
  ['more than 1 MiB waiting is given up, unwritten', 1024 * 1024 + 1, ['close 1013 Try again later']],
])('a reader with %s', async (_what, waiting, done) => {
  const { socket, connection } = connect();
  socket.bufferedAmount = waiting;
  await connection.send('x');
  expect(socket.done).toEqual(done);
});

test('a closed socket is closed once, and nothing is sent to it', async () => {
  const { socket, connection } = connect();
  connection.close(4403);
  connection.close(4401);
  await connection.send('x');
  expect(socket.done).toEqual(['close 4403 Forbidden']);
});

test('sending to a closed socket lets the event loop turn', async () => {
  const { connection } = connect();
  connection.close(1001);
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  await connection.send('x');
  expect(turned).toBe(true);
});
