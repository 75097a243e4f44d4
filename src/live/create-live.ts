import type { Pool } from 'pg';
import { createPool } from '../platform/db';
import type { Logger } from '../platform/observe';
import { LiveHub } from './live-hub';
import { Outbox } from './outbox';
import { SignalLine } from './signal-line';

/** What the live room adds to the process's services. */
export interface LiveServices {
  readonly live: LiveHub;
}

declare module '../context' {
  interface Services extends LiveServices {}
}

export interface LiveSetup {
  /** Url of the running product, and whether its connections must take the role. */
  readonly appUrl: string;
  readonly setRole: boolean;
  /** Reads positions. */
  readonly pool: Pool;
  readonly log: Logger;
}

/** A node's hub with its own connection; `start` opens it, `close` gives everything back. */
export interface OpenLive extends LiveServices {
  start(): void;
  close(): Promise<void>;
}

/** Opens live push for a process. `live.committed` is what the conductor calls after each COMMIT. */
export function createLive({ appUrl, setRole, pool, log }: LiveSetup): OpenLive {
  const linePool = createPool({ url: appUrl, setRole, max: 1, name: 'tributary live' });
  const line = new SignalLine(linePool, log);
  const live = new LiveHub(pool, new Outbox((messages) => line.send(messages)), line, log);
  return {
    live,
    start: () => live.start(),
    close: async () => {
      await live.stop();
      await linePool.end();
    },
  };
}
