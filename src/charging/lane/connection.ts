import type { PoolClient } from 'pg';

/** How long a lane waits for what, in milliseconds. */
export const LANE_PATIENCE = {
  /** A server that lives answers sooner: its own limit of a statement is 5 s. */
  silenceMs: 6_000,
  /** Between two looks for items whose deadline passed. */
  lookMs: 200,
  /** For the end of a back end in doubt. */
  rescueMs: 1_000,
} as const;

/**
 * Destroys the connection where the server stays silent until nobody waits any longer (`deadline`, monotonic), or longer
 * than a server that lives: one that is cut off without a word never answers nor ends.
 */
export async function endSilent<T>(client: PoolClient, deadline: number, answer: Promise<T>): Promise<T> {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
  const left = deadline - performance.now();
  const silence = setTimeout(() => stream.destroy(), left < LANE_PATIENCE.silenceMs ? left : LANE_PATIENCE.silenceMs);
  try {
    return await answer;
  } finally {
    clearTimeout(silence);
  }
}
