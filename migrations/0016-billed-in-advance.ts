import { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a recurring price is billed in advance. A column that older nodes do not see; what is sold already keeps its bill. */
export class BilledInAdvance1764300000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table price_version add column is_billed_in_advance boolean not null default false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table price_version drop column is_billed_in_advance`);
  }
}
