import type { Caller } from '../auth/caller';
import type { Logger } from './logger';
import { operationSeconds } from './metrics';

/** What is noted about one operation while it runs; the log line and the metrics are made of it and of nothing else. */
export interface OperationTrace {
  readonly transport: 'http' | 'ws';
  readonly requestId: string;
  readonly caller: Caller;
  /** Of `performance.now()`. */
  readonly startedAt: number;
  type: 'query' | 'mutation' | 'subscription' | 'unknown';
  /** The operation's name in the document. */
  name: string | null;
  /** OK, or the code of the first error. */
  outcome: string;
}

export const startTrace = (transport: 'http' | 'ws', requestId: string, caller: Caller): OperationTrace => ({
  transport, requestId, caller, startedAt: performance.now(), type: 'unknown', name: null, outcome: 'OK',
});

const LONGEST_NAME = 64;

/** The caller chose the name: long numbers in it could be somebody's. */
const shownName = (name: string | null): string | null => name?.slice(0, LONGEST_NAME).replace(/\d{5,}/g, '…') ?? null;

/** Writes the operation's log line and counts it. */
export function finishTrace(trace: OperationTrace, log: Logger): void {
  const { transport, type, outcome, caller, requestId } = trace;
  const milliseconds = performance.now() - trace.startedAt;
  operationSeconds.observe({ transport, type, role: caller.role, outcome }, milliseconds / 1000);
  if (!log.isLevelEnabled('info')) return;
  log.info({
    requestId, transport, type, operation: shownName(trace.name), role: caller.role, tenantId: caller.tenantId,
    durationMs: Math.round(milliseconds * 100) / 100, outcome,
  }, 'operation');
}
