/**
 * Live push: which roots changed, told to whoever watches them, on every node. It carries signals only; what is shown is
 * always read from the tables, so a lost or doubled signal loses and doubles nothing. Each room declares its own
 * subscriptions on top of `PulledStream`.
 */
export { isConnectionFault } from './connection-fault';
export { createLive } from './create-live';
export type { LiveServices, LiveSetup, OpenLive } from './create-live';
export { LiveHub } from './live-hub';
export type { ChangedRoot, Watch } from './live-hub';
export { PulledStream } from './pulled-stream';
export { SharedReads } from './shared-reads';
export { noSuchObject, OwnerCheck } from './owner-check';
export { encodeRootCursor, positionAfter } from './root-cursor';
export { WakeSignal } from './wake-signal';
