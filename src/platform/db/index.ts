/** Database access: checked connections, pools, the TypeORM data sources. */
export * from './client';
export * from './pool';
export * from './data-source';
export * from './statement';
export * from './routing';
export * from './print-schema';
