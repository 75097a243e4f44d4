import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What falls due by itself is found by its instant, so that the scheduler books expiries and ends soon after they happen.
 * Neither column moves when a bucket is charged, so its updates stay in place.
 */
export class Due1764300000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index bucket_expiry_idx on bucket (valid_until, shard, root_id)
      where valid_until is not null and state = 'ACTIVE'`);
    await runner.query(`create index product_end_idx on product (ended_at, shard, root_id)
      where ended_at is not null and state in ('ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index bucket_expiry_idx, product_end_idx`);
  }
}
