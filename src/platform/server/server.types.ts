import type { GraphQLSchema } from 'graphql';
import type { Services } from '../../context';
import type { Caller } from '../auth/caller';
import type { Logger } from '../observe';
import type { FileRoute } from './file-route';
import type { Probe } from './health';
import type { CostLimits } from './pipeline/cost-budget';

/** What the server is told by the configuration. Times in milliseconds. */
export interface ServerConfig {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Opens introspection to everybody. */
  readonly demo: boolean;
  /** Origins whose pages may read answers; the server's own address is always one. */
  readonly corsOrigins: readonly string[];
  /** Origins whose pages may open websockets; the server's own address is always one. */
  readonly socketOrigins: readonly string[];
  readonly socketsPerCaller: number;
  /** Sockets of one address whose token was not sent yet; default 100. */
  readonly socketsWaiting?: number;
  readonly operationsPerSocket: number;
  readonly requestDeadlineMs: number;
  readonly logLevel: string;
  /** Addresses of our own proxies, whose X-Forwarded-For is believed; default none. */
  readonly trustedProxies?: readonly string[];
}

/** Tells who calls. */
export interface Authenticator {
  /** @throws AuthenticationFailed | AuthenticationLimited | AuthenticationUnavailable */
  authenticate(token: string | null, remoteAddress: string): Promise<Caller>;
  /** From memory; asked again and again while a socket is open. */
  isRevoked(caller: Caller): boolean;
}

export type ServerServices = Services & { readonly auth: Authenticator };

export interface ServerDeps {
  readonly config: ServerConfig;
  readonly services: ServerServices;
  readonly schema: GraphQLSchema;
  /** Kinds of files that are handed out beside the graph; default none. */
  readonly files?: readonly FileRoute[];
  /** Default: JSON lines at the configured level. */
  readonly log?: Logger;
  /** What must hold for readiness; default: the database of `services.pool`, its clock and its migrations. */
  readonly probes?: readonly Probe[];
  /** Points a minute by role; default: COST_LIMITS. */
  readonly costLimits?: CostLimits;
}

export interface RunningServer {
  readonly port: number;
  /** "http://127.0.0.1:4000". */
  readonly address: string;
  /** Stops accepting, lets running requests finish, closes sockets with 1001; at most 15 s. */
  drain(): Promise<void>;
  /** Ends everything at once. */
  stop(): Promise<void>;
}
