/** The root account: its shard, its lock, its setup version. */
export * from './root';
