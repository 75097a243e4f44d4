/** The one place that reads the environment; everything else is handed a checked, frozen Config. */
export { loadConfig } from './config';
export type { Config, JwtConfig, OrdersConfig } from './config';
export { configTable } from './config-table';
export { projectRoot } from './project-root';
export { StartupError } from './startup-error';
