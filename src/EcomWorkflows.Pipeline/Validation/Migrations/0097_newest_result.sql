-- The newest validation of each table; jumps from table to table in the index validation_result_by_table, so it costs as much as there are tables, however often they were validated.
create view quality.newest_result as
with recursive validated as (
  (
    select source, entity
    from quality.validation_result
    order by source, entity
    limit 1
  )
  union all
  select next.source, next.entity
  from validated v
  cross join lateral (
    select r.source, r.entity
    from quality.validation_result r
    where (r.source, r.entity) > (v.source, v.entity)
    order by r.source, r.entity
    limit 1
  ) next
)
select newest.*
from validated v
cross join lateral (
  select r.*
  from quality.validation_result r
  where r.source = v.source
    and r.entity = v.entity
  order by r.validated_at desc
  limit 1
) newest;
