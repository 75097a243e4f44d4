import { MigrationInterface, QueryRunner } from 'typeorm';

/** The end of the time for which a customer committed, as another system states it. A column that older nodes do not see. */
export class ContractEnd1764300000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table product add column contract_ends_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table product drop column contract_ends_at`);
  }
}
