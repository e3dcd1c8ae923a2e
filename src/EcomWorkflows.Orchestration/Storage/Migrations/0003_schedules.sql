-- Time, assets and backfills. What is due is a column, so one indexed statement finds it however many DAGs there are.

-- One row per DAG: when its schedule is looked at next, and how far it has come.
create table orchestration.dag_schedule (
  dag_id          text        primary key references orchestration.dag,
  signature       text,                -- of the settings that say when runs are due; null: written before this table was
  effective_from  timestamptz,         -- when those settings last changed; null: never. Slots that ended before get no run by themselves
  last_start      timestamptz,         -- the newest slot that has its run
  last_end        timestamptz,
  next_due        timestamptz,         -- '-infinity': to be worked out; null: nothing is due by time
  problem         text,                -- why the last due run could not be made
  check ((last_start is null) = (last_end is null))
);
create index dag_schedule_due on orchestration.dag_schedule (next_due) where next_due is not null;

insert into orchestration.dag_schedule (dag_id, next_due, last_start, last_end)
select d.dag_id, '-infinity', newest.logical_date, newest.data_interval_end
from orchestration.dag d
left join lateral (
  select r.logical_date, r.data_interval_end
  from orchestration.dag_run r
  where r.dag_id = d.dag_id
    and r.run_type = 'scheduled'
  order by r.logical_date desc
  limit 1
) newest on true;

create table orchestration.backfill (
  backfill_id         bigint      generated always as identity primary key,
  dag_id              text        not null references orchestration.dag,
  from_date           timestamptz not null,
  to_date             timestamptz not null,
  params              jsonb,               -- null: those of the DAG's defaults
  reprocess_behavior  text        not null check (reprocess_behavior in ('none', 'failed', 'completed')),
  run_backwards       boolean     not null,
  max_active_runs     int         not null check (max_active_runs between 1 and 10000),
  is_paused           boolean     not null default false,
  created_by          text        not null,
  created_at          timestamptz not null default clock_timestamp(),
  updated_at          timestamptz not null default clock_timestamp(),
  completed_at        timestamptz,
  is_cancelled        boolean     not null default false,
  check (from_date <= to_date),
  check (not is_cancelled or completed_at is not null)
);
-- Two backfills of one DAG would fight over its dates.
create unique index backfill_one_active on orchestration.backfill (dag_id) where completed_at is null;
create index backfill_by_dag on orchestration.backfill (dag_id, backfill_id desc);

alter table orchestration.dag_run add column backfill_id bigint references orchestration.backfill;
create index dag_run_by_backfill on orchestration.dag_run (backfill_id) where backfill_id is not null;

-- One row per date with what was done and why; kept after the runs are gone.
create table orchestration.backfill_date (
  backfill_id          bigint      not null references orchestration.backfill on delete cascade,
  ordinal              int         not null,
  logical_date         timestamptz not null,
  data_interval_start  timestamptz not null,
  data_interval_end    timestamptz not null,
  action               text        not null check (action in ('create', 'reprocess', 'skip')),
  state                text        not null check (state in ('waiting', 'started', 'skipped', 'released')),
  reason               text        not null,
  run_id               bigint      references orchestration.dag_run on delete set null,
  updated_at           timestamptz not null default clock_timestamp(),
  primary key (backfill_id, ordinal)
);
create index backfill_date_waiting on orchestration.backfill_date (backfill_id, ordinal) where state = 'waiting';

-- A slot has one run, whether the schedule or a backfill made it.
drop index orchestration.dag_run_one_per_slot;
create unique index dag_run_one_per_slot on orchestration.dag_run (dag_id, logical_date) where run_type in ('scheduled', 'backfill');

-- Waits in the queue until the same task of the run before has succeeded or was skipped.
alter table orchestration.task_instance add column depends_on_past boolean not null default false;

create table orchestration.asset (
  asset_id    bigint      generated always as identity primary key,
  name        text        not null unique,
  created_at  timestamptz not null default clock_timestamp()
);

-- Which DAG writes, reads and waits for which asset, as its current version says; task_id is '' for the DAG's own schedule.
create table orchestration.dag_asset (
  dag_id   text not null references orchestration.dag,
  asset    text not null references orchestration.asset (name),
  role     text not null check (role in ('outlet', 'inlet', 'schedule')),
  task_id  text not null,
  primary key (dag_id, role, asset, task_id),
  check ((task_id = '') = (role = 'schedule'))
);
create index dag_asset_by_asset on orchestration.dag_asset (asset, role);

-- What a running attempt has said about an asset; it becomes an event when the attempt succeeds.
create table orchestration.attempt_asset (
  attempt_id  bigint not null references orchestration.task_attempt on delete cascade,
  asset       text   not null,
  row_count   bigint check (row_count >= 0),
  extra       jsonb  not null default '{}',
  primary key (attempt_id, asset)
);

-- Append-only. It keeps the names of its run and task, so that it can be read when they are gone.
create table orchestration.asset_event (
  asset_event_id       bigint      generated always as identity primary key,
  asset                text        not null references orchestration.asset (name),
  occurred_at          timestamptz not null,
  dag_id               text,               -- null: reported from outside
  run_id               bigint,
  run_key              text,
  task_id              text,
  map_index            int,
  attempt_id           bigint,
  data_interval_start  timestamptz,
  data_interval_end    timestamptz,
  row_count            bigint,
  extra                jsonb       not null default '{}',
  created_by           text        not null,
  unique (attempt_id, asset)               -- an attempt's outcome is written once
);
create index asset_event_by_asset on orchestration.asset_event (asset, asset_event_id desc);
create index asset_event_by_run on orchestration.asset_event (run_id);

-- An event's way to each DAG that is scheduled on its asset: waiting while run_id is null, then used by that run and no other.
create table orchestration.asset_delivery (
  dag_id          text   not null references orchestration.dag,
  asset_event_id  bigint not null references orchestration.asset_event,
  asset           text   not null,
  run_id          bigint references orchestration.dag_run on delete set null,
  is_used         boolean not null default false,
  primary key (dag_id, asset_event_id),
  check (is_used or run_id is null)
);
create index asset_delivery_waiting on orchestration.asset_delivery (dag_id) where not is_used;
create index asset_delivery_by_run on orchestration.asset_delivery (run_id) where run_id is not null;
create index asset_delivery_by_event on orchestration.asset_delivery (asset_event_id);
