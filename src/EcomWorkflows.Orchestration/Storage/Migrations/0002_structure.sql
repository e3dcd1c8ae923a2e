-- Branches, short circuits, mapped tasks, setups and teardowns. Like the counters of 0001, these follow from the states of the other instances of the run.
alter table orchestration.task_instance
  add column upstream_bypassed  int     not null default 0 check (upstream_bypassed <= upstream_skipped),  -- of the skipped ones: a branch went past them
  add column open_gates         int     not null default 0 check (open_gates >= 0),  -- branches and short circuits above that might still skip the task
  add column setup_total        int     not null default 0,  -- setups the task looks at
  add column setup_success      int     not null default 0,
  add column setup_skipped      int     not null default 0,
  add column setup_failed       int     not null default 0,  -- failed or upstream_failed
  add column setup_removed      int     not null default 0,
  add column routing            jsonb,                       -- what a successful branch or short circuit said about the way on
  add column map_item           jsonb,                       -- the element of the list a mapped instance is for
  add constraint task_instance_setups check (setup_success + setup_skipped + setup_failed + setup_removed <= setup_total),
  add constraint task_instance_map_index check (map_index >= -1);
