/** What the product tells its operators: JSON logs and Prometheus metrics, both without personal data. */
export * from './logger';
export * from './metrics';
export * from './operation-trace';
