import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was charged online, by the network's charging id, so that a record (CDR) of it that comes later is compared and not
 * charged again. All of it is written under the lock of its root. New tables alone: older nodes do not see them.
 */
export class ChargingId1764300000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table online_usage (
        shard smallint not null,
        root_id bigint not null,
        charging_id text not null,
        position bigint not null,
        owner_id bigint not null,
        tenant_id smallint not null,
        unit text not null,
        quantity bigint not null,
        constraint online_usage_pk primary key (shard, root_id, charging_id, position)
      )`);
    await runner.query(`comment on column online_usage.owner_id is 'Whose usage it is: the product that the identifier belongs to, or else the account.'`);
    await runner.query(`
      create table usage_record (
        shard smallint not null,
        tenant_id smallint not null,
        source text not null,
        event_id text not null,
        body_hash bytea not null,
        root_id bigint not null,
        charging_id text not null,
        owner_id bigint not null,
        unit text not null,
        quantity bigint not null,
        event_at timestamptz not null,
        position bigint,
        booked_at timestamptz not null,
        constraint usage_record_pk primary key (shard, tenant_id, source, event_id)
      )`);
    await runner.query(`comment on column usage_record.position is 'Place of its charge, where nothing was charged online under its charging id; null = it was compared.'`);
    // Sums of many usages, so beyond 64 bits if need be: comparing must never be what keeps a usage from being charged.
    await runner.query(`
      create table usage_comparison (
        shard smallint not null,
        root_id bigint not null,
        charging_id text not null,
        owner_id bigint not null,
        unit text not null,
        source text not null,
        tenant_id smallint not null,
        started_at timestamptz not null,
        online_quantity numeric not null,
        online_usages integer not null,
        record_quantity numeric not null,
        records integer not null,
        charged_quantity numeric not null,
        charged_records integer not null,
        constraint usage_comparison_pk primary key (shard, root_id, charging_id, owner_id, unit, source)
      )`);
    await runner.query(`comment on column usage_comparison.started_at is 'Start of the usage of the first record that came.'`);
    await runner.query(`comment on column usage_comparison.charged_quantity is 'What of the records was charged, because nothing was charged online when they came.'`);
    await runner.query(`create index usage_comparison_list_idx on usage_comparison (tenant_id, started_at, shard, root_id, charging_id, owner_id, unit, source)`);
    await runner.query(`create index usage_comparison_difference_idx on usage_comparison (tenant_id, started_at, shard, root_id, charging_id, owner_id, unit, source)
      where online_quantity + charged_quantity <> record_quantity`);
    await runner.query(`
      create table usage_record_source (
        tenant_id smallint not null constraint usage_record_source_tenant_fk references tenant (id),
        code text not null,
        constraint usage_record_source_pk primary key (tenant_id, code)
      )`);
    await runner.query(`grant select, insert on online_usage, usage_record, usage_record_source to tributary_app`);
    await runner.query(`grant select, insert, update on usage_comparison to tributary_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table usage_record_source, usage_comparison, usage_record, online_usage`);
  }
}
