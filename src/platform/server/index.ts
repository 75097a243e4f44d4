/** The HTTP and websocket server: one port, one pipeline for both transports, health, metrics and the GraphiQL pages. */
export { databaseProbe, migrationsProbe } from './health';
export type { Probe } from './health';
export { COST_LIMITS } from './pipeline/cost-budget';
export type { Cost, CostLimits } from './pipeline/cost-budget';
export * from './server.types';
export type { FileRoute } from './file-route';
export { startServer } from './start-server';
