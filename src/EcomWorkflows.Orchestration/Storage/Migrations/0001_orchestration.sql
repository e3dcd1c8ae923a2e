-- The orchestrator's tables. State lives here; decisions are made by Planning and written as short transactions
-- that also write an event row. Every transition of a run first locks its dag_run row, so transitions of one run never deadlock.
create schema orchestration;

create table orchestration.dag (
  dag_id           text        primary key check (dag_id ~ '^[A-Za-z0-9_.-]{1,250}$'),
  current_version  int         not null,
  is_paused        boolean     not null,
  is_active        boolean     not null default true,  -- false once its file is gone; its history stays
  source_file      text,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);

-- Immutable: what a run was made from can always be read again.
create table orchestration.dag_version (
  dag_id        text        not null references orchestration.dag deferrable initially deferred,
  version       int         not null check (version > 0),
  content_hash  text        not null,
  definition    jsonb       not null,  -- the Dag record
  document      text        not null,  -- the Elsa JSON exactly as it came
  created_at    timestamptz not null default now(),
  created_by    text        not null,
  primary key (dag_id, version)
);

create table orchestration.import_error (
  file         text        primary key,
  problems     jsonb       not null,  -- [{"place":…,"message":…}]
  recorded_at  timestamptz not null default now()
);

create table orchestration.pool (
  name         text primary key,
  slots        int  not null check (slots >= 0),
  description  text not null default ''
);
insert into orchestration.pool (name, slots, description)
values ('default_pool', 128, 'Used by every task that names no other pool');

create table orchestration.node (
  node_id         uuid        primary key,
  host            text        not null,
  boot_id         text        not null,
  process_id      int         not null,
  process_ticks   bigint      not null,  -- start time of the process: a process id alone may be reused
  program_version text        not null,
  started_at      timestamptz not null default clock_timestamp(),
  lease_until     timestamptz not null,
  stopped_at      timestamptz
);
create index node_alive on orchestration.node (lease_until) where stopped_at is null;

create table orchestration.dag_run (
  run_id               bigint      generated always as identity primary key,
  dag_id               text        not null,
  run_key              text        not null,
  dag_version          int         not null,
  run_type             text        not null check (run_type in ('manual', 'scheduled', 'backfill', 'asset_triggered')),
  logical_date         timestamptz not null,
  data_interval_start  timestamptz not null,
  data_interval_end    timestamptz not null,
  state                text        not null check (state in ('queued', 'running', 'success', 'failed')),
  params               jsonb       not null,
  clear_number         int         not null default 0,  -- the generation: +1 whenever a finished run is cleared
  unfinished           int         not null check (unfinished >= 0),
  message              text,
  note                 text,
  created_by           text        not null,
  queued_at            timestamptz not null default now(),
  started_at           timestamptz,
  ended_at             timestamptz,
  deadline             timestamptz,
  updated_at           timestamptz not null default now(),
  unique (dag_id, run_key),
  foreign key (dag_id, dag_version) references orchestration.dag_version (dag_id, version),
  check (data_interval_start <= data_interval_end),
  check ((ended_at is not null) = (state in ('success', 'failed')))
);
-- A schedule's tick may fire twice; it makes one run.
create unique index dag_run_one_per_slot on orchestration.dag_run (dag_id, logical_date) where run_type = 'scheduled';
create index dag_run_by_dag on orchestration.dag_run (dag_id, run_id desc);
create index dag_run_active on orchestration.dag_run (dag_id, run_id) where state in ('queued', 'running');

create table orchestration.task_instance (
  task_instance_id       bigint      generated always as identity primary key,
  run_id                 bigint      not null references orchestration.dag_run on delete cascade,
  dag_id                 text        not null,
  task_id                text        not null,
  map_index              int         not null default -1,
  state                  text        not null default 'none' check (state in (
    'none', 'scheduled', 'queued', 'running', 'restarting', 'up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input',
    'success', 'failed', 'skipped', 'upstream_failed', 'removed')),
  is_derived             boolean     not null default false,  -- set by a trigger rule: recomputed when an upstream changes
  try_number             int         not null default 0,      -- 0 at creation, +1 when queued for a new attempt
  user_tries             int         not null default 0,      -- since the last clear, counted against retries
  infra_tries            int         not null default 0,      -- since the last clear, counted against infra_retries
  upstream_total         int         not null,
  upstream_success       int         not null default 0,
  upstream_skipped       int         not null default 0,
  upstream_failed        int         not null default 0,
  upstream_blocked       int         not null default 0,      -- upstreams that are upstream_failed
  upstream_removed       int         not null default 0,
  pool                   text        not null,
  pool_slots             int         not null check (pool_slots > 0),
  priority_weight        int         not null,
  attempt_id             bigint,                              -- the newest attempt
  not_before             timestamptz,                         -- up_for_retry: when the next try is due
  queued_at              timestamptz,
  started_at             timestamptz,
  ended_at               timestamptz,
  cause                  text,
  message                text,
  progress               real,
  progress_message       text,
  unique (run_id, task_id, map_index),
  check (upstream_success + upstream_skipped + upstream_failed + upstream_blocked + upstream_removed <= upstream_total),
  check ((not_before is not null) = (state in ('up_for_retry', 'up_for_reschedule')))
);
-- The queue: its order is that of the claim.
create index task_instance_queue on orchestration.task_instance (priority_weight desc, queued_at, task_instance_id) where state = 'queued';
create index task_instance_due on orchestration.task_instance (not_before) where state in ('up_for_retry', 'up_for_reschedule');
create index task_instance_running on orchestration.task_instance (pool, dag_id) where state = 'running';

create table orchestration.task_attempt (
  attempt_id        bigint      generated always as identity primary key,
  task_instance_id  bigint      not null references orchestration.task_instance on delete cascade,
  run_id            bigint      not null,
  try_number        int         not null check (try_number > 0),
  node_id           uuid        not null references orchestration.node,
  state             text        not null check (state in ('running', 'success', 'failed', 'skipped', 'fenced')),
  cause             text,
  message           text,
  exception         text,
  outputs           jsonb,
  started_at        timestamptz not null default clock_timestamp(),
  ended_at          timestamptz,
  deadline          timestamptz,
  unique (task_instance_id, try_number),
  check ((ended_at is not null) = (state <> 'running'))
);
create index task_attempt_running on orchestration.task_attempt (node_id) where state = 'running';
create index task_attempt_by_run on orchestration.task_attempt (run_id);

create table orchestration.attempt_log (
  log_id      bigint      generated always as identity,
  attempt_id  bigint      not null references orchestration.task_attempt on delete cascade,
  logged_at   timestamptz not null,
  level       text        not null check (level in ('trace', 'debug', 'info', 'warning', 'error', 'critical')),
  category    text        not null,
  message     text        not null,
  fields      jsonb,
  exception   text,
  primary key (attempt_id, log_id)
);

-- Append-only: who did what, when, before and after. Also what the invariants are checked against.
create table orchestration.event (
  event_id          bigint      generated always as identity primary key,
  occurred_at       timestamptz not null default clock_timestamp(),
  kind              text        not null,
  actor             text        not null,
  dag_id            text,
  run_id            bigint,
  task_instance_id  bigint,
  attempt_id        bigint,
  task_id           text,
  state_before      text,
  state_after       text,
  details           jsonb
);
create index event_by_run on orchestration.event (run_id, event_id);
create index event_by_dag on orchestration.event (dag_id, event_id);
