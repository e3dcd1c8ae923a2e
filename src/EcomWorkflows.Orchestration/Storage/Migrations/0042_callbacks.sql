-- What is to be told to the outside: written by the transition's own transaction, sent afterwards, kept as history.
create table orchestration.callback (
  callback_id      bigint      generated always as identity primary key,
  idempotency_key  uuid        not null unique default gen_random_uuid(),
  event            text        not null check (event in ('success', 'failure', 'retry', 'deadline')),
  dag_id           text        not null,
  run_id           bigint      not null references orchestration.dag_run on delete cascade,
  task_id          text,                                     -- null: about the run
  attempt_id       bigint,
  channel          text        not null check (channel in ('webhook', 'email')),
  target           text        not null,                     -- address, or recipients separated by commas
  connection       text,
  facts            jsonb       not null,
  state            text        not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
  tries            int         not null default 0,
  not_before       timestamptz not null default clock_timestamp(),
  last_error       text,
  created_at       timestamptz not null default clock_timestamp(),
  ended_at         timestamptz,
  check ((ended_at is not null) = (state <> 'pending'))
);
create index callback_due on orchestration.callback (not_before) where state = 'pending';
create index callback_by_run on orchestration.callback (run_id);
create index callback_dead on orchestration.callback (callback_id) where state = 'dead';

-- When the run's next deadline is to be looked at; -infinity: not looked at yet, infinity: none is left.
alter table orchestration.dag_run add column next_deadline timestamptz not null default '-infinity';
create index dag_run_deadline on orchestration.dag_run (next_deadline) where state = 'running' and next_deadline < 'infinity';
