import { MigrationInterface, QueryRunner } from 'typeorm';

/** Products as subscribed, the dated prices they pay, and what keeps them from being used. All live with their root. */
export class Product1763700000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table product (
        shard smallint not null,
        root_id bigint not null,
        id bigint not null,
        tenant_id smallint not null constraint product_tenant_fk references tenant (id),
        account_id bigint not null,
        offering_version_id bigint not null constraint product_offering_version_fk references product_offering_version (id),
        attached_to bigint,
        account_wide boolean not null,
        state text not null,
        started_at timestamptz not null,
        ended_at timestamptz,
        anchor_at timestamptz not null,
        period_start timestamptz,
        period_end timestamptz,
        next_renewal_at timestamptz,
        unpaid_since timestamptz,
        version integer not null default 1,
        created_at timestamptz not null default clock_timestamp(),
        constraint product_pk primary key (shard, id),
        constraint product_shard_check check (id & 4095 = shard and root_id & 4095 = shard),
        constraint product_state_check check (
          state in ('CREATED', 'PENDING_ACTIVE', 'ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE', 'TERMINATED', 'CANCELLED', 'ABORTED')),
        constraint product_account_fk foreign key (shard, account_id) references billing_account (shard, id)
      )`);
    await runner.query(`create index product_root_idx on product (shard, root_id)`);
    await runner.query(`create index product_renewal_idx on product (next_renewal_at, shard, root_id) where next_renewal_at is not null`);
    await runner.query(`
      create table price_assignment (
        shard smallint not null,
        root_id bigint not null,
        product_id bigint not null,
        tenant_id smallint not null,
        price_id bigint not null constraint price_assignment_price_fk references price (id),
        price_version_id bigint not null constraint price_assignment_version_fk references price_version (id),
        valid_from timestamptz not null,
        valid_until timestamptz,
        recorded_at timestamptz not null default clock_timestamp(),
        constraint price_assignment_pk primary key (shard, product_id, price_id, valid_from),
        constraint price_assignment_product_fk foreign key (shard, product_id) references product (shard, id),
        constraint price_assignment_overlap_excl exclude using gist (
          shard with =, product_id with =, price_id with =, tstzrange(valid_from, valid_until) with &&)
      )`);
    await runner.query(`create index price_assignment_root_idx on price_assignment (shard, root_id)`);
    await runner.query(`
      create table product_suspension (
        shard smallint not null,
        root_id bigint not null,
        product_id bigint not null,
        tenant_id smallint not null,
        reason text not null,
        level text not null,
        valid_from timestamptz not null,
        valid_until timestamptz,
        constraint product_suspension_pk primary key (shard, product_id, reason, valid_from),
        constraint product_suspension_product_fk foreign key (shard, product_id) references product (shard, id),
        constraint product_suspension_reason_check check (
          reason in ('CUSTOMER', 'NON_PAYMENT', 'FRAUD', 'LOST', 'RENEWAL_UNPAID', 'REGULATOR')),
        constraint product_suspension_level_check check (level in ('OUTGOING', 'DATA', 'ALL'))
      )`);
    await runner.query(`create index product_suspension_root_idx on product_suspension (shard, root_id)`);
    await runner.query(`grant select, insert, update on product, price_assignment, product_suspension to tributary_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table product_suspension, price_assignment, product`);
  }
}
