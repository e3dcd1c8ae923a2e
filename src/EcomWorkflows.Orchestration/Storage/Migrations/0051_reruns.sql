-- Every clear, mark and cancel makes a new generation of a run; what was decided looking at an older one is refused.
alter table orchestration.dag_run add column generation int not null default 0;

alter table orchestration.task_instance add column note text;
