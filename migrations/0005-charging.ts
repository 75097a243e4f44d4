import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The charging path's tables. Everything of one root account lives under (shard, root_id); every key starts with shard;
 * nothing references charge or entry. Hot tables have no TypeORM entity.
 */
export class Charging1763700000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bucket (
        shard smallint not null,
        root_id bigint not null,
        id integer not null,
        tenant_id smallint not null,
        account_id bigint not null,
        product_id bigint,
        allowance_id bigint,
        kind text not null,
        asset text not null,
        value bigint not null default 0,
        reserved bigint not null default 0,
        granted bigint not null default 0,
        expired bigint not null default 0,
        credit_limit bigint default 0,
        overused boolean not null default false,
        version bigint not null default 0,
        state text not null default 'ACTIVE',
        priority smallint not null default 100,
        is_shared boolean not null default false,
        valid_from timestamptz not null,
        valid_until timestamptz,
        next_hold_expiry timestamptz,
        position bigint,
        setup_version bigint,
        next_bucket_id integer,
        open_period timestamptz,
        constraint bucket_pk primary key (shard, root_id, id),
        constraint bucket_shard_check check (root_id & 4095 = shard),
        constraint bucket_kind_check check (kind in ('MONEY', 'PROMOTION', 'CREDIT', 'UNIT')),
        constraint bucket_state_check check (state in ('ACTIVE', 'SUSPENDED', 'EXPIRED', 'CLOSED')),
        constraint bucket_limit_check check (value - reserved >= -credit_limit or overused),
        constraint bucket_root_check check ((id = 0) = (position is not null) and (id = 0) = (setup_version is not null))
      ) with (fillfactor = 60)`);
    await runner.query(`comment on column bucket.credit_limit is 'How far value - reserved may go below zero; null = UNLIMITED.'`);
    await runner.query(`
      create table counter (
        shard smallint not null,
        root_id bigint not null,
        owner_id bigint not null,
        key text not null,
        period_start timestamptz not null,
        tenant_id smallint not null,
        amount bigint not null default 0,
        quantity bigint not null default 0,
        events bigint not null default 0,
        constraint counter_pk primary key (shard, root_id, owner_id, key, period_start)
      ) with (fillfactor = 60)`);
    await runner.query(`
      create table charge (
        shard smallint not null,
        root_id bigint not null,
        position bigint not null,
        tenant_id smallint not null,
        source text not null,
        event_id text not null,
        role text not null,
        party bigint not null,
        body_hash bytea not null,
        status text not null,
        reason text,
        account_id bigint not null,
        product_id bigint,
        session_id bigint,
        kind text not null,
        identifier text,
        other_party text,
        event_at timestamptz not null,
        booked_at timestamptz not null,
        bill_period timestamptz not null,
        unit text not null,
        quantity bigint not null,
        net bigint not null,
        tax bigint not null,
        asset text not null,
        price_version_id bigint,
        shares json,
        reverses bigint,
        explanation json,
        constraint charge_pk primary key (shard, root_id, position),
        constraint charge_event_key unique (shard, tenant_id, source, event_id, role, party),
        constraint charge_status_check check (status in ('CHARGED', 'REFUSED')),
        constraint charge_role_check check (role in ('RETAIL', 'SPONSOR', 'WHOLESALE', 'INTERCONNECT')),
        constraint charge_refused_check check (status = 'CHARGED' or (net = 0 and tax = 0 and reason is not null))
      )`);
    await runner.query(`
      create table entry (
        shard smallint not null,
        root_id bigint not null,
        bucket_id integer not null,
        version bigint not null,
        position bigint not null,
        tenant_id smallint not null,
        kind text not null,
        amount bigint not null,
        balance_after bigint not null,
        asset text not null,
        account text not null,
        contra text not null,
        tax bigint not null default 0,
        tax_code text,
        booked_at timestamptz not null,
        constraint entry_pk primary key (shard, root_id, bucket_id, version)
      )`);
    await runner.query(`
      create table request (
        shard smallint not null,
        tenant_id smallint not null,
        operation text not null,
        caller text not null,
        key text not null,
        root_id bigint not null,
        position bigint not null,
        body_hash bytea not null,
        answer json not null,
        at timestamptz not null,
        constraint request_pk primary key (shard, tenant_id, operation, caller, key),
        constraint request_key_check check (key <> '')
      )`);
    await runner.query(`create index request_root_idx on request (shard, root_id, position)`);
    await runner.query(`
      create table unguided_usage (
        shard smallint not null,
        tenant_id smallint not null,
        source text not null,
        event_id text not null,
        body_hash bytea not null,
        body json not null,
        reason text not null,
        message text not null,
        state text not null default 'OPEN',
        attempts integer not null default 1,
        received_at timestamptz not null,
        closed_at timestamptz,
        constraint unguided_usage_pk primary key (shard, tenant_id, source, event_id, body_hash),
        constraint unguided_usage_state_check check (state in ('OPEN', 'CLOSED', 'FREE')),
        constraint unguided_usage_closed_check check ((state = 'OPEN') = (closed_at is null))
      )`);
    await runner.query(`
      create index unguided_usage_open_idx on unguided_usage (tenant_id, received_at, source, event_id) where state = 'OPEN'`);
    // Every side of every move: the bucket's, the contra account's, and the tax that was part of the amount.
    await runner.query(`
      create view posting as
        select shard, root_id, bucket_id, version, position, tenant_id, asset, booked_at, kind,
               account, amount from entry
        union all
        select shard, root_id, bucket_id, version, position, tenant_id, asset, booked_at, kind,
               contra, -(amount + tax) from entry
        union all
        select shard, root_id, bucket_id, version, position, tenant_id, asset, booked_at, kind,
               'tax_payable:' || tax_code, tax from entry where tax <> 0`);
    await runner.query(`
      create table voucher (
        tenant_id smallint not null constraint voucher_tenant_fk references tenant (id),
        code_hash bytea not null,
        batch text not null,
        amount bigint not null,
        currency text not null,
        valid_until timestamptz not null,
        state text not null default 'ISSUED',
        used_at timestamptz,
        used_root_id bigint,
        used_position bigint,
        constraint voucher_pk primary key (tenant_id, code_hash),
        constraint voucher_amount_check check (amount > 0),
        constraint voucher_state_check check (state in ('ISSUED', 'USED', 'CANCELLED') and (state = 'USED') = (used_at is not null))
      )`);
    await runner.query(`create index voucher_batch_idx on voucher (tenant_id, batch)`);
    await runner.query(`
      create table payment (
        tenant_id smallint not null constraint payment_tenant_fk references tenant (id),
        channel text not null,
        external_id text not null,
        account_id bigint not null,
        amount bigint not null,
        currency text not null,
        state text not null default 'CONFIRMED',
        confirmed_at timestamptz not null,
        used_at timestamptz,
        used_position bigint,
        constraint payment_pk primary key (tenant_id, channel, external_id),
        constraint payment_amount_check check (amount > 0),
        constraint payment_state_check check (state in ('CONFIRMED', 'USED') and (state = 'USED') = (used_at is not null))
      )`);
    await runner.query(`
      create table usage_import (
        id bigint generated by default as identity constraint usage_import_pk primary key,
        tenant_id smallint not null constraint usage_import_tenant_fk references tenant (id),
        source text not null,
        file_name text not null,
        file_hash bytea not null,
        mapping_hash bytea not null,
        is_historical boolean not null,
        started_by text not null,
        started_at timestamptz not null,
        finished_at timestamptz,
        rows_done bigint not null default 0,
        counts json not null default '{}',
        constraint usage_import_file_key unique (tenant_id, source, file_hash, mapping_hash)
      )`);
    await runner.query(`grant select, insert, update on bucket, counter, unguided_usage, voucher, payment, usage_import
      to tributary_app`);
    await runner.query(`grant select, insert on charge, entry, request to tributary_app`);
    await runner.query(`grant select on posting to tributary_app`);
    await runner.query(`grant usage on all sequences in schema public to tributary_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop view posting`);
    await runner.query(`drop table usage_import, payment, voucher, unguided_usage, request, entry, charge, counter, bucket`);
  }
}
