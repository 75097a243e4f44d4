import { Logger, runMigrations } from 'graphile-worker';
import { MigrationInterface, QueryRunner } from 'typeorm';

const RUNNER_TABLES = ['_private_jobs', '_private_job_queues', '_private_tasks', '_private_known_crontabs'];

/**
 * Products that can change their offering and remember their life; product orders; the queue that runs the orders' steps,
 * in a schema of its own that graphile-worker makes. All lives with the root, but what must be unique over all accounts:
 * an order's external id lies by that id.
 */
export class Ordering1764300000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.products(runner);
    await this.orders(runner);
    await this.queue(runner);
  }

  private async products(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table product
        add next_offering_version_id bigint constraint product_next_version_fk references product_offering_version (id),
        add former_versions json not null default '[]'`);
    await runner.query(`
      create table product_history (
        shard smallint not null,
        root_id bigint not null,
        product_id bigint not null,
        version integer not null,
        tenant_id smallint not null,
        from_state text,
        state text not null,
        offering_version_id bigint not null,
        at timestamptz not null,
        constraint product_history_pk primary key (shard, product_id, version),
        constraint product_history_product_fk foreign key (shard, product_id) references product (shard, id)
      )`);
    await runner.query(`comment on table product_history is 'Each step of a product: its state and offering from an instant on.'`);
    await runner.query(`create index product_history_root_idx on product_history (shard, root_id)`);
    // Of products that are there already only the state that they are in is known.
    await runner.query(`
      insert into product_history (shard, root_id, product_id, version, tenant_id, state, offering_version_id, at)
      select shard, root_id, id, version, tenant_id, state, offering_version_id,
             case when state in ('TERMINATED', 'CANCELLED', 'ABORTED') then coalesce(ended_at, started_at) else started_at end
        from product`);
    // The fees of a product's running period are found when it changes; usage charges are not in it.
    await runner.query(`create index charge_fee_idx on charge (shard, root_id, product_id, event_at) where kind = 'RECURRING_FEE'`);
    await runner.query(`grant select, insert on product_history to tributary_app`);
  }

  private async orders(runner: QueryRunner): Promise<void> {
    await runner.query(`create sequence product_order_number`);
    await runner.query(`
      create table product_order (
        shard smallint not null,
        root_id bigint not null,
        id bigint not null,
        tenant_id smallint not null constraint product_order_tenant_fk references tenant (id),
        account_id bigint not null,
        channel text not null,
        external_id text not null,
        state text not null,
        version integer not null default 1,
        requested_start timestamptz,
        restarts bigint,
        note text,
        created_at timestamptz not null,
        completed_at timestamptz,
        wakes_at timestamptz,
        constraint product_order_pk primary key (shard, id),
        constraint product_order_shard_check check (id & 4095 = shard and root_id & 4095 = shard),
        constraint product_order_state_check check (state in ('ACKNOWLEDGED', 'PENDING', 'HELD', 'IN_PROGRESS', 'ASSESSING_CANCELLATION',
          'PENDING_CANCELLATION', 'CANCELLED', 'COMPLETED', 'FAILED', 'PARTIAL')),
        constraint product_order_account_fk foreign key (shard, account_id) references billing_account (shard, id)
      )`);
    await runner.query(`create index product_order_account_idx on product_order (shard, root_id, account_id, id)`);
    await runner.query(`create index product_order_wake_idx on product_order (wakes_at) where wakes_at is not null`);
    await runner.query(`create index product_order_start_idx on product_order (requested_start) where state = 'ACKNOWLEDGED' and requested_start is not null`);
    await runner.query(`comment on column product_order.wakes_at is 'Real time from which somebody must look at the order again; null = nothing is due.'`);
    await runner.query(`
      create table product_order_key (
        tenant_id smallint not null,
        channel text not null,
        external_id text not null,
        body_hash bytea not null,
        order_id bigint not null,
        constraint product_order_key_pk primary key (tenant_id, channel, external_id)
      )`);
    await runner.query(`
      create table product_order_item (
        shard smallint not null,
        root_id bigint not null,
        order_id bigint not null,
        key text not null,
        tenant_id smallint not null,
        ordinal smallint not null,
        action text not null,
        offering_version_id bigint,
        product_id bigint not null,
        product_version integer,
        takes_effect text not null,
        attached_to_key text,
        attached_to bigint,
        relies_on text[] not null,
        identifiers json not null,
        state text not null,
        phase text not null,
        resumes text,
        error_code text,
        note text,
        attempts smallint not null default 0,
        asked_at timestamptz,
        constraint product_order_item_pk primary key (shard, order_id, key),
        constraint product_order_item_order_fk foreign key (shard, order_id) references product_order (shard, id),
        constraint product_order_item_action_check check (action in ('ADD', 'MODIFY', 'DELETE')),
        constraint product_order_item_effect_check check (takes_effect in ('NOW', 'PERIOD_END')),
        constraint product_order_item_offering_check check ((action = 'DELETE') = (offering_version_id is null)),
        constraint product_order_item_state_check check (state in ('ACKNOWLEDGED', 'PENDING', 'HELD', 'IN_PROGRESS',
          'ASSESSING_CANCELLATION', 'PENDING_CANCELLATION', 'CANCELLED', 'COMPLETED', 'FAILED')),
        constraint product_order_item_phase_check check (phase in ('NEW', 'ASK', 'WAIT', 'APPLY', 'GIVE_UP', 'ASSESS', 'ASSESS_WAIT', 'ALLOWED', 'UNDO', 'UNDO_WAIT', 'CLEAR', 'DONE'))
      )`);
    await runner.query(`create index product_order_item_product_idx on product_order_item (shard, product_id)`);
    await runner.query(`
      create table product_order_history (
        shard smallint not null,
        order_id bigint not null,
        version integer not null,
        tenant_id smallint not null,
        from_state text,
        state text not null,
        at timestamptz not null,
        constraint product_order_history_pk primary key (shard, order_id, version),
        constraint product_order_history_order_fk foreign key (shard, order_id) references product_order (shard, id)
      )`);
    await runner.query(`grant select, insert, update on product_order, product_order_item to tributary_app`);
    await runner.query(`grant select, insert on product_order_key, product_order_history to tributary_app`);
    await runner.query(`grant usage on sequence product_order_number to tributary_app`);
  }

  /** The library's own migrations run on a connection of their own and may be repeated; its tables let nobody in but by a policy. */
  private async queue(runner: QueryRunner): Promise<void> {
    const { url } = runner.connection.options as { readonly url: string };
    await runMigrations({ connectionString: url, schema: 'graphile_worker', logger: new Logger(() => () => undefined) });
    await runner.query(`grant usage on schema graphile_worker to tributary_app`);
    await runner.query(`grant select, insert, update, delete on all tables in schema graphile_worker to tributary_app`);
    await runner.query(`revoke insert, update, delete on graphile_worker.migrations from tributary_app`);
    await runner.query(`grant usage on all sequences in schema graphile_worker to tributary_app`);
    await runner.query(`grant execute on all functions in schema graphile_worker to tributary_app`);
    for (const table of RUNNER_TABLES) {
      await runner.query(`create policy tributary_app on graphile_worker.${table} to tributary_app using (true) with check (true)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema graphile_worker cascade`);
    await runner.query(`drop table product_order_history, product_order_item, product_order_key, product_order`);
    await runner.query(`drop sequence product_order_number`);
    await runner.query(`drop index charge_fee_idx`);
    await runner.query(`drop table product_history`);
    await runner.query(`alter table product drop next_offering_version_id, drop former_versions`);
  }
}
