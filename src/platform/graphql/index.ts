/**
 * What every room's GraphQL stands on: scalars, money and quantities, node ids, connections and cursors, request errors,
 * and the rules that a schema must keep.
 */
export * from './auth-checker';
export * from './build-schema';
export * from './connection';
export * from './cursor';
export * from './money-move';
export * from './money.type';
export * from './node-id';
export * from './node.resolver';
export * from './node.type';
export { wholePart } from './opaque';
export * from './page-args';
export * from './quantity.type';
export * from './request-error';
export * from './scalars';
export * from './schema-rules';
