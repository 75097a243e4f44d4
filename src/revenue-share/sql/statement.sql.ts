const COLUMNS = `statement.id, statement.partner_id, statement.number, statement.period_from::text, statement.period_until::text, statement.state,
  statement.revision, statement.version, statement.currency, statement.share, statement.rounding, statement.carried_in, statement.carried_forward,
  statement.payable, statement.calculated_at, statement.published_at, statement.answered_at, statement.dispute_reason, statement.settled_at,
  statement.settlement_reference`;

/** Statements by id. $1 ids · from $2 the filter's. */
export const statementsByIdSql = (visible: string): string =>
  `select ${COLUMNS} from share_statement statement where statement.id = any($1::bigint[]) and ${visible}`;

/** A page of statements for each partner, the newest first. $1 partners · $2 the day and $3 the id before which it begins · $4 page size · from $5 the filter's. */
export const statementPagesSql = (visible: string): string => `
  select page.* from unnest($1::bigint[]) owner (key)
   cross join lateral (
     select ${COLUMNS} from share_statement statement
      where statement.partner_id = owner.key and (statement.period_from, statement.id) < ($2::date, $3::bigint) and ${visible}
      order by statement.period_from desc, statement.id desc limit $4::integer + 1) page
   order by page.partner_id, page.period_from desc, page.id desc`;

/** A page of lines for each statement that the caller was shown. $1 statements · $2 the line after which it begins · $3 page size. */
export const LINE_PAGES = `
  select page.* from unnest($1::bigint[]) owner (key)
   cross join lateral (
     select line.statement_id, line.line, line.kind, coalesce(part.model, 'RESIDUAL') as model, trim_scale(part.percent)::text as percent,
            item.basis as basis_kind, line.basis, line.events, line.share, line.exact, statement.currency, line.offering_id::text, line.adjusts_id
       from share_statement_line line join share_statement statement on statement.id = line.statement_id
       join agreement_item item on item.agreement_version_id = line.agreement_version_id and item.item = line.item
       left join agreement_part part on part.agreement_version_id = line.agreement_version_id and part.item = line.item and part.partner_id = statement.partner_id
      where line.statement_id = owner.key and line.line > $2 order by line.line limit $3::integer + 1) page
   order by page.statement_id, page.line`;

/** The days of statements that the caller was shown. $1 statements. */
export const STATEMENT_DAYS = `
  select statement.id as statement_id, total.day::text as date, sum(total.events)::text as events, sum(total.share)::text as share, statement.currency
    from share_statement statement
    join share_total total on total.party_id = statement.partner_id and total.asset = statement.currency || '/6'
     and total.day >= statement.period_from and total.day < statement.period_until
   where statement.id = any($1::bigint[]) group by statement.id, total.day, statement.currency order by statement.id, total.day`;

/**
 * The shares of lines that the caller was shown, in the order of shard, root and position: the totals say how many a shard
 * has, so a page begins where it begins without walking what lies before it. Whose charge it is comes with no column.
 * $1 statements and $2 lines · $3 shares to pass over · $4 page size.
 */
export const SHARE_PAGES = `
  select asked.statement_id, asked.line, page.* from unnest($1::bigint[], $2::integer[]) asked (statement_id, line)
   cross join lateral (
     select line.agreement_version_id, line.item, line.offering_id, line.kind, statement.tenant_id, statement.partner_id, statement.period_from,
            statement.period_until, statement.currency, earlier.period_from as origin_from, earlier.period_until as origin_until, tenant.time_zone,
            item.basis, line.agreement_version_id || ':' || line.item as place, line.item || ':' || line.offering_id || ':' || line.kind as key
       from share_statement_line line join share_statement statement on statement.id = line.statement_id join tenant on tenant.id = statement.tenant_id
       join agreement_item item on item.agreement_version_id = line.agreement_version_id and item.item = line.item
       left join share_statement earlier on earlier.id = line.adjusts_id
      where line.statement_id = asked.statement_id and line.line = asked.line) line
   cross join lateral (
     select counted.shard, counted.before from (
       select total.shard, sum(total.events) as events, sum(sum(total.events)) over (order by total.shard) - sum(total.events) as before
         from share_total total
        where total.party_id = line.partner_id and total.day >= line.period_from and total.day < line.period_until
          and total.agreement_version_id = line.agreement_version_id
          and case when line.origin_from is null then total.key = line.key
                   else total.key like line.key || ':%' and split_part(total.key, ':', 4)::date >= line.origin_from
                        and split_part(total.key, ':', 4)::date < line.origin_until end
        group by total.shard) counted
      where counted.before + counted.events > $3::bigint order by counted.shard limit $4::integer + 1) place
   cross join lateral (
     select (place.before + row_number() over (order by charge.root_id, charge.position))::text as number, charge.kind, charge.quantity, charge.unit,
            charge.event_at, charge.booked_at, charge.reverses is not null as is_refund, line.basis as basis_kind,
            case line.basis when 'NET' then charge.net else charge.net + charge.tax end as basis, line.currency,
            (select part ->> 1 from json_array_elements(charge.shares -> 's') part where part ->> 0 = line.partner_id::text) as share
       from charge
       left join charge original on original.shard = charge.shard and original.root_id = charge.root_id and original.position = charge.reverses
       join product on product.shard = charge.shard and product.id = charge.product_id
       join product_offering_version version on version.id = product.offering_version_id
      where charge.shard = place.shard and charge.tenant_id = line.tenant_id and charge.shares is not null and charge.kind = line.kind
        and charge.shares ->> 'v' = line.agreement_version_id::text and charge.shares ->> 'i' = line.item::text and version.offering_id = line.offering_id
        and (charge.booked_at at time zone line.time_zone)::date >= line.period_from and (charge.booked_at at time zone line.time_zone)::date < line.period_until
        and case when line.origin_from is not null then (original.booked_at at time zone line.time_zone)::date >= line.origin_from
                      and (original.booked_at at time zone line.time_zone)::date < line.origin_until
                 else original.position is null or (original.booked_at at time zone line.time_zone)::date >= line.period_from end) page
   where page.number::bigint > $3::bigint and page.number::bigint <= $3::bigint + $4::integer + 1
   order by asked.statement_id, asked.line, page.number::bigint`;

/** What partners are owed of a month so far, by offering. $1 partners · $2 first day · $3 first day after it. */
export const RUNNING_TOTALS = `
  select account.partner_id, account.currency, split_part(total.key, ':', 2) as offering_id, sum(total.share)::text as share
    from settlement_account account
    left join share_total total on total.party_id = account.partner_id and total.asset = account.currency || '/6'
     and total.day >= $2::date and total.day < $3::date
   where account.partner_id = any($1::bigint[]) group by account.partner_id, account.currency, split_part(total.key, ':', 2)
   order by account.partner_id, account.currency, 3`;
