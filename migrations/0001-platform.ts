import { MigrationInterface, QueryRunner } from 'typeorm';

/** The floor: the role the product works as, tenants with their clock, the audit chain, revoked tokens. */
export class Platform1763700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'tributary_app') then
          create role tributary_app nologin;
        end if;
      exception when duplicate_object or unique_violation then null;
      end $$`);
    // An owner that is a member already may have no right to grant it.
    await runner.query(`
      do $$ begin
        if not pg_has_role(current_user, 'tributary_app', case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end) then
          grant tributary_app to current_user;
        end if;
      end $$`);
    await runner.query(`create extension if not exists btree_gist`);
    await runner.query(`
      create table tenant (
        id smallint not null constraint tenant_pk primary key,
        code text not null constraint tenant_code_key unique,
        name text not null,
        currency text not null,
        time_zone text not null,
        is_sandbox boolean not null default false,
        clock_offset_ms bigint not null default 0,
        catalog_version bigint not null default 1,
        settings json not null,
        created_at timestamptz not null default clock_timestamp(),
        constraint tenant_clock_check check (is_sandbox or clock_offset_ms = 0)
      )`);
    await runner.query(`
      create table usage_source (
        tenant_id smallint not null constraint usage_source_tenant_fk references tenant (id),
        code text not null,
        late_limit_days integer not null,
        is_historical boolean not null default false,
        constraint usage_source_pk primary key (tenant_id, code),
        constraint usage_source_late_check check (late_limit_days > 0)
      )`);
    await runner.query(`
      create table audit_head (
        tenant_id smallint not null constraint audit_head_pk primary key,
        sequence bigint not null,
        hash bytea not null
      )`);
    await runner.query(`
      create table audit_log (
        tenant_id smallint not null,
        sequence bigint not null,
        at timestamptz not null,
        actor text not null,
        role text not null,
        operation text not null,
        object_type text not null,
        object_id text not null,
        before json,
        after json,
        reason text,
        request_id text not null,
        result text not null,
        previous_hash bytea not null,
        hash bytea not null,
        constraint audit_log_pk primary key (tenant_id, sequence),
        constraint audit_log_result_check check (result in ('DONE', 'REFUSED'))
      )`);
    await runner.query(`create index audit_log_object_idx on audit_log (tenant_id, object_type, object_id, sequence)`);
    await runner.query(`create index audit_log_actor_idx on audit_log (tenant_id, actor, sequence)`);
    await runner.query(`
      create table revoked_token (
        tenant_id smallint not null,
        kind text not null,
        value text not null,
        revoked_at timestamptz not null default clock_timestamp(),
        until timestamptz not null,
        reason text not null,
        constraint revoked_token_pk primary key (tenant_id, kind, value),
        constraint revoked_token_kind_check check (kind in ('TOKEN', 'SUBJECT'))
      )`);
    await runner.query(`
      create table ledger_account (
        tenant_id smallint not null constraint ledger_account_tenant_fk references tenant (id),
        code text not null,
        kind text not null,
        name text not null,
        constraint ledger_account_pk primary key (tenant_id, code),
        constraint ledger_account_kind_check check (kind in ('ASSET', 'LIABILITY', 'REVENUE', 'EXPENSE', 'CLEARING'))
      )`);
    // The chart is the same for every tenant; revenue accounts are added by name when a catalog needs one.
    await runner.query(`
      create function open_chart_of_accounts() returns trigger language plpgsql as $$
      begin
        insert into ledger_account (tenant_id, code, kind, name)
        select new.id, code, kind, name
          from (values
            ('cash', 'ASSET', 'Money received from outside'),
            ('prepaid_liability', 'LIABILITY', 'Prepaid money owed to customers as service'),
            ('promotion_liability', 'LIABILITY', 'Promotional money that customers may still spend'),
            ('promotion_expense', 'EXPENSE', 'Promotional money given'),
            ('unbilled_receivable', 'ASSET', 'Charged to postpaid accounts and not yet billed'),
            ('billed_receivable', 'ASSET', 'Billed and not yet paid'),
            ('deferred_revenue', 'LIABILITY', 'Fees paid in advance, earned by the day of their period'),
            ('revenue', 'REVENUE', 'Revenue without an account of its own'),
            ('tax_payable', 'LIABILITY', 'Tax owed, by tax code'),
            ('breakage', 'REVENUE', 'Expired prepaid money'),
            ('rounding', 'EXPENSE', 'Differences of rounding to minor units'),
            ('partner_payable', 'LIABILITY', 'Shares owed to partners'),
            ('write_off', 'EXPENSE', 'Uncollectable debt'),
            ('goodwill', 'EXPENSE', 'Credits given by agents'),
            ('migration', 'CLEARING', 'Opening balances brought from another system'),
            ('suspense', 'CLEARING', 'Money whose place is not yet known'),
            ('transfer', 'CLEARING', 'Between two buckets; zero after every transaction'),
            ('allowance', 'LIABILITY', 'Units that customers may still use'),
            ('allowance_grant', 'CLEARING', 'Units granted'),
            ('consumption', 'CLEARING', 'Units used by customers'),
            ('expired_units', 'CLEARING', 'Units that lapsed unused')
          ) chart (code, kind, name);
        insert into audit_head (tenant_id, sequence, hash) values (new.id, 0, decode(repeat('00', 32), 'hex')) on conflict do nothing;
        return new;
      end $$`);
    await runner.query(`
      create trigger tenant_chart after insert on tenant for each row execute function open_chart_of_accounts()`);
    await runner.query(`grant select, insert on tenant, usage_source, ledger_account to tributary_app`);
    await runner.query(`grant update (clock_offset_ms, catalog_version, settings, name) on tenant to tributary_app`);
    await runner.query(`grant update (late_limit_days) on usage_source to tributary_app`);
    await runner.query(`grant select, insert on audit_log to tributary_app`);
    await runner.query(`grant select, insert, update on audit_head to tributary_app`);
    await runner.query(`grant select, insert, update on revoked_token to tributary_app`);
    await runner.query(`grant select on migration to tributary_app`);
  }

  async down(): Promise<void> {
    throw new Error('The first migration is not taken back: drop the database instead.');
  }
}
