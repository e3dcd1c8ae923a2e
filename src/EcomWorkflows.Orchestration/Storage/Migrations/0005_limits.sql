-- The queue in its order: by pool; what was passed over too often first (see QueueRules), then weight, logical date, map index, id.
alter table orchestration.task_instance
  add column queue_date   timestamptz,               -- logical date of the run, set when queued: part of the queue's order
  add column passed_over  int not null default 0;    -- since it was queued: how often a later one of its pool was started because it was too wide

update orchestration.task_instance t
set queue_date = r.logical_date
from orchestration.dag_run r
where r.run_id = t.run_id
  and t.state = 'queued';

drop index orchestration.task_instance_queue;
create index task_instance_queue on orchestration.task_instance
  (pool, (passed_over <= 50), (-priority_weight), queue_date, map_index, task_instance_id) where state = 'queued';

-- Rows of both tables change state several times within seconds: keep their pages in order as they go.
alter table orchestration.task_instance set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
alter table orchestration.task_attempt set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
alter table orchestration.dag_run set (fillfactor = 70);
