import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Bundles: what an offering version is made of, and the bundle that a product is a component of. Orders tell whether the
 * customer placed them. The columns are new and need no rewriting; a bundle's components are found among its root's products.
 */
export class Bundle1764300000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bundled_offering (
        tenant_id smallint not null constraint bundled_offering_tenant_fk references tenant (id),
        offering_version_id bigint not null constraint bundled_offering_version_fk references product_offering_version (id),
        ordinal smallint not null,
        offering_id bigint not null constraint bundled_offering_offering_fk references product_offering (id),
        lower_limit smallint not null,
        upper_limit smallint not null,
        default_count smallint not null,
        constraint bundled_offering_pk primary key (offering_version_id, ordinal),
        constraint bundled_offering_once_key unique (offering_version_id, offering_id),
        constraint bundled_offering_limits_check check (lower_limit >= 0 and upper_limit between 1 and 49 and lower_limit <= upper_limit),
        constraint bundled_offering_default_check check (default_count = 0 or default_count between lower_limit and upper_limit)
      )`);
    await runner.query(`create index bundled_offering_offering_idx on bundled_offering (offering_id)`);
    await runner.query(`grant select, insert on bundled_offering to tributary_app`);
    await runner.query(`alter table product add column bundled_in bigint`);
    await runner.query(`alter table product_order_item add column bundled_in bigint`);
    await runner.query(`alter table product_order add column self_service boolean not null default false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table product_order drop column self_service`);
    await runner.query(`alter table product_order_item drop column bundled_in`);
    await runner.query(`alter table product drop column bundled_in`);
    await runner.query(`drop table bundled_offering`);
  }
}
