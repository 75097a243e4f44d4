import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A credit note may take back fees that are not earned yet: one deferral a line of the note, at the note's place. Charging
 * neither reads nor writes this table, so that the new key keeps nobody waiting but bill runs.
 */
export class NoteDeferral1764300000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table deferral add column note_line integer not null default 0`);
    await runner.query(`comment on column deferral.note_line is 'Line of the bill that a credit note took it back of; 0 for a fee.'`);
    await runner.query(`alter table deferral drop constraint deferral_pk, add constraint deferral_pk primary key (shard, root_id, position, note_line)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from deferral where note_line > 0`);
    await runner.query(`alter table deferral drop constraint deferral_pk, add constraint deferral_pk primary key (shard, root_id, position)`);
    await runner.query(`alter table deferral drop column note_line`);
  }
}
