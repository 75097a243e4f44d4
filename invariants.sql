-- What must always be true of the books, one function an invariant: it returns the violators among what changed since the
-- last clean check, so empty means good. Loaded into the session that asks (pg_temp), so the application needs no rights
-- of its own for it. Numbers are those of docs/reliability.md. `in_shard` null = every shard; `since` -infinity = everything.

create or replace function pg_temp.changed_roots(in_shard smallint, since timestamptz)
returns table (shard smallint, root_id bigint) language sql stable as $$
  select b.shard, b.root_id from bucket b
   where b.id = 0 and (in_shard is null or b.shard = in_shard)
     and (since = '-infinity'
          or exists (select from charge c where c.shard = b.shard and c.root_id = b.root_id
                        and c.booked_at >= since + (select t.clock_offset_ms * interval '1 millisecond' from tenant t where t.id = b.tenant_id))
          or exists (select from request r where r.shard = b.shard and r.root_id = b.root_id
                        and r.at >= since + (select t.clock_offset_ms * interval '1 millisecond' from tenant t where t.id = b.tenant_id)))
$$;

-- 1. A bucket is the sum of its entries.
create or replace function pg_temp.invariant_01(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('bucket %s/%s/%s', b.shard, b.root_id, b.id), format('value %s, entries sum to %s', b.value, coalesce(e.total, 0))
    from pg_temp.changed_roots(in_shard, since) r
    join bucket b on b.shard = r.shard and b.root_id = r.root_id
    left join lateral (select sum(e.amount) as total from entry e
                        where e.shard = b.shard and e.root_id = b.root_id and e.bucket_id = b.id) e on true
   where b.value <> coalesce(e.total, 0)
$$;

-- 2. Every account an entry names is of the chart; the trial balance is zero; the transfer account is zero at every instant.
create or replace function pg_temp.invariant_02(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('entry %s/%s/%s/%s', e.shard, e.root_id, e.bucket_id, e.version), format('account %s or %s is not of the chart', e.account, e.contra)
    from pg_temp.changed_roots(in_shard, since) r
    join entry e on e.shard = r.shard and e.root_id = r.root_id
   where not exists (select from ledger_account a where a.tenant_id = e.tenant_id and a.code = e.contra)
      or not exists (select from ledger_account a where a.tenant_id = e.tenant_id and a.code = e.account)
      or (e.tax <> 0) <> (e.tax_code is not null and e.tax <> 0)
      or (e.kind = 'MIGRATE') <> (e.contra = 'migration')
  union all
  select format('tenant %s %s', p.tenant_id, p.asset), format('trial balance %s', sum(p.amount))
    from posting p where in_shard is null group by p.tenant_id, p.asset having sum(p.amount) <> 0
  union all
  select format('journal %s/%s/%s', j.root_id, j.kind, j.reference), format('%s sides sum to %s, or an account is not of the chart', count(l.line_no), sum(l.amount))
    from journal j
    left join journal_line l on l.shard = j.shard and l.root_id = j.root_id and l.kind = j.kind and l.reference = j.reference
    left join ledger_account a on a.tenant_id = j.tenant_id and a.code = l.account
   where in_shard is null or j.shard = in_shard
   group by j.shard, j.root_id, j.kind, j.reference having count(l.line_no) < 2 or sum(l.amount) <> 0 or count(l.line_no) > count(a.code)
  union all
  -- A transfer's two rows share the business time of their one transaction.
  select format('tenant %s %s at %s', p.tenant_id, p.asset, p.booked_at), format('transfer account %s', sum(p.amount))
    from posting p where in_shard is null and p.account = 'transfer' group by p.tenant_id, p.asset, p.booked_at having sum(p.amount) <> 0
  union all
  select format('tenant %s', p.tenant_id), format('account %s of a share is not of the chart', p.account)
    from (select distinct posting.tenant_id, posting.account from posting where posting.kind in ('SHARE', 'SHARE_ROUNDING', 'SETTLEMENT')) p
   where in_shard is null and not exists (select from ledger_account a where a.tenant_id = p.tenant_id and a.code = p.account)
$$;

-- 3. A bucket's versions run 1..n without hole or repeat, balance_after chains, and the bucket stands at its last entry.
create or replace function pg_temp.invariant_03(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('entry %s/%s/%s/%s', e.shard, e.root_id, e.bucket_id, e.version), 'version or balance_after breaks the chain'
    from (select e.*, row_number() over w as expected, sum(e.amount) over w as running
            from pg_temp.changed_roots(in_shard, since) r
            join entry e on e.shard = r.shard and e.root_id = r.root_id
          window w as (partition by e.shard, e.root_id, e.bucket_id order by e.version)) e
   where e.version <> e.expected or e.balance_after <> e.running
  union all
  select format('bucket %s/%s/%s', b.shard, b.root_id, b.id), format('version %s, entries end at %s', b.version, coalesce(e.last, 0))
    from pg_temp.changed_roots(in_shard, since) r
    join bucket b on b.shard = r.shard and b.root_id = r.root_id
    left join lateral (select max(e.version) as last from entry e
                        where e.shard = b.shard and e.root_id = b.root_id and e.bucket_id = b.id) e on true
   where b.version <> coalesce(e.last, 0)
$$;

-- 4. Nothing is spent that is not there, but for what may be: usage, postpaid fees, reversals, a lowered limit; and that is marked.
create or replace function pg_temp.invariant_04(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('bucket %s/%s/%s', b.shard, b.root_id, b.id), format('value %s, reserved %s, limit %s, overused %s', b.value, b.reserved, b.credit_limit, b.overused)
    from pg_temp.changed_roots(in_shard, since) r
    join bucket b on b.shard = r.shard and b.root_id = r.root_id
   where b.overused <> coalesce(b.value - b.reserved < -b.credit_limit, false)
  union all
  -- The mark alone proves nothing: what took the bucket below its limit must be of a kind that may. The limit is the highest
  -- that the account is known to have had, because what was owed before it was lowered rightly stays.
  select format('entry %s/%s/%s/%s', e.shard, e.root_id, e.bucket_id, e.version),
         format('%s of %s takes the %s bucket to %s, limit %s', e.kind, e.amount, b.kind, e.balance_after, b.most)
    from (select b.shard, b.root_id, b.id, b.kind, b.account_id, b.asset, greatest(b.credit_limit, l.most) as most
            from pg_temp.changed_roots(in_shard, since) r
            join bucket b on b.shard = r.shard and b.root_id = r.root_id
            left join (select a.tenant_id, a.object_id, max(case when a.before ->> 'creditLimitKind' = 'UNLIMITED' then 'infinity'
                              else (a.before ->> 'creditLimit')::numeric * 1000000 end) as most
                         from audit_log a where a.operation = 'billingAccountUpdate' and a.result = 'DONE'
                        group by a.tenant_id, a.object_id) l
              on l.tenant_id = b.tenant_id and l.object_id = b.account_id::text and b.kind = 'CREDIT'
           where b.credit_limit is not null) b
    join entry e on e.shard = b.shard and e.root_id = b.root_id and e.bucket_id = b.id and e.amount < 0 and e.balance_after < -b.most
    left join charge c on c.shard = e.shard and c.root_id = e.root_id and c.position = e.position and c.status = 'CHARGED'
   where not coalesce(case
           -- Credit comes after money, so where there is credit, money is not overused; given money and units never are.
           when b.kind in ('UNIT', 'PROMOTION') then false
           when b.kind = 'MONEY' and exists (select from bucket o where o.shard = b.shard and o.root_id = b.root_id and o.kind = 'CREDIT'
                                                and o.account_id = b.account_id and o.asset = b.asset) then false
           -- What the other system says was owed.
           when e.kind = 'MIGRATE' then true
           when e.kind = 'CHARGE' then c.reverses is null and c.kind not in ('RECURRING_FEE', 'ONE_TIME_FEE')
           when e.kind = 'FEE' then c.kind = 'RECURRING_FEE' and b.kind = 'CREDIT'
           when e.kind = 'REFUND' then c.reverses is not null end, false)
$$;

-- 5. No reservation counts after its end, and none is open a minute past it.
create or replace function pg_temp.invariant_05(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('bucket %s/%s/%s', b.shard, b.root_id, b.id), format('reserved %s, next hold ends %s', b.reserved, b.next_hold_expiry)
    from bucket b join tenant t on t.id = b.tenant_id
   where (in_shard is null or b.shard = in_shard)
     and (b.reserved < 0 or (b.reserved > 0 and (b.next_hold_expiry is null
          or b.next_hold_expiry + interval '60 seconds' < clock_timestamp() + t.clock_offset_ms * interval '1 millisecond')))
$$;

-- 6. Units: 0 <= consumed <= granted; what lapsed is what is remembered as lapsed; an expired bucket is empty.
create or replace function pg_temp.invariant_06(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('bucket %s/%s/%s', b.shard, b.root_id, b.id),
         format('granted %s, consumed %s, lapsed %s, remembered %s, value %s', e.granted, e.consumed, e.lapsed, b.expired, b.value)
    from pg_temp.changed_roots(in_shard, since) r
    join bucket b on b.shard = r.shard and b.root_id = r.root_id and b.kind = 'UNIT'
   cross join lateral (
     select coalesce(sum(e.amount) filter (where e.kind in ('GRANT', 'ADJUST', 'MIGRATE')), 0) as granted,
            coalesce(-sum(e.amount) filter (where e.kind in ('CHARGE', 'REFUND')), 0) as consumed,
            coalesce(-sum(e.amount) filter (where e.kind in ('EXPIRE', 'REVIVE')), 0) as lapsed
       from entry e where e.shard = b.shard and e.root_id = b.root_id and e.bucket_id = b.id) e
   where e.consumed < 0 or e.consumed > e.granted or e.lapsed <> b.expired or b.value < 0 or (b.state = 'EXPIRED' and b.value <> 0)
$$;

-- 7. One effect a key, with its answer: a charge's entries sum to its amount, and every entry has its cause.
create or replace function pg_temp.invariant_07(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  -- Put together and summed once, not joined: entries have no index by position, so that a join of one root's charges
  -- with its entries may become quadratic.
  with place as (
    select p.shard, p.root_id, p.position, sum(p.due) as due, sum(p.paid) as paid, sum(p.entries) as entries, sum(p.causes) as causes
      from (select c.shard, c.root_id, c.position, c.net + c.tax as due, 0 as paid, 0 as entries, 1 as causes
              from pg_temp.changed_roots(in_shard, since) r join charge c on c.shard = r.shard and c.root_id = r.root_id
            union all
            select q.shard, q.root_id, q.position, 0, 0, 0, 1
              from pg_temp.changed_roots(in_shard, since) r join request q on q.shard = r.shard and q.root_id = r.root_id
            union all
            select e.shard, e.root_id, e.position, 0,
                   case when b.kind <> 'UNIT' and e.kind in ('CHARGE', 'FEE', 'REFUND') then -e.amount else 0 end, 1, 0
              from pg_temp.changed_roots(in_shard, since) r join entry e on e.shard = r.shard and e.root_id = r.root_id
              left join bucket b on b.shard = e.shard and b.root_id = e.root_id and b.id = e.bucket_id) p
     group by p.shard, p.root_id, p.position)
  select format('position %s/%s/%s', p.shard, p.root_id, p.position),
         case p.causes when 0 then format('%s entries with neither charge nor request', p.entries)
                       else format('charge of %s, entries %s', p.due, p.paid) end
    from place p where p.due <> p.paid or (p.entries > 0 and p.causes = 0)
  union all
  -- What was brought from another system is in the books once, as the move says.
  select format('request %s/%s', q.shard, q.position), format('%s brought, entries %s', q.answer #>> '{answer,booked}', coalesce(e.total, 0))
    from pg_temp.changed_roots(in_shard, since) r
    join request q on q.shard = r.shard and q.root_id = r.root_id and q.operation = 'MIGRATE'
    left join lateral (select sum(e.amount) as total from entry e
                        where e.shard = q.shard and e.root_id = q.root_id and e.position = q.position and e.kind = 'MIGRATE') e on true
   where (q.answer #>> '{answer,booked}')::numeric is distinct from coalesce(e.total, 0)
  union all
  select format('usage %s/%s', c.source, c.event_id), 'taken in under two roots'
    from charge c where in_shard is null and c.role = 'RETAIL' and c.source not in ('renewal', 'activation', 'refund', 'change')
   group by c.tenant_id, c.source, c.event_id having count(*) > 1
$$;

-- 10. Usage received = charged + refused + compared + put aside: what is put aside is not also taken in, what is closed was; comparisons are their sums.
create or replace function pg_temp.invariant_10(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('usage %s/%s', u.source, u.event_id), format('quarantine row is %s, charge %s', u.state, coalesce(c.status, r.status, 'missing'))
    from unguided_usage u
    left join charge c on c.tenant_id = u.tenant_id and c.source = u.source and c.event_id = u.event_id and c.role = 'RETAIL'
                      and c.body_hash = u.body_hash
    left join (select 'COMPARED' as status, tenant_id, source, event_id, body_hash from usage_record where position is null) r
           on r.tenant_id = u.tenant_id and r.source = u.source and r.event_id = u.event_id and r.body_hash = u.body_hash
   where in_shard is null and ((u.state = 'OPEN' and coalesce(c.status, r.status) is not null) or (u.state = 'CLOSED' and coalesce(c.status, r.status) is null))
  union all
  -- A record is compared or charged, never both.
  select format('record %s/%s', r.source, r.event_id), format('charge at %s, told as %s', coalesce(c.position::text, 'no place'), coalesce(r.position::text, 'compared'))
    from usage_record r
    left join charge c on c.shard = r.shard and c.tenant_id = r.tenant_id and c.source = r.source and c.event_id = r.event_id and c.role = 'RETAIL'
                      and c.party = 0 and c.status = 'CHARGED'
   where (in_shard is null or r.shard = in_shard) and c.position is distinct from r.position
  union all
  select format('online usage %s/%s of %s', o.root_id, o.position, o.charging_id), 'is no charge, or one of another quantity'
    from online_usage o
    left join charge c on c.shard = o.shard and c.root_id = o.root_id and c.position = o.position and c.status = 'CHARGED'
   where (in_shard is null or o.shard = in_shard) and (c.quantity, c.unit) is distinct from (o.quantity, o.unit)
  union all
  select format('comparison %s/%s of %s', coalesce(c.root_id, r.root_id), coalesce(c.charging_id, r.charging_id), coalesce(c.source, r.source)),
         format('holds %s online and %s recorded, %s charged; they are %s, %s and %s',
                c.online_quantity, c.record_quantity, c.charged_quantity, coalesce(o.quantity, 0), r.quantity, r.charged)
    from (select * from usage_comparison where in_shard is null or shard = in_shard) c
    full join (select shard, root_id, charging_id, owner_id, unit, source, count(*) as records, sum(quantity) as quantity, count(position) as charged_records,
                      coalesce(sum(quantity) filter (where position is not null), 0) as charged
                 from usage_record where in_shard is null or shard = in_shard group by shard, root_id, charging_id, owner_id, unit, source) r
      using (shard, root_id, charging_id, owner_id, unit, source)
    left join (select shard, root_id, charging_id, owner_id, unit, count(*) as usages, sum(quantity) as quantity
                 from online_usage where in_shard is null or shard = in_shard group by shard, root_id, charging_id, owner_id, unit) o
      using (shard, root_id, charging_id, owner_id, unit)
   where (c.online_quantity, c.online_usages::bigint, c.record_quantity, c.records::bigint, c.charged_quantity, c.charged_records::bigint)
         is distinct from (coalesce(o.quantity, 0), coalesce(o.usages, 0), r.quantity, r.records, r.charged, r.charged_records)
$$;

-- 11. Bills partition the charges: each is the sum of what its rule selects, and what the books hold as unbilled is on no issued bill.
create or replace function pg_temp.invariant_11(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  with covered as (
    select p.shard, p.account_id, p.sequence, count(c.position) as charges, coalesce(sum(c.tax), 0) as tax,
           -- What a cutover brought as unbilled has no charge here: it is a line of the first bill.
           coalesce(sum(c.net), 0) - coalesce((select sum(e.amount) from bucket k
             join entry e on e.shard = k.shard and e.root_id = k.root_id and e.bucket_id = k.id and e.kind = 'MIGRATE' and e.account = 'unbilled_receivable'
              and e.position > p.previous_position and e.position <= p.position
            where k.shard = p.shard and k.root_id = p.root_id and k.account_id = p.account_id and k.kind = 'CREDIT'), 0) as net
      from bill_period p
      left join (charge c join billing_account a on a.shard = c.shard and a.id = c.account_id)
        on c.shard = p.shard and c.root_id = p.root_id and a.payer_id = p.account_id and c.status = 'CHARGED' and c.role = 'RETAIL'
       and c.position <= p.position and c.bill_period < p.period_end and not (c.bill_period < p.previous_end and c.position <= p.previous_position)
     where in_shard is null or p.shard = in_shard
     group by p.shard, p.root_id, p.account_id, p.sequence, p.previous_position, p.position)
  select format('bill %s/%s', b.account_id, b.sequence), format('%s charges of %s and %s, its rule selects %s of %s and %s', b.charge_count, b.exact_net, b.exact_tax, c.charges, c.net, c.tax)
    from covered c join customer_bill b on b.shard = c.shard and b.account_id = c.account_id and b.sequence = c.sequence
   where b.charge_count <> c.charges or b.exact_net <> c.net or b.exact_tax <> c.tax
  union all
  select format('bill %s/%s', b.account_id, b.sequence), format('its lines are %s charges of %s and %s', l.charges, l.net, l.tax)
    from customer_bill b
   cross join lateral (select coalesce(sum(l.charge_count), 0) as charges, coalesce(sum(l.exact_net), 0) as net, coalesce(sum(l.exact_tax), 0) as tax
                         from customer_bill_line l where l.shard = b.shard and l.account_id = b.account_id and l.bill_sequence = b.sequence) l
   where (in_shard is null or b.shard = in_shard) and (l.charges <> b.charge_count or l.net <> b.exact_net or l.tax <> b.exact_tax)
  union all
  select format('period %s/%s', p.account_id, p.sequence), 'does not follow from the period before it'
    from (select p.*, lag(p.sequence) over w as before, lag(p.period_end) over w as before_end, lag(p.position) over w as before_position
            from bill_period p where in_shard is null or p.shard = in_shard
          window w as (partition by p.shard, p.account_id order by p.sequence)) p
   where p.sequence <> coalesce(p.before, 0) + 1 or p.previous_position <> coalesce(p.before_position, 0)
      or (p.before is not null and p.previous_end <> p.before_end)
  union all
  -- Of roots whose payers pay nothing but by credit, and whose issued bills are posted.
  select format('root %s', u.root_id), format('%s unbilled in the books, %s charged and on no issued bill', u.booked, u.open)
    from (select b.shard, b.root_id,
                 (select coalesce(sum(e.amount), 0) from entry e where e.shard = b.shard and e.root_id = b.root_id and e.account = 'unbilled_receivable')
                 + (select coalesce(sum(l.amount), 0) from journal_line l where l.shard = b.shard and l.root_id = b.root_id and l.account = 'unbilled_receivable') as booked,
                 (select -coalesce(sum(c.net + c.tax), 0) from charge c join billing_account a on a.shard = c.shard and a.id = c.account_id
                   where c.shard = b.shard and c.root_id = b.root_id and c.status = 'CHARGED'
                     and not exists (select from bill_period p join issued_document d on d.shard = p.shard and d.account_id = p.account_id and d.kind = 'BILL' and d.sequence = p.sequence
                                      where p.shard = c.shard and p.account_id = a.payer_id and c.position <= p.position and c.bill_period < p.period_end
                                        and not (c.bill_period < p.previous_end and c.position <= p.previous_position)))
                 + (select coalesce(sum(e.amount), 0) from entry e join bucket k on k.shard = e.shard and k.root_id = e.root_id and k.id = e.bucket_id
                     where e.shard = b.shard and e.root_id = b.root_id and e.kind = 'ADJUST' and k.kind = 'CREDIT'
                       and not exists (select from bill_period p join issued_document d on d.shard = p.shard and d.account_id = p.account_id and d.kind = 'BILL' and d.sequence = p.sequence
                                        where p.shard = e.shard and p.account_id = k.account_id and e.position <= p.position))
                 + (select coalesce(sum(e.amount), 0) from entry e join bucket k on k.shard = e.shard and k.root_id = e.root_id and k.id = e.bucket_id
                     where e.shard = b.shard and e.root_id = b.root_id and e.kind = 'MIGRATE'
                       and not exists (select from bill_period p join issued_document d on d.shard = p.shard and d.account_id = p.account_id and d.kind = 'BILL' and d.sequence = p.sequence
                                        where p.shard = e.shard and p.account_id = k.account_id and e.position <= p.position)
                       and e.account = 'unbilled_receivable') as open
            from bucket b
           where b.id = 0 and (in_shard is null or b.shard = in_shard)
             and not exists (select from bucket m where m.shard = b.shard and m.root_id = b.root_id and m.kind in ('MONEY', 'PROMOTION'))
             and not exists (select from customer_bill n join issued_document d on d.shard = n.shard and d.account_id = n.account_id and d.kind = n.kind and d.sequence = n.sequence
                              where n.shard = b.shard and n.root_id = b.root_id and not exists (
                                select from request r where r.shard = n.shard and r.tenant_id = n.tenant_id and r.operation = 'BILL_ROUNDING'
                                   and r.caller = 'billing' and r.key = n.account_id || ':' || n.sequence))) u
   where u.booked <> u.open
$$;

-- 12. The price used was valid at the event's time: assigned to the product then, or list-priced and launched then.
create or replace function pg_temp.invariant_12(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position), format('price version %s did not hold at %s', c.price_version_id, c.event_at)
    from pg_temp.changed_roots(in_shard, since) r
    join charge c on c.shard = r.shard and c.root_id = r.root_id
    join price_version v on v.id = c.price_version_id
   where c.reverses is null and v.price_type <> 'ONE_TIME'
     and not exists (select from price_assignment a
                      where a.shard = c.shard and a.product_id = c.product_id and a.price_version_id = c.price_version_id
                        and a.valid_from <= c.event_at and (a.valid_until is null or a.valid_until > c.event_at))
     and not exists (select from product_offering_version o
                      where v.list_priced and o.id = v.offering_version_id and o.valid_from <= c.event_at
                        and (o.valid_until is null or o.valid_until > c.event_at))
$$;

-- 13. A bill: net is the sum of its lines, tax is rounded once on each rate's lines, total is net and tax, in the account's currency.
create or replace function pg_temp.invariant_13(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  with unit as (
    -- Minor units of ISO 4217 in millionths; what is not listed has two digits.
    select b.shard, b.account_id, b.sequence, case
      when b.currency in ('BIF','CLP','DJF','GNF','ISK','JPY','KMF','KRW','PYG','RWF','UGX','UYI','VND','VUV','XAF','XOF','XPF') then 1000000
      when b.currency in ('BHD','IQD','JOD','KWD','LYD','OMR','TND') then 1000
      when b.currency in ('CLF','UYW') then 100 else 10000 end::numeric as unit
      from customer_bill b where in_shard is null or b.shard = in_shard)
  select format('bill %s/%s', b.account_id, b.sequence), format('net %s, lines %s; tax %s, items %s; total %s', b.net, l.net, b.tax, t.tax, b.total)
    from unit u join customer_bill b on b.shard = u.shard and b.account_id = u.account_id and b.sequence = u.sequence
    join billing_account a on a.shard = b.shard and a.id = b.account_id
   cross join lateral (select coalesce(sum(l.net), 0) as net, count(*) as lines from customer_bill_line l
                        where l.shard = b.shard and l.account_id = b.account_id and l.bill_sequence = b.sequence) l
   cross join lateral (select coalesce(sum(t.amount), 0) as tax from bill_tax_item t
                        where t.shard = b.shard and t.account_id = b.account_id and t.bill_sequence = b.sequence) t
   where b.net <> l.net or b.tax <> t.tax or b.total <> b.net + b.tax or b.line_count <> l.lines or a.currency <> b.currency
      or mod(b.net, u.unit) <> 0 or mod(b.tax, u.unit) <> 0 or mod(b.due, u.unit) <> 0
  union all
  select format('line %s/%s/%s', l.account_id, l.bill_sequence, l.line_no), format('amount %s of %s and %s', l.amount, l.exact_net, l.exact_tax)
    from unit u join customer_bill_line l on l.shard = u.shard and l.account_id = u.account_id and l.bill_sequence = u.sequence
   where l.amount <> round((l.exact_net + case when l.tax_included then l.exact_tax else 0 end) / u.unit) * u.unit
  union all
  select format('tax %s of bill %s/%s', t.tax_code, t.account_id, t.bill_sequence), format('%s on %s at %s', t.amount, t.base, t.tax_rate)
    from unit u join bill_tax_item t on t.shard = u.shard and t.account_id = u.account_id and t.bill_sequence = u.sequence
   cross join lateral (select coalesce(sum(l.net), 0) as net, coalesce(sum(l.amount), 0) as amount from customer_bill_line l
                        where l.shard = t.shard and l.account_id = t.account_id and l.bill_sequence = t.bill_sequence
                          and l.tax_code = t.tax_code and l.tax_rate = t.tax_rate and l.tax_included = t.tax_included) l
   where t.base <> l.net
      or t.amount <> case when t.tax_included then round(l.amount * t.tax_rate / (1 + t.tax_rate) / u.unit) * u.unit else round(l.net * t.tax_rate / u.unit) * u.unit end
$$;

-- 14. Numbers of documents run 1..n within their series, without hole or repeat, one a document, and the time of issue never goes back.
create or replace function pg_temp.invariant_14(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('document %s/%s', d.series, d.number), format('place %s, issued at %s, the one before at %s', d.place, d.issued_at, d.before)
    from (select d.*, row_number() over w as place, lag(d.issued_at) over w as before from document_number d window w as (partition by d.series order by d.number)) d
   where in_shard is null and (d.number <> d.place or d.before > d.issued_at)
  union all
  select format('series %s', s.series), format('stands at %s, its last document is %s', s.last_number, coalesce(d.last, 0))
    from document_series s left join lateral (select max(d.number) as last, max(d.issued_at) as at from document_number d where d.series = s.series) d on true
   where in_shard is null and (s.last_number <> coalesce(d.last, 0) or s.last_issued_at is distinct from coalesce(d.at, '-infinity'))
  union all
  select format('document %s %s/%s', coalesce(i.kind, d.kind), coalesce(i.account_id, d.account_id), coalesce(i.sequence, d.sequence)), 'its number stands once with it and once in its series'
    from issued_document i
    full join document_number d on d.series = i.series and d.number = i.number and d.account_id = i.account_id and d.sequence = i.sequence and d.kind = i.kind
         and d.issued_at = i.issued_at and d.due_date = i.due_date
   where in_shard is null and (i.number is null or d.number is null)
$$;

-- 15. Issued documents never change: each hash follows from the document's content and the hash before it.
create or replace function pg_temp.invariant_15(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('document %s/%s', d.series, d.number), 'does not follow from the document before it'
    from (select d.*, lag(d.hash) over (partition by d.series order by d.number) as before from document_number d) d
   where in_shard is null and d.hash <> sha256(coalesce(d.before, decode(repeat('00', 32), 'hex')) || convert_to(concat_ws('|', d.series, d.number, d.kind,
           d.account_id, d.sequence, (extract(epoch from d.issued_at) * 1000)::bigint, d.due_date::text, encode(d.body_hash, 'hex')), 'UTF8'))
  union all
  select format('series %s', s.series), 'does not stand at its last document'
    from document_series s left join lateral (select d.hash from document_number d where d.series = s.series order by d.number desc limit 1) d on true
   where in_shard is null and s.last_hash <> coalesce(d.hash, decode(repeat('00', 32), 'hex'))
  union all
  select format('bill %s/%s', d.account_id, d.sequence), 'is not what was issued'
    from document_number d
    left join (customer_bill b join bill_period p on p.shard = b.shard and p.account_id = b.account_id and p.sequence = b.sequence)
      on b.shard = (d.account_id & 4095) and b.account_id = d.account_id and b.sequence = d.sequence and b.kind = d.kind
   where d.kind <> 'CREDIT_NOTE' and (in_shard is null or b.shard = in_shard) and d.body_hash is distinct from sha256(convert_to(json_build_array(
    'BILL', b.tenant_id, b.account_id, b.sequence, b.kind, b.currency, (extract(epoch from p.period_start) * 1000)::bigint,
    (extract(epoch from p.period_end) * 1000)::bigint, b.net, b.tax, b.total, b.prepaid, b.adjusted, b.due,
    (select json_agg(json_build_array(l.line_no, l.user_account_id, l.product_id, l.price_version_id, l.kind, l.unit, l.description, l.start_date::text,
            l.end_date::text, l.tax_code, l.tax_rate::text, l.tax_included, l.quantity, l.charge_count, l.amount, l.net) order by l.line_no)
       from customer_bill_line l where l.shard = b.shard and l.account_id = b.account_id and l.bill_sequence = b.sequence),
    (select json_agg(json_build_array(t.tax_code, t.tax_rate::text, t.tax_included, t.base, t.amount) order by t.tax_code, t.tax_rate, t.tax_included)
       from bill_tax_item t where t.shard = b.shard and t.account_id = b.account_id and t.bill_sequence = b.sequence))::text
    -- Of lines that have one: the hashes of bills without any stay what they were.
    || coalesce((select json_agg(json_build_array(l.line_no, l.purchase_order) order by l.line_no)::text from customer_bill_line l
        where l.shard = b.shard and l.account_id = b.account_id and l.bill_sequence = b.sequence and l.purchase_order is not null), ''), 'UTF8'))
  union all
  select format('credit note %s/%s', d.account_id, d.sequence), 'is not what was issued'
    from document_number d
    left join credit_note n on n.shard = (d.account_id & 4095) and n.account_id = d.account_id and n.sequence = d.sequence
   where d.kind = 'CREDIT_NOTE' and (in_shard is null or n.shard = in_shard) and d.body_hash is distinct from sha256(convert_to(json_build_array(
    'CREDIT_NOTE', n.tenant_id, n.account_id, n.sequence, n.bill_sequence, n.currency, n.reason, n.net, n.tax, n.total,
    (select json_agg(json_build_array(l.line_no, l.tax_code, l.tax_rate::text, l.tax_included, l.amount, l.net, l.tax) order by l.line_no)
       from credit_note_line l where l.shard = n.shard and l.account_id = n.account_id and l.note_sequence = n.sequence))::text, 'UTF8'))
$$;

-- 16. Credit notes name an issued bill of their account and currency and never exceed it, nor do a bill's payments what is due.
create or replace function pg_temp.invariant_16(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('bill %s/%s', n.account_id, n.bill_sequence), format('credit notes of %s on a bill of %s', sum(n.total), max(b.total))
    from credit_note n
    left join customer_bill b on b.shard = n.shard and b.account_id = n.account_id and b.sequence = n.bill_sequence and b.currency = n.currency
    left join issued_document d on d.shard = b.shard and d.account_id = b.account_id and d.kind = b.kind and d.sequence = b.sequence
   where in_shard is null or n.shard = in_shard
   group by n.shard, n.account_id, n.bill_sequence
  having count(d.number) < count(*) or sum(n.total) > max(b.total) or sum(n.tax) > max(b.tax)
  union all
  select format('credit note %s/%s', n.account_id, n.sequence), format('%s and %s, lines %s and %s', n.net, n.tax, sum(l.net), sum(l.tax))
    from credit_note n left join credit_note_line l on l.shard = n.shard and l.account_id = n.account_id and l.note_sequence = n.sequence
   where in_shard is null or n.shard = in_shard
   group by n.shard, n.account_id, n.sequence having sum(l.net) is distinct from n.net or sum(l.tax) is distinct from n.tax
  union all
  select format('line %s of bill %s/%s', l.line_no, l.account_id, l.bill_sequence), format('%s taken back of %s', sum(c.amount), l.amount)
    from credit_note n
    join credit_note_line c on c.shard = n.shard and c.account_id = n.account_id and c.note_sequence = n.sequence
    join customer_bill_line l on l.shard = n.shard and l.account_id = n.account_id and l.bill_sequence = n.bill_sequence and l.line_no = c.line_no
   where in_shard is null or n.shard = in_shard
   group by l.shard, l.account_id, l.bill_sequence, l.line_no, l.amount, l.tax_rate, l.tax_included
  -- A line that gave something back is taken back as far as it gave.
  having case when l.amount < 0 then sum(c.amount) not between l.amount and 0 else sum(c.amount) > l.amount end or bool_or(c.tax_rate <> l.tax_rate or c.tax_included <> l.tax_included)
  union all
  select format('bill %s/%s', b.account_id, b.sequence), format('%s paid and %s taken back of %s due', a.amount, n.applied, b.due)
    from customer_bill b
   cross join lateral (select coalesce(sum(a.amount), 0) as amount from payment_allocation a where a.shard = b.shard and a.account_id = b.account_id and a.bill_sequence = b.sequence) a
   cross join lateral (select coalesce(sum(n.applied), 0) as applied from credit_note n where n.shard = b.shard and n.account_id = b.account_id and n.bill_sequence = b.sequence) n
   where (in_shard is null or b.shard = in_shard) and a.amount + n.applied > greatest(b.due, 0)
  union all
  select format('payment %s/%s', p.root_id, p.position), format('%s allocated of %s', sum(a.amount), p.amount)
    from bill_payment p join payment_allocation a on a.shard = p.shard and a.root_id = p.root_id and a.payment_position = p.position
   where in_shard is null or p.shard = in_shard
   group by p.shard, p.root_id, p.position, p.amount having sum(a.amount) > p.amount
$$;

-- 17. No product pays one price twice for the same days: fees of overlapping periods, net of what was given back.
create or replace function pg_temp.invariant_17(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('product %s', f.product_id), format('price version %s paid from %s and again from %s', f.price_version_id, f.before, f.event_at)
    from (select f.*, max(f.until_ms) over w as paid_until, max(f.event_at) over w as before
            from (select c.shard, c.root_id, c.position, c.product_id, v.price_id, c.price_version_id, c.event_at, c.source,
                         -- The days that a change of the product gave back are not paid for any more.
                         coalesce((select min((x.explanation ->> 'f')::numeric) from charge x where x.shard = c.shard and x.root_id = c.root_id
                                      and x.reverses = c.position and x.reason = 'UNUSED_REST'), (c.explanation ->> 'u')::numeric) as until_ms
                    from pg_temp.changed_roots(in_shard, since) r
                    join charge c on c.shard = r.shard and c.root_id = r.root_id and c.kind = 'RECURRING_FEE' and c.status = 'CHARGED' and c.reverses is null
                    join price_version v on v.id = c.price_version_id
                   where c.net + c.tax > 0
                     and c.net + c.tax + coalesce((select sum(x.net + x.tax) from charge x where x.shard = c.shard and x.root_id = c.root_id and x.reverses = c.position), 0) > 0) f
          window w as (partition by f.shard, f.root_id, f.product_id, f.price_id order by f.event_at, f.position rows between unbounded preceding and 1 preceding)) f
   -- What a change charges is by days: those of the rest begin with the day after the change at the latest.
   where extract(epoch from f.event_at) * 1000 + case f.source when 'change' then 86400000 else 0 end < f.paid_until
  union all
  -- What was given back of a fee, a credit among it, is never more than the fee.
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position), format('%s of the fee is given back', -b.back)
    from pg_temp.changed_roots(in_shard, since) r
    join charge c on c.shard = r.shard and c.root_id = r.root_id and c.kind = 'RECURRING_FEE' and c.status = 'CHARGED' and c.reverses is null
    join (select x.shard, x.root_id, x.reverses, sum(x.net + x.tax) as back, bool_or(x.kind = 'SLA_CREDIT') as is_credited
            from charge x where x.reverses is not null group by 1, 2, 3) b on b.shard = c.shard and b.root_id = c.root_id and b.reverses = c.position
   where b.is_credited and (c.net + c.tax + b.back < 0 or b.back > 0)
  union all
  -- A settled period's count is a usage of its peak, charged once, and its revisions have no hole.
  select format('slice period %s from %s', s.product_id, s.period_start), format('revision %s, usage %s of %s', s.revision, s.device_usage_id, c.quantity)
    from (select s.*, row_number() over (partition by s.shard, s.product_id, s.period_start order by s.revision) as place
            from slice_period s where in_shard is null or s.shard = in_shard) s
    left join charge c on c.shard = s.shard and c.tenant_id = s.tenant_id and c.source = 'slice' and c.event_id = s.device_usage_id and c.role = 'RETAIL' and c.status = 'CHARGED'
   where s.place <> s.revision or (s.settled_at is not null and s.device_usage_id is not null and c.position is null)
      -- The usage of a period's own revision is of its peak.
      or (c.event_id = s.product_id || ':' || to_char(s.period_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ':devices:' || s.revision and c.quantity <> s.peak)
$$;

-- 18. The shares of a charge, the operator's own among them, sum to it; a refund's to the refund; and the totals are their sums.
create or replace function pg_temp.invariant_18(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position), format('shares sum to %s of %s', parts.total, c.net + case item.basis when 'GROSS' then c.tax else 0 end)
    from pg_temp.changed_roots(in_shard, since) r
    join charge c on c.shard = r.shard and c.root_id = r.root_id and c.shares is not null
    left join agreement_item item on item.agreement_version_id = (c.shares ->> 'v')::bigint and item.item = (c.shares ->> 'i')::int
    left join lateral (select sum((part ->> 1)::bigint) as total from json_array_elements(c.shares -> 's') part) parts on true
   where item.basis is null or parts.total is distinct from c.net + case item.basis when 'GROSS' then c.tax else 0 end
  union all
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position), 'takes back a shared charge and no share, or shares what it takes back of nobody'
    from pg_temp.changed_roots(in_shard, since) r
    join charge c on c.shard = r.shard and c.root_id = r.root_id and c.reverses is not null
    join charge original on original.shard = c.shard and original.root_id = c.root_id and original.position = c.reverses
   -- A credit that is said to lower no share has none.
   where case when c.reason = 'SLA_CREDIT_UNSHARED' then c.shares is not null else (c.shares is null) <> (original.shares is null) or c.shares ->> 'v' is distinct from original.shares ->> 'v' or c.shares ->> 'i' is distinct from original.shares ->> 'i' end
  union all
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position), format('shared by agreement version %s, which was not in force', version.id)
    from pg_temp.changed_roots(in_shard, since) r
    join charge c on c.shard = r.shard and c.root_id = r.root_id and c.shares is not null and c.reverses is null
    join agreement_version version on version.id = (c.shares ->> 'v')::bigint
   where version.tenant_id <> c.tenant_id or version.state not in ('APPROVED', 'TERMINATED') or c.event_at < version.valid_from or c.event_at >= version.valid_until
  union all
  select format('share total %s/%s/%s', coalesce(t.shard, p.shard), coalesce(t.version, p.version), coalesce(t.party, p.party)),
         format('share %s of %s events, charges give %s of %s', t.share, t.events, p.share, p.events)
    from (select shard, agreement_version_id as version, party_id as party, sum(share) as share, sum(events) as events from share_total
           where shard in (select r.shard from pg_temp.changed_roots(in_shard, since) r) group by 1, 2, 3) t
    full join (select c.shard, (c.shares ->> 'v')::bigint as version, (part ->> 0)::bigint as party, sum((part ->> 1)::bigint) as share, count(*) as events
                 from charge c cross join lateral json_array_elements(c.shares -> 's') part
                where c.shard in (select r.shard from pg_temp.changed_roots(in_shard, since) r) and c.shares is not null and part ->> 0 <> '0' group by 1, 2, 3) p
      on p.shard = t.shard and p.version = t.version and p.party = t.party
   where t.share is distinct from p.share or t.events is distinct from p.events
$$;

-- 19. A statement is the sum of its lines, each the exact sum of its shares rounded once; one a period, periods and numbers without hole, and its books agree.
create or replace function pg_temp.invariant_19(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('statement %s', s.id), format('share %s, rounding %s, lines give %s and %s', s.share, s.rounding, coalesce(l.share, 0), coalesce(l.rounding, 0))
    from share_statement s
    left join lateral (select sum(line.share) as share, sum(line.share - line.exact) as rounding from share_statement_line line where line.statement_id = s.id) l on true
   where in_shard is null and (s.share <> coalesce(l.share, 0) or s.rounding <> coalesce(l.rounding, 0))
  union all
  select format('statement %s line %s', line.statement_id, line.line), format('share %s of %s', line.share, line.exact)
    from share_statement_line line join share_statement s on s.id = line.statement_id
   where in_shard is null and (line.share % s.minor_unit <> 0 or 2 * abs(line.share - line.exact) > s.minor_unit)
  union all
  -- What was stated is what stands in the totals of the period: nothing came in after it was closed, and nothing was left out.
  select format('statement %s', coalesce(stated.id, owed.id)), format('states %s of %s events, its period holds %s of %s', stated.exact, stated.events, owed.share, owed.events)
    from (select s.id, sum(line.exact) as exact, sum(line.events) as events from share_statement s join share_statement_line line on line.statement_id = s.id group by s.id) stated
    full join (select s.id, sum(t.share) as share, sum(t.events) as events from share_statement s
                 join share_total t on t.party_id = s.partner_id and t.asset = s.currency || '/6' and t.day >= s.period_from and t.day < s.period_until group by s.id) owed
      on owed.id = stated.id
   where in_shard is null and (stated.exact is distinct from owed.share or stated.events is distinct from owed.events)
  union all
  select format('statement %s', s.id), 'does not follow from the statement before it'
    from (select s.*, lag(s.period_until) over w as before_until, lag(s.carried_forward) over w as before_carried
            from share_statement s window w as (partition by s.settlement_account_id order by s.period_from)) s
   where in_shard is null and (s.period_from is distinct from coalesce(s.before_until, s.period_from) or s.carried_in <> coalesce(s.before_carried, 0)
      or s.share + s.carried_in <> s.payable + s.carried_forward)
  union all
  select format('statement %s', s.id), format('number %s where %s follows', s.number, s.expected)
    from (select s.id, s.number, row_number() over (partition by s.partner_id order by s.number) as expected from share_statement s where s.number is not null) s
   where in_shard is null and s.number <> s.expected
  union all
  select format('statement %s', s.id), format('adjusts statement %s of another account or of no earlier period', line.adjusts_id)
    from share_statement_line line join share_statement s on s.id = line.statement_id join share_statement earlier on earlier.id = line.adjusts_id
   where in_shard is null and (earlier.settlement_account_id <> s.settlement_account_id or earlier.period_from >= s.period_from)
  union all
  select format('statement %s', s.id), format('rounding %s and payment %s are booked as %s and %s', s.rounding, s.payable, coalesce(e.rounding, 0), coalesce(e.paid, 0))
    from share_statement s
    left join lateral (select sum(entry.amount) filter (where entry.kind = 'SHARE_ROUNDING') as rounding, sum(entry.amount) filter (where entry.kind = 'SETTLEMENT') as paid
                         from settlement_entry entry where entry.statement_id = s.id) e on true
   where in_shard is null and (coalesce(e.rounding, 0) <> case when s.state = 'CALCULATED' then 0 else s.rounding end
      or coalesce(e.paid, 0) <> case when s.state = 'SETTLED' then s.payable else 0 end)
$$;

-- 20. A root's positions run 1..n without hole: each is a charge's or a request's, and bucket 0 stands at the last.
create or replace function pg_temp.invariant_20(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('root %s/%s', b.shard, b.root_id), format('position %s, %s rows, the last at %s', b.position, coalesce(p.rows, 0), coalesce(p.last, 0))
    from pg_temp.changed_roots(in_shard, since) r
    join bucket b on b.shard = r.shard and b.root_id = r.root_id and b.id = 0
    left join lateral (
      select count(*) as rows, max(p.position) as last, min(p.position) as first
        from (select c.position from charge c where c.shard = b.shard and c.root_id = b.root_id
              union
              select q.position from request q where q.shard = b.shard and q.root_id = b.root_id) p) p on true
   where b.position <> coalesce(p.rows, 0) or b.position <> coalesce(p.last, 0)
$$;

-- 21. What a watcher reads can only grow: entries of a root are booked in the order of their positions.
create or replace function pg_temp.invariant_21(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('root %s/%s position %s', e.shard, e.root_id, e.position), 'booked before an earlier position'
    from (select e.shard, e.root_id, e.position, e.booked_at, max(e.booked_at) over w as before
            from pg_temp.changed_roots(in_shard, since) r
            join entry e on e.shard = r.shard and e.root_id = r.root_id
          window w as (partition by e.shard, e.root_id order by e.position groups between unbounded preceding and 1 preceding)) e
   where e.before > e.booked_at
$$;

-- 22. No row links two tenants or two roots, and every row has an owner.
create or replace function pg_temp.invariant_22(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('account %s', a.id), 'customer of another tenant, or none'
    from billing_account a left join customer c on c.id = a.customer_id
   where (in_shard is null or a.shard = in_shard) and c.tenant_id is distinct from a.tenant_id
  union all
  select format('account %s', a.id), 'payer or root of another root or tenant, or none'
    from billing_account a
    left join billing_account p on p.shard = a.shard and p.id = a.payer_id
    left join bucket b on b.shard = a.shard and b.root_id = a.root_id and b.id = 0
   where (in_shard is null or a.shard = in_shard)
     and (p.root_id is distinct from a.root_id or p.tenant_id is distinct from a.tenant_id or b.tenant_id is distinct from a.tenant_id)
  union all
  select format('customer %s', c.id), 'party of another tenant, or none'
    from customer c left join party p on p.id = c.party_id where in_shard is null and p.tenant_id is distinct from c.tenant_id
  union all
  select format('bucket %s/%s/%s', b.shard, b.root_id, b.id), 'account of another root or tenant, or none'
    from bucket b left join billing_account a on a.shard = b.shard and a.id = b.account_id
   where (in_shard is null or b.shard = in_shard) and (a.root_id is distinct from b.root_id or a.tenant_id is distinct from b.tenant_id)
  union all
  select format('product %s', p.id), 'account or offering of another tenant or root, or none'
    from product p
    left join billing_account a on a.shard = p.shard and a.id = p.account_id
    left join product_offering_version v on v.id = p.offering_version_id
   where (in_shard is null or p.shard = in_shard)
     and (a.root_id is distinct from p.root_id or a.tenant_id is distinct from p.tenant_id or v.tenant_id is distinct from p.tenant_id)
  union all
  select format('product %s', p.id), 'bundle of another account, or none'
    from product p left join product b on b.shard = p.shard and b.id = p.bundled_in
   where (in_shard is null or p.shard = in_shard) and p.bundled_in is not null and b.account_id is distinct from p.account_id
  union all
  select format('order %s', o.id), 'account of another tenant or root, or none'
    from product_order o left join billing_account a on a.shard = o.shard and a.id = o.account_id
   where (in_shard is null or o.shard = in_shard) and (a.root_id is distinct from o.root_id or a.tenant_id is distinct from o.tenant_id)
  union all
  select format('item %s of order %s', i.key, i.order_id), 'order, offering or product of another tenant or root, or none'
    from product_order_item i
    left join product_order o on o.shard = i.shard and o.id = i.order_id
    left join product_offering_version v on v.id = i.offering_version_id
    left join product p on p.shard = i.shard and p.id = i.product_id
   where (in_shard is null or i.shard = in_shard)
     and (o.root_id is distinct from i.root_id or o.tenant_id is distinct from i.tenant_id
          or (v.tenant_id is distinct from i.tenant_id and i.action <> 'DELETE') or (p.account_id is distinct from o.account_id and (p.id is not null or i.action <> 'ADD')))
  union all
  select format('identifier of root %s', i.root_id), 'account of another root or tenant, or none'
    from identifier i left join billing_account a on a.shard = i.shard and a.id = i.account_id
   where (in_shard is null or i.shard = in_shard) and (a.root_id is distinct from i.root_id or a.tenant_id is distinct from i.tenant_id)
  union all
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position), 'account of another root or tenant, or none'
    from pg_temp.changed_roots(in_shard, since) r
    join charge c on c.shard = r.shard and c.root_id = r.root_id
    left join billing_account a on a.shard = c.shard and a.id = c.account_id
   where a.root_id is distinct from c.root_id or a.tenant_id is distinct from c.tenant_id
  union all
  select format('bill %s/%s', b.account_id, b.sequence), 'account of another root or tenant, or none'
    from customer_bill b left join billing_account a on a.shard = b.shard and a.id = b.account_id
   where (in_shard is null or b.shard = in_shard) and (a.root_id is distinct from b.root_id or a.tenant_id is distinct from b.tenant_id)
  union all
  select format('period %s/%s', p.account_id, p.sequence), 'account of another root or tenant, or none'
    from bill_period p left join billing_account a on a.shard = p.shard and a.id = p.account_id
   where (in_shard is null or p.shard = in_shard) and (a.root_id is distinct from p.root_id or a.tenant_id is distinct from p.tenant_id)
  union all
  select format('line %s of bill %s/%s', l.line_no, l.account_id, l.bill_sequence), 'bill of another tenant, user of another root, or none'
    from customer_bill_line l
    left join customer_bill b on b.shard = l.shard and b.account_id = l.account_id and b.sequence = l.bill_sequence
    left join billing_account a on a.shard = l.shard and a.id = l.user_account_id
   where (in_shard is null or l.shard = in_shard) and (b.root_id is distinct from l.root_id or b.tenant_id is distinct from l.tenant_id or a.root_id is distinct from l.root_id)
  union all
  select format('credit note %s/%s', n.account_id, n.sequence), 'bill of another root or tenant, or none'
    from credit_note n left join customer_bill b on b.shard = n.shard and b.account_id = n.account_id and b.sequence = n.bill_sequence
   where (in_shard is null or n.shard = in_shard) and (b.root_id is distinct from n.root_id or b.tenant_id is distinct from n.tenant_id)
  union all
  select format('allocation to bill %s/%s', l.account_id, l.bill_sequence), 'payment of another account or tenant, or none'
    from payment_allocation l left join bill_payment p on p.shard = l.shard and p.root_id = l.root_id and p.position = l.payment_position
   where (in_shard is null or l.shard = in_shard) and (p.account_id is distinct from l.account_id or p.tenant_id is distinct from l.tenant_id)
  union all
  select format('deferral %s/%s', d.root_id, d.position), 'account of another root or tenant, or none'
    from deferral d left join billing_account a on a.shard = d.shard and a.id = d.account_id
   where (in_shard is null or d.shard = in_shard) and (a.root_id is distinct from d.root_id or a.tenant_id is distinct from d.tenant_id)
  union all
  select format('journal %s/%s/%s', j.root_id, j.kind, j.reference), 'root of another tenant, or none'
    from journal j left join bucket b on b.shard = j.shard and b.root_id = j.root_id and b.id = 0
   where (in_shard is null or j.shard = in_shard) and b.tenant_id is distinct from j.tenant_id
  union all
  select format('settlement account %s', s.id), 'partner of another tenant, or none'
    from settlement_account s left join partner p on p.party_id = s.partner_id where in_shard is null and p.tenant_id is distinct from s.tenant_id
  union all
  select format('statement %s', s.id), 'settlement account of another partner or tenant, or none'
    from share_statement s left join settlement_account a on a.id = s.settlement_account_id
   where in_shard is null and (a.partner_id is distinct from s.partner_id or a.tenant_id is distinct from s.tenant_id)
  union all
  select format('settlement of statement %s', e.statement_id), 'statement of another tenant, or none'
    from settlement_entry e left join share_statement s on s.id = e.statement_id where in_shard is null and s.tenant_id is distinct from e.tenant_id
  union all
  select format('part of agreement version %s', x.agreement_version_id), 'version or partner of another tenant, or none'
    from agreement_part x left join agreement_version v on v.id = x.agreement_version_id left join partner p on p.party_id = x.partner_id
   where in_shard is null and (v.tenant_id is distinct from x.tenant_id or p.tenant_id is distinct from x.tenant_id)
  union all
  select format('share total of partner %s', t.party_id), 'partner or agreement version of another tenant, or none'
    from share_total t left join partner p on p.party_id = t.party_id left join agreement_version v on v.id = t.agreement_version_id
   where (in_shard is null or t.shard = in_shard) and (p.tenant_id is distinct from t.tenant_id or v.tenant_id is distinct from t.tenant_id)
  union all
  select format('payment %s/%s', p.root_id, p.position), 'account of another root or tenant, or none'
    from bill_payment p left join billing_account a on a.shard = p.shard and a.id = p.account_id
   where (in_shard is null or p.shard = in_shard) and (a.root_id is distinct from p.root_id or a.tenant_id is distinct from p.tenant_id)
  union all
  select format('entry %s/%s/%s/%s', e.shard, e.root_id, e.bucket_id, e.version), 'bucket of another tenant, or none'
    from pg_temp.changed_roots(in_shard, since) r
    join entry e on e.shard = r.shard and e.root_id = r.root_id
    left join bucket b on b.shard = e.shard and b.root_id = e.root_id and b.id = e.bucket_id
   where b.tenant_id is distinct from e.tenant_id
  union all
  select format('charging id %s of root %s', x.charging_id, x.root_id), 'root of another tenant, or none'
    from (select shard, root_id, tenant_id, charging_id from online_usage union all select shard, root_id, tenant_id, charging_id from usage_record
          union all select shard, root_id, tenant_id, charging_id from usage_comparison) x
    left join bucket b on b.shard = x.shard and b.root_id = x.root_id and b.id = 0
   where (in_shard is null or x.shard = in_shard) and b.tenant_id is distinct from x.tenant_id
  union all
  select format('slice terms of version %s', s.offering_version_id), 'offering of another tenant, or none'
    from slice_terms s left join product_offering_version v on v.id = s.offering_version_id
   where in_shard is null and v.tenant_id is distinct from s.tenant_id
  union all
  select format('slice reservation of product %s', r.product_id), 'area, offering, order, account or product of another tenant or root, or none'
    from slice_reservation r
    left join slice_area area on area.id = r.area_id
    left join product_offering_version v on v.id = r.offering_version_id
    left join product_order o on o.shard = r.shard and o.id = r.order_id
    left join product p on p.shard = r.shard and p.id = r.product_id
   where (in_shard is null or r.shard = in_shard)
     and (area.tenant_id is distinct from r.tenant_id or v.tenant_id is distinct from r.tenant_id or o.tenant_id is distinct from r.tenant_id
          or o.account_id is distinct from r.account_id or o.root_id is distinct from r.root_id
          or (p.id is not null and (p.account_id <> r.account_id or p.offering_version_id <> r.offering_version_id)))
  union all
  select format('slice device of product %s', d.product_id), 'product of another tenant, root or account, no slice, or another payer'
    from slice_device d
    left join product p on p.shard = d.shard and p.id = d.product_id
    left join slice_terms s on s.offering_version_id = p.offering_version_id
   where (in_shard is null or d.shard = in_shard)
     and (p.tenant_id is distinct from d.tenant_id or p.root_id is distinct from d.root_id or p.account_id is distinct from d.account_id or s.payer is distinct from d.payer)
  union all
  select format('slice period %s from %s', s.product_id, s.period_start), 'product of another tenant or root, or none'
    from slice_period s left join product p on p.shard = s.shard and p.id = s.product_id
   where (in_shard is null or s.shard = in_shard) and (p.root_id is distinct from s.root_id or p.tenant_id is distinct from s.tenant_id)
  union all
  select format('measurements of %s', m.product_id), 'product of another tenant or root, or none'
    from (select distinct shard, product_id, root_id, tenant_id from slice_measurement where in_shard is null or shard = in_shard) m
    left join product p on p.shard = m.shard and p.id = m.product_id
   where p.root_id is distinct from m.root_id or p.tenant_id is distinct from m.tenant_id
$$;

-- 23. Nothing is booked in the future, nor into a bill period that was closed before it was booked.
create or replace function pg_temp.invariant_23(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position), format('booked at %s, bill period %s', c.booked_at, c.bill_period)
    from pg_temp.changed_roots(in_shard, since) r
    join charge c on c.shard = r.shard and c.root_id = r.root_id
    join tenant t on t.id = c.tenant_id
   where c.booked_at > clock_timestamp() + (t.clock_offset_ms + 1000) * interval '1 millisecond'
      or c.bill_period > c.booked_at + interval '1 day'
  union all
  -- Periods close in their order. A charge of a bill period after its own time was put off, because its own was closed: so
  -- everything up to that period is closed for whatever is booked after it. When a close without such a trace was, no row
  -- tells, and what was booked before it rightly keeps its period.
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position),
         format('bill period %s, though all before %s were closed, as an earlier charge shows', c.bill_period, c.open_period)
    from (select c.shard, c.root_id, c.position, c.bill_period,
                 max(c.bill_period) filter (where c.bill_period > c.event_at and c.reverses is null) over w as open_period
            from pg_temp.changed_roots(in_shard, since) r
            join charge c on c.shard = r.shard and c.root_id = r.root_id
          window w as (partition by c.shard, c.root_id order by c.position)) c
   where c.bill_period < c.open_period
  union all
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position),
         format('put off to bill period %s, the open one is %s', c.bill_period, coalesce(b.open_period::text, 'any'))
    from pg_temp.changed_roots(in_shard, since) r
    join bucket b on b.shard = r.shard and b.root_id = r.root_id and b.id = 0
    join charge c on c.shard = r.shard and c.root_id = r.root_id
   where c.bill_period > c.event_at and c.reverses is null and (b.open_period is null or c.bill_period > b.open_period)
  union all
  select format('charge %s/%s/%s', c.shard, c.root_id, c.position), format('bill period %s, closed up to %s at position %s', c.bill_period, p.open_period, p.position)
    from pg_temp.changed_roots(in_shard, since) r
    join bill_period p on p.shard = r.shard and p.root_id = r.root_id and p.open_period is not null
    join charge c on c.shard = r.shard and c.root_id = r.root_id and c.position > p.position and c.bill_period < p.open_period
  union all
  select format('entry %s/%s/%s/%s', e.shard, e.root_id, e.bucket_id, e.version), format('booked at %s', e.booked_at)
    from pg_temp.changed_roots(in_shard, since) r
    join entry e on e.shard = r.shard and e.root_id = r.root_id
    join tenant t on t.id = e.tenant_id
   where e.booked_at > clock_timestamp() + (t.clock_offset_ms + 1000) * interval '1 millisecond'
$$;

-- 24. Only legal steps of products and orders; an order's state is that of its items, and what it completed stands; no area is oversold.
create or replace function pg_temp.invariant_24(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('product %s version %s', h.product_id, h.version), format('step from %s to %s', coalesce(h.before, 'nothing'), h.state)
    from (select h.*, lag(h.state) over w as before, row_number() over w as step
            from pg_temp.changed_roots(in_shard, since) r
            join product_history h on h.shard = r.shard and h.root_id = r.root_id
          window w as (partition by h.shard, h.product_id order by h.version)) h
   where (h.step > 1 and (h.from_state is distinct from h.before or not (h.before, h.state) in (
           ('CREATED', 'PENDING_ACTIVE'), ('CREATED', 'ACTIVE'), ('PENDING_ACTIVE', 'ACTIVE'), ('PENDING_ACTIVE', 'CANCELLED'), ('PENDING_ACTIVE', 'ABORTED'),
           ('ACTIVE', 'SUSPENDED'), ('SUSPENDED', 'ACTIVE'), ('ACTIVE', 'PENDING_TERMINATE'), ('SUSPENDED', 'PENDING_TERMINATE'),
           ('PENDING_TERMINATE', 'ACTIVE'), ('PENDING_TERMINATE', 'SUSPENDED'), ('PENDING_TERMINATE', 'TERMINATED'), ('ACTIVE', 'TERMINATED'),
           ('SUSPENDED', 'TERMINATED'), ('ACTIVE', 'ACTIVE'), ('SUSPENDED', 'SUSPENDED'))))
  union all
  select format('product %s', p.id), format('is %s, its history ends at %s', p.state, coalesce(h.state, 'nothing'))
    from pg_temp.changed_roots(in_shard, since) r
    join product p on p.shard = r.shard and p.root_id = r.root_id
    left join lateral (select h.state, h.offering_version_id from product_history h where h.shard = p.shard and h.product_id = p.id
                        order by h.version desc limit 1) h on true
   where h.state is distinct from p.state or h.offering_version_id is distinct from p.offering_version_id
  union all
  select format('product %s', p.id), format('is %s with %s open suspensions', p.state, s.open)
    from pg_temp.changed_roots(in_shard, since) r
    join product p on p.shard = r.shard and p.root_id = r.root_id
   cross join lateral (select count(*) as open from product_suspension s where s.shard = p.shard and s.product_id = p.id and s.valid_until is null) s
   where (p.state = 'ACTIVE' and s.open > 0) or (p.state = 'SUSPENDED' and s.open = 0)
  union all
  select format('product %s', p.id), format('is %s in a bundle that is %s', p.state, b.state)
    from pg_temp.changed_roots(in_shard, since) r
    join product p on p.shard = r.shard and p.root_id = r.root_id
    join product b on b.shard = p.shard and b.id = p.bundled_in
   where b.state in ('PENDING_TERMINATE', 'TERMINATED') and p.state not in ('TERMINATED', 'CANCELLED', 'ABORTED')
     and coalesce(p.ended_at > b.ended_at, true)
  union all
  select format('order %s version %s', h.order_id, h.version), format('step from %s to %s', coalesce(h.before, 'nothing'), h.state)
    from (select h.*, lag(h.state) over w as before, row_number() over w as step
            from product_order_history h where in_shard is null or h.shard = in_shard
          window w as (partition by h.shard, h.order_id order by h.version)) h
   where h.from_state is distinct from h.before or (h.step = 1 and h.state <> 'ACKNOWLEDGED') or (h.step > 1 and not (h.before, h.state) in (
           ('ACKNOWLEDGED', 'IN_PROGRESS'), ('ACKNOWLEDGED', 'PENDING'), ('ACKNOWLEDGED', 'CANCELLED'), ('IN_PROGRESS', 'PENDING'), ('IN_PROGRESS', 'HELD'),
           ('IN_PROGRESS', 'ASSESSING_CANCELLATION'), ('IN_PROGRESS', 'COMPLETED'), ('IN_PROGRESS', 'FAILED'), ('IN_PROGRESS', 'PARTIAL'),
           ('PENDING', 'IN_PROGRESS'), ('PENDING', 'ASSESSING_CANCELLATION'), ('PENDING', 'CANCELLED'), ('HELD', 'IN_PROGRESS'),
           ('HELD', 'ASSESSING_CANCELLATION'), ('HELD', 'CANCELLED'), ('ASSESSING_CANCELLATION', 'IN_PROGRESS'), ('ASSESSING_CANCELLATION', 'PENDING'),
           ('ASSESSING_CANCELLATION', 'HELD'), ('ASSESSING_CANCELLATION', 'PENDING_CANCELLATION'), ('PENDING_CANCELLATION', 'CANCELLED')))
  union all
  select format('order %s', o.id), format('is %s, its history ends at %s, its items are %s', o.state, coalesce(h.state, 'nothing'), i.states)
    from product_order o
    left join lateral (select h.state from product_order_history h where h.shard = o.shard and h.order_id = o.id order by h.version desc limit 1) h on true
   cross join lateral (select array_agg(distinct i.state order by i.state) as states from product_order_item i where i.shard = o.shard and i.order_id = o.id) i
   where (in_shard is null or o.shard = in_shard)
     and (h.state is distinct from o.state
          or (o.state = 'COMPLETED') <> (i.states = '{COMPLETED}')
          or (o.state in ('COMPLETED', 'FAILED', 'CANCELLED', 'PARTIAL')) <> (i.states <@ '{COMPLETED,FAILED,CANCELLED}'::text[])
          or (o.state in ('COMPLETED', 'FAILED', 'CANCELLED', 'PARTIAL')) <> (o.completed_at is not null)
          or (o.state = 'PARTIAL' and not i.states @> '{COMPLETED}'::text[]))
  union all
  select format('item %s of order %s', i.key, i.order_id), format('%s is %s, its product %s is %s', i.action, i.state, i.product_id, coalesce(p.state, 'missing'))
    from product_order_item i
    left join product p on p.shard = i.shard and p.id = i.product_id
   where (in_shard is null or i.shard = in_shard)
     and case when i.state = 'COMPLETED' and i.action = 'ADD' then coalesce(p.state in ('CREATED', 'PENDING_ACTIVE', 'CANCELLED', 'ABORTED') or p.bundled_in is distinct from i.bundled_in, true)
              when i.state = 'COMPLETED' and i.action = 'DELETE' then not exists (
                select from product_history h where h.shard = i.shard and h.product_id = i.product_id and h.state in ('PENDING_TERMINATE', 'TERMINATED'))
              when i.state = 'COMPLETED' then coalesce(p.next_offering_version_id <> i.offering_version_id, true) and not exists (
                select from product_history h where h.shard = i.shard and h.product_id = i.product_id and h.offering_version_id = i.offering_version_id)
                and not exists (select from product_order_item later where later.shard = i.shard and later.product_id = i.product_id and later.order_id > i.order_id)
              when i.state in ('FAILED', 'CANCELLED', 'ACKNOWLEDGED') and i.action = 'ADD' then coalesce(p.state not in ('CANCELLED', 'ABORTED'), false)
              else false end
  union all
  -- A sum is highest where something begins: so those instants, and now, are all that need looking at.
  select format('slice area %s', area.code), format('%s at %s: %s held, it has %s', m.measure, w.at, m.held, m.capacity)
    from slice_area area
    join tenant t on t.id = area.tenant_id
   cross join lateral (select clock_timestamp() + t.clock_offset_ms * interval '1 millisecond' as now) c
   cross join lateral (select distinct greatest(r.valid_from, c.now) as at from slice_reservation r where r.area_id = area.id and r.state = 'HELD') w
   cross join lateral (select sum(r.downlink_kbps) as downlink, sum(r.uplink_kbps) as uplink, sum(r.devices) as devices from slice_reservation r
                        where r.area_id = area.id and r.state = 'HELD' and tstzrange(r.valid_from, r.valid_until) @> w.at) s
   cross join lateral (values ('downlink', s.downlink, area.downlink_kbps), ('uplink', s.uplink, area.uplink_kbps), ('devices', s.devices, area.devices)) m(measure, held, capacity)
   where in_shard is null and m.held > m.capacity
  union all
  -- What its profile guarantees is held for a slice from its first instant to its last; where none is left, nothing is.
  select format('slice %s', p.id), format('there from %s to %s, held from %s to %s (%s)', p.started_at, p.ended_at, r.valid_from, r.valid_until, coalesce(r.state, 'nothing'))
    from product p
    join slice_terms s on s.offering_version_id = p.offering_version_id
    left join slice_reservation r on r.tenant_id = p.tenant_id and r.product_id = p.id
   where (in_shard is null or p.shard = in_shard)
     and p.state in ('ACTIVE', 'SUSPENDED', 'PENDING_TERMINATE', 'TERMINATED') and (p.ended_at is null or p.ended_at > p.started_at)
     and (r.state is distinct from 'HELD' or r.valid_from > p.started_at or coalesce(p.ended_at, 'infinity') > coalesce(r.valid_until, 'infinity')
          or r.downlink_kbps <> (s.profile ->> 'downlinkGuaranteedKbps')::bigint or r.uplink_kbps <> (s.profile ->> 'uplinkGuaranteedKbps')::bigint
          or r.devices <> (s.profile ->> 'maximumDevices')::bigint)
  union all
  select format('slice %s', r.product_id), format('%s, and its item %s', r.state, coalesce(i.state, 'missing'))
    from slice_reservation r
    left join product_order_item i on i.shard = r.shard and i.order_id = r.order_id and i.key = r.item_key and i.product_id = r.product_id
   where (in_shard is null or r.shard = in_shard) and (i.state is null or (r.state = 'HELD' and i.state in ('FAILED', 'CANCELLED')))
$$;

-- 25. Every privileged change has exactly one audit row, and the chain is whole: no hole, each row follows from the one before.
create or replace function pg_temp.invariant_25(in_shard smallint, since timestamptz)
returns table (object text, what text) language sql stable as $$
  select format('audit row %s/%s', a.tenant_id, a.sequence), 'does not follow from the row before it'
    from (select a.tenant_id, a.sequence, a.at, a.actor, a.role, a.operation, a.object_type, a.object_id, a.reason, a.request_id, a.result,
                 a.previous_hash, a.hash, a.before::text as before_text, a.after::text as after_text,
                 lag(a.hash) over w as before, lag(a.sequence) over w as previous
            from audit_log a window w as (partition by a.tenant_id order by a.sequence)) a
   where in_shard is null
     and (a.sequence <> coalesce(a.previous, 0) + 1 or a.previous_hash <> coalesce(a.before, decode(repeat('00', 32), 'hex'))
          or a.hash <> sha256(a.previous_hash || convert_to(json_build_array(
               a.tenant_id::text, a.sequence::text, (extract(epoch from a.at) * 1000000)::bigint::text, a.actor, a.role, a.operation,
               a.object_type, a.object_id, a.before_text, a.after_text, a.reason, a.request_id, a.result)::text, 'UTF8')))
  union all
  select format('audit head of tenant %s', h.tenant_id), 'is not the last row'
    from audit_head h left join lateral (select a.sequence, a.hash from audit_log a where a.tenant_id = h.tenant_id order by a.sequence desc limit 1) a on true
   where in_shard is null and (h.sequence <> coalesce(a.sequence, 0) or (a.hash is not null and h.hash <> a.hash))
  union all
  -- Moves: a top-up that neither a voucher nor a payment funded is an agent's. Who used a voucher, sent a transfer or changed a
  -- product, an agent, an order or a subscriber, the request does not tell: such a move has one row at most. Seeds are no callers.
  select format('move %s/%s of tenant %s', m.root_id, m.position, m.tenant_id),
         format('%s of %s, %s audit rows, of %s', coalesce(max(m.operation), 'nothing'), max(m.caller), sum(m.told), max(m.actor))
    from (select q.tenant_id, q.root_id, q.position, q.operation, q.caller, null as actor, 0 as told, 0 as funded, 1 as done,
                 case when q.operation in ('TRANSFER', 'CHANGE_OFFERING', 'WITHDRAW_END', 'PREPARE', 'BEGIN', 'GIVE_UP') or (q.caller = 'seed' and q.key like 'seed:%')
                   -- An order was asked for once, and its steps are not: they are taken for an order that is there.
                   or (q.caller = 'ordering' and exists (select from product_order o where o.shard = q.shard and o.id::text = split_part(q.key, ':', 1)))
                   -- What a later sample corrects follows from the revision of its period.
                   or (q.caller = 'assurance' and exists (select from slice_period s where s.shard = q.shard and s.product_id::text = split_part(q.key, ':', 1)))
                   then 0 else 1 end as owed
            from pg_temp.changed_roots(in_shard, since) r
            join request q on q.shard = r.shard and q.root_id = r.root_id
           where q.operation in ('ADJUST', 'REFUND', 'TOP_UP', 'TRANSFER', 'ACTIVATE', 'TERMINATE', 'SUSPEND', 'RESUME', 'CHANGE_OFFERING',
                              'WITHDRAW_END', 'PREPARE', 'BEGIN', 'GIVE_UP', 'CREDIT_NOTE', 'PAYMENT') and (q.answer ->> 'ok')::boolean
          union all
          select a.tenant_id, (a.after ->> 'rootId')::bigint, (a.after ->> 'positionAt')::bigint, null, null, a.actor, 1, 0, 0, 0
            from audit_log a where a.result = 'DONE' and a.after ->> 'positionAt' is not null
             and (in_shard is null or (a.after ->> 'rootId')::bigint & 4095 = in_shard)
          union all
          select v.tenant_id, v.used_root_id, v.used_position, null, null, null, 0, 1, 0, 0 from voucher v
           where v.state = 'USED' and (in_shard is null or v.used_root_id & 4095 = in_shard)
          union all
          select p.tenant_id, b.root_id, p.used_position, null, null, null, 0, 1, 0, 0
            from payment p join billing_account b on b.shard = p.account_id & 4095 and b.id = p.account_id
           where p.state = 'USED' and (in_shard is null or p.account_id & 4095 = in_shard)) m
   group by m.tenant_id, m.root_id, m.position
  having (sum(m.done) > 0 or (in_shard is null and since = '-infinity' and sum(m.told) > 0))
     and (sum(m.told) > sum(m.done) or sum(m.told) < sum(m.owed) - sum(m.funded) or max(m.actor) <> max(m.caller))
  union all
  -- Master data: as many rows as the object tells that it was made or changed.
  select format('%s %s of tenant %s', m.operation, m.object_id, m.tenant_id), format('done %s times, %s audit rows', sum(m.done), sum(m.told))
    from (select p.tenant_id, case p.kind when 'INDIVIDUAL' then 'individualCreate' else 'organizationCreate' end as operation,
                 p.id::text as object_id, 1 as done, 0 as told from party p
          union all select c.tenant_id, 'customerCreate', c.id::text, 1, 0 from customer c
          union all select b.tenant_id, 'billingAccountCreate', b.id::text, 1, 0 from billing_account b
          union all select b.tenant_id, 'billingAccountUpdate', b.id::text, b.version - 1, 0 from billing_account b
          union all select i.tenant_id, 'identifierAssign', i.account_id::text, 1, 0 from identifier i where i.product_id is null
          union all select g.tenant_id, 'sharingGroupCreate', g.root_id::text, 1, 0 from sharing_group g
          union all select o.tenant_id, case when s.offering_version_id is null then 'productOfferingDraft' else 'sliceOfferingDraft' end, o.id::text, 1, 0
                      from product_offering_version o left join slice_terms s on s.offering_version_id = o.id
          union all select a.tenant_id, 'sliceAreaSet', a.id::text, a.version, 0 from slice_area a
          union all select o.tenant_id, 'productOfferingLaunch', o.id::text, 1, 0 from product_offering_version o where o.valid_from is not null
          union all select t.tenant_id, 'taxRateSet', t.id::text, 1, 0 from tax_rate t
          union all (select distinct v.tenant_id, 'voucherBatchCreate', v.batch, 1, 0 from voucher v)
          union all select m.tenant_id, 'sliceMaintenanceAgree', m.id::text, 1, 0 from slice_maintenance m
          union all select q.tenant_id, q.operation, q.product_id::text, 1, 0 from slice_period_request q
          union all select p.tenant_id, 'paymentConfirm', format('%s %s', p.channel, p.external_id), 1, 0 from payment p
          union all
          select a.tenant_id, a.operation, case a.operation when 'paymentConfirm' then format('%s %s', a.actor, a.object_id) else a.object_id end, 0, 1
            from audit_log a
           where a.result = 'DONE' and a.operation in ('individualCreate', 'organizationCreate', 'customerCreate', 'billingAccountCreate',
                   'billingAccountUpdate', 'identifierAssign', 'sharingGroupCreate', 'productOfferingDraft', 'sliceOfferingDraft', 'sliceAreaSet', 'productOfferingLaunch',
                   'taxRateSet', 'voucherBatchCreate', 'paymentConfirm', 'sliceMaintenanceAgree', 'slicePeriodSettle', 'slicePeriodDecide')
             -- What is assigned to a product cannot be told from what came with its activation.
             and (a.operation <> 'identifierAssign' or a.after ->> 'productId' is null)) m
   where in_shard is null
   group by m.tenant_id, m.operation, m.object_id having sum(m.done) <> sum(m.told)
  union all
  select format('usage import %s of tenant %s', i.id, i.tenant_id), 'is historical without an audit row'
    from usage_import i
   where in_shard is null and i.is_historical
     and not exists (select from audit_log a where a.tenant_id = i.tenant_id and a.object_type = 'UsageImport' and a.object_id = i.id::text)
$$;
