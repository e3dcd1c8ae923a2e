-- Attempts that wait without a slot: between two checks of a sensor, for an outside event, for a person.
-- The attempt stays the same one (same try number, same log); each time it is taken up again is one more check of it.
alter table orchestration.task_attempt
  drop constraint task_attempt_state_check,
  drop constraint task_attempt_check,
  add constraint task_attempt_state_check check (state in ('running', 'waiting', 'success', 'failed', 'skipped', 'fenced')),
  add constraint task_attempt_ended_check check ((ended_at is not null) = (state not in ('running', 'waiting'))),
  add column checks int   not null default 1,  -- how often it was taken up; an outcome of an earlier check is refused
  add column memo   jsonb,                     -- what the task wants to know at its next check
  add column answer jsonb;                     -- what a person answered: {"option":…,"by":…,"comment":…,"at":…}

alter table orchestration.task_instance
  drop constraint task_instance_check1,
  add column event_key text,                   -- deferred: the event it waits for
  add constraint task_instance_due_check check (
    not_before is not null and state in ('up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input')
    or not_before is null and state not in ('up_for_retry', 'up_for_reschedule')),
  add constraint task_instance_event_check check (event_key is null or state = 'deferred');

drop index orchestration.task_instance_due;
create index task_instance_due on orchestration.task_instance (not_before)
  where state in ('up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input');
create index task_instance_deferred on orchestration.task_instance (event_key) where state = 'deferred';

-- Events that deferred tasks wait for. One that was raised stays raised.
create table orchestration.raised_event (
  event_key  text        primary key,
  raised_at  timestamptz not null default clock_timestamp(),
  raised_by  text        not null
);

-- What a task asked a person; at most one question of an attempt is open.
create table orchestration.question (
  question_id       bigint      generated always as identity primary key,
  attempt_id        bigint      not null references orchestration.task_attempt on delete cascade,
  task_instance_id  bigint      not null,
  subject           text        not null,
  body              text        not null default '',
  options           text[]      not null check (cardinality(options) > 0),
  assignees         text[]      not null default '{}',  -- empty: anybody who may operate
  asked_at          timestamptz not null default clock_timestamp(),
  answered_at       timestamptz,
  answered_by       text,
  answer            text,
  comment           text,
  closed_at         timestamptz                         -- answered, timed out or withdrawn
);
create unique index question_open on orchestration.question (attempt_id) where closed_at is null;
create index question_by_instance on orchestration.question (task_instance_id);
