import type { Pool } from 'pg';
import type { KeySource } from './key-source';

/** What authentication uses of a logger; pino and Fastify's logger have it. No token and no address is ever handed to it. */
export interface AuthLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface AuthOptions {
  readonly keys: KeySource;
  /** The only signature algorithm accepted, e.g. ES256; what a token's own header asks for is never followed. */
  readonly algorithm: string;
  readonly issuer: string;
  readonly audience: string;
  /** Longest accepted `exp - iat`: 900 in production, 43,200 in demo mode. */
  readonly maxLifetimeSeconds: number;
  /** Cold connections, for the tables `tenant` and `revoked_token`. */
  readonly pool: Pool;
  readonly log?: AuthLog;
  /** Accepted difference to the issuer's clock for exp, nbf and iat: 60 unless told, and never more. */
  readonly leewaySeconds?: number;
  /** How often revocations are read, in ms: 1,000 unless told. */
  readonly refreshMs?: number;
  /** Each refusal is answered no earlier than this after the call, so that its timing says nothing: 25 ms unless told. */
  readonly refusalFloorMs?: number;
  /** Waits so many ms before a refusal is answered; tests look at the times instead. */
  readonly wait?: (ms: number) => Promise<unknown>;
  /** Wall clock in epoch ms; tests set it. */
  readonly now?: () => number;
}

/** The life of an access token in production, in seconds. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** The life of a demo token, in seconds. */
export const DEMO_TOKEN_SECONDS = 12 * 60 * 60;

export const MAX_LEEWAY_SECONDS = 60;
