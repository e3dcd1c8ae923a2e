-- The current content of each table. Jumps from table to table in the index snapshot_current, so it costs as much as there are tables, however many snapshots they have had.
create view lake.current_snapshot as
with recursive lake_table as (
  (
    select layer, source, name
    from lake.snapshot
    order by layer, source, name
    limit 1
  )
  union all
  select next.layer, next.source, next.name
  from lake_table t
  cross join lateral (
    select s.layer, s.source, s.name
    from lake.snapshot s
    where (s.layer, s.source, s.name) > (t.layer, t.source, t.name)
    order by s.layer, s.source, s.name
    limit 1
  ) next
)
select current.*
from lake_table t
cross join lateral (
  select s.*
  from lake.snapshot s
  where s.layer = t.layer
    and s.source = t.source
    and s.name = t.name
  order by s.data_interval_end desc, s.snapshot_id desc
  limit 1
) current;
