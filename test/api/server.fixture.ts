import 'reflect-metadata';
import { GraphQLError, GraphQLSchema } from 'graphql';
import { Arg, Args, Authorized, Ctx, Field, ID, Int, Mutation, ObjectType, Query, Resolver, Root, FieldResolver, Subscription } from 'type-graphql';
import { WebSocket } from 'ws';
import type { RequestContext } from '../../src/context';
import { AuthenticationFailed } from '../../src/platform/auth/auth.errors';
import { ANONYMOUS_CALLER, Caller, Role, ROLES, SIGNED_IN } from '../../src/platform/auth/caller';
import { refuse } from '../../src/platform/errors';
import {
  BigIntScalar, buildHouseSchema, connectionOf, DateTimeScalar, DecimalScalar, encodeCursor, MoneyInput, MoneyMove, PageArgs, pageOf,
} from '../../src/platform/graphql';
import type { Page } from '../../src/platform/graphql';
import { createLogger } from '../../src/platform/observe';
import { RunningServer, ServerConfig, ServerDeps, ServerServices, startServer } from '../../src/platform/server';

@ObjectType('Item', { description: 'A thing with things below it.' })
class Item {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}
const ItemConnection = connectionOf(Item, 'Item');

const someItems = (args: PageArgs): Page<Item> =>
  pageOf(['a', 'b', 'c'].slice(0, args.first + 1), args, (id) => ({ id }), (id) => encodeCursor('item', id));

@ObjectType('Echo', { description: 'What came in.' })
class Echo {
  @Field(() => DecimalScalar, { nullable: true, description: 'The decimal.' })
  decimal?: string | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'The whole number.' })
  whole?: bigint | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'The instant.' })
  instant?: Date | null;
}

/** Events that the tests push by hand. */
export const pushed = { started: 0, ended: 0 };

/** What a broken database and a broken file would say. */
export const LEAKY = 'insert into "charge" violates constraint "charge_pkey" at /srv/app/src/ledger.ts: select secret from tariff; host db-7.internal';

class Silent implements AsyncIterableIterator<number> {
  private wake: ((result: IteratorResult<number>) => void) | undefined;

  constructor() {
    pushed.started++;
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
  next(): Promise<IteratorResult<number>> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
  async return(): Promise<IteratorResult<number>> {
    pushed.ended++;
    this.wake?.({ done: true, value: undefined });
    return { done: true, value: undefined };
  }
}

@Resolver(() => Item)
class TinyResolver {
  @Authorized<Role>([...ROLES])
  @Query(() => String, { description: 'Answers.' })
  ping(): string {
    return 'pong';
  }

  @Authorized<Role>(['FINANCE'])
  @Query(() => String, { nullable: true, description: 'For finance only.' })
  secret(): string {
    return 'gold';
  }

  @Authorized<Role>([...SIGNED_IN])
  @Query(() => String, { nullable: true, description: 'Fails like a database.' })
  boom(): string {
    throw new Error(LEAKY);
  }

  @Authorized<Role>([...SIGNED_IN])
  @Query(() => String, { nullable: true, description: 'Fails like a library.' })
  foreignError(): string {
    throw new GraphQLError(LEAKY, { extensions: { code: 'SQL_STATE_42P01', detail: LEAKY } });
  }

  @Authorized<Role>([...SIGNED_IN])
  @Query(() => String, { nullable: true, description: 'Refuses.' })
  refusing(): string {
    return refuse('NOT_FOUND', 'No such thing.');
  }

  @Authorized<Role>([...SIGNED_IN])
  @Query(() => Int, { description: 'Waits, then gives how long it waited.' })
  async slow(@Arg('ms', () => Int, { description: 'Milliseconds.' }) ms: number): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ms;
  }

  @Authorized<Role>([...SIGNED_IN])
  @Query(() => Echo, { description: 'Gives back what came.' })
  echo(
    @Arg('decimal', () => DecimalScalar, { nullable: true, description: 'A decimal.' }) decimal?: string,
    @Arg('whole', () => BigIntScalar, { nullable: true, description: 'A whole number.' }) whole?: bigint,
    @Arg('instant', () => DateTimeScalar, { nullable: true, description: 'An instant.' }) instant?: Date,
  ): Echo {
    return { decimal: decimal ?? null, whole: whole ?? null, instant: instant ?? null };
  }

  @Authorized<Role>([...SIGNED_IN])
  @Query(() => ItemConnection, { description: 'Things.' })
  items(@Args() page: PageArgs): Page<Item> {
    return someItems(page);
  }

  @FieldResolver(() => ItemConnection, { description: 'Things below this one.' })
  items2(@Root() _item: Item, @Args() page: PageArgs): Page<Item> {
    return someItems(page);
  }

  @FieldResolver(() => Item, { description: 'This thing again.' })
  same(@Root() item: Item): Item {
    return item;
  }

  @Authorized<Role>([...SIGNED_IN])
  @MoneyMove()
  @Mutation(() => String, { description: 'Moves money.' })
  pay(@Arg('money', () => MoneyInput, { description: 'How much.' }) money: MoneyInput): string {
    return `${money.amount} ${money.currency}`;
  }

  @Authorized<Role>([...SIGNED_IN])
  @Mutation(() => String, { description: 'Moves nothing.' })
  note(@Arg('text', () => String, { description: 'Any text.' }) text: string): string {
    return text;
  }

  @Authorized<Role>(['SUBSCRIBER', 'NETWORK'])
  @Subscription(() => Int, {
    description: 'Counts, and tells whether loaders are fresh.',
    async *subscribe({ args }) {
      for (let tick = 1; tick <= args.count; tick++) yield tick;
    },
  })
  ticks(@Root() tick: number, @Arg('count', () => Int, { description: 'How far.' }) _count: number, @Ctx() context: RequestContext): number {
    const { loader } = context;
    return loader('tick', () => tick);
  }

  @Authorized<Role>([...SIGNED_IN])
  @Subscription(() => Int, { description: 'Never says anything.', subscribe: () => new Silent() })
  silence(@Root() tick: number): number {
    return tick;
  }

  @Authorized<Role>([...SIGNED_IN])
  @Subscription(() => String, {
    description: 'Says much.',
    async *subscribe() {
      pushed.started++;
      try {
        for (;;) yield 'x'.repeat(100_000);
      } finally {
        pushed.ended++;
      }
    },
  })
  flood(@Root() text: string): string {
    return text;
  }

  @Authorized<Role>([...SIGNED_IN])
  @Subscription(() => Int, {
    description: 'Breaks after one.',
    async *subscribe() {
      yield 1;
      throw new Error(LEAKY);
    },
  })
  breaking(@Root() tick: number): number {
    return tick;
  }

  @Authorized<Role>([...SIGNED_IN])
  @Subscription(() => Int, {
    description: 'Does not start.',
    subscribe: () => {
      throw new Error(LEAKY);
    },
  })
  neverStarting(@Root() tick: number): number {
    return tick;
  }

  @Authorized<Role>([...SIGNED_IN])
  @Subscription(() => Int, {
    description: 'Starts too late.',
    subscribe: async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return new Silent();
    },
  })
  late(@Root() tick: number): number {
    return tick;
  }
}

export const tinySchema = (): GraphQLSchema => buildHouseSchema([TinyResolver]);

const caller = (role: Role, subject: string): Caller => ({
  ...ANONYMOUS_CALLER, role, subject, tenantId: 1, tokenId: `t-${subject}`, expiresAt: Date.now() + 3_600_000,
});

/** Tokens are "ROLE.name"; `revoked` and `expiresAt` are turned by the tests. */
export class FakeAuth {
  readonly revoked = new Set<string>();
  readonly expiresAt = new Map<string, number>();

  async authenticate(token: string | null): Promise<Caller> {
    if (token === null) return ANONYMOUS_CALLER;
    const [role = '', subject = ''] = token.split('.');
    const known = ROLES.find((one) => one === role);
    if (!known || !subject) throw new AuthenticationFailed('unknown');
    return { ...caller(known, subject), expiresAt: this.expiresAt.get(subject) ?? Date.now() + 3_600_000 };
  }

  isRevoked(one: Caller): boolean {
    return this.revoked.has(one.subject);
  }
}

const CONFIG: ServerConfig = {
  host: '127.0.0.1', port: 0, demo: false, corsOrigins: ['https://shop.example'], socketOrigins: ['https://shop.example'], socketsPerCaller: 5,
  operationsPerSocket: 20, requestDeadlineMs: 10_000, logLevel: 'silent',
};

export interface TestServer extends RunningServer {
  readonly auth: FakeAuth;
  /** Log lines, as written. */
  readonly logLines: string[];
}

export async function startTestServer(config: Partial<ServerConfig> = {}, deps: Partial<ServerDeps> = {}): Promise<TestServer> {
  const auth = new FakeAuth();
  const logLines: string[] = [];
  const log = createLogger('info', { write: (line: string) => void logLines.push(line) });
  const server = await startServer({
    config: { ...CONFIG, ...config }, services: { auth } as unknown as ServerServices, schema: tinySchema(), log, probes: [], ...deps,
  });
  return { ...server, auth, logLines };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: { message: string; path?: unknown; extensions: { code: string; requestId: string; retryAfterSeconds?: number } }[];
  readonly extensions: { cost: { requested: number; remaining: number; limit: number } };
}

export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Partial<Answer>;
  return { status: response.status, text, headers: response.headers, data: body.data, errors: body.errors ?? [], extensions: body.extensions as Answer['extensions'] };
}

export interface Ask {
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

/** Posts one operation as SUBSCRIBER.alice unless told otherwise. */
export async function ask(server: RunningServer, query: string, { token = 'SUBSCRIBER.alice', headers, ...rest }: Ask = {}): Promise<Answer> {
  const response = await fetch(`${server.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
    body: JSON.stringify({ query, ...rest }),
  });
  return read(response);
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A websocket client that shows every message and the close as they are. */
export class RawSocket {
  readonly messages: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting: (() => void)[] = [];
  closeCode: number | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.messages.push(JSON.parse(data.toString()) as Message);
      this.waiting.splice(0).forEach((wake) => wake());
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.closeCode = code;
        this.waiting.splice(0).forEach((wake) => wake());
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  static async open(server: RunningServer, options: { origin?: string; protocol?: string; path?: string } = {}): Promise<RawSocket> {
    const url = `${server.address.replace('http', 'ws')}${options.path ?? '/graphql'}`;
    const socket = new WebSocket(url, options.protocol ?? 'graphql-transport-ws', options.origin ? { origin: options.origin } : {});
    const raw = new RawSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
      socket.once('error', reject);
    });
    return raw;
  }

  /** Opens and signs in. */
  static async signedIn(server: RunningServer, token = 'SUBSCRIBER.alice'): Promise<RawSocket> {
    const raw = await RawSocket.open(server);
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await raw.until((message) => message.type === 'connection_ack');
    return raw;
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables?: unknown): void {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** The first message that fits, also of those that came before. */
  async until(fits: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found) return found;
      if (this.closeCode !== undefined) throw new Error(`The socket closed with ${this.closeCode}.`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The errors that a subscription ended with. */
  async errorsOf(id: string): Promise<Answer['errors']> {
    const message = await this.until((one) => one.id === id && (one.type === 'error' || hasErrors(one)));
    return (message.type === 'error' ? message.payload : (message.payload as { errors: unknown }).errors) as Answer['errors'];
  }

  close(): void {
    this.socket.terminate();
  }
}

const hasErrors = (message: Message): boolean => typeof message.payload === 'object' && message.payload !== null && 'errors' in message.payload;
