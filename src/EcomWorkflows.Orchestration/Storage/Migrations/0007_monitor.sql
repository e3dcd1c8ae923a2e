-- For lists of runs: when a run was made (queued_at moves when it is cleared), and what lists filter by.
alter table orchestration.dag_run add column created_at timestamptz;
update orchestration.dag_run set created_at = queued_at;
alter table orchestration.dag_run
  alter column created_at set default now(),
  alter column created_at set not null;

create index dag_run_by_state on orchestration.dag_run (state, run_id desc);
create index dag_run_by_key on orchestration.dag_run (run_key, run_id);
create index dag_run_by_creation on orchestration.dag_run (created_at);

-- Which runs have failed tasks, and which of those were cancelled: read without looking at the instances that went well.
create index task_instance_failed on orchestration.task_instance (run_id, cause) where state = 'failed';
