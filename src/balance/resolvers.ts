/** The room's face in the API, apart from its door: the charging path uses the room and must not carry the API with it. */
export { AccountBalanceResolver } from './account-balance.resolver';
export { BalanceMutations, TopUpResolver } from './balance.mutations';
export { BucketResolver, ProductBucketsResolver } from './bucket.resolver';
