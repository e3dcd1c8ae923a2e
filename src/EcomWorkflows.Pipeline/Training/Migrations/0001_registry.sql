-- The index of the model registry. The folders under models/ hold the models themselves; this says which exist and which are in use.
create schema registry;

create table registry.model (
  name        text        not null primary key,
  created_at  timestamptz not null default now(),
  constraint model_name_is_a_folder_name check (name ~ '^[a-z][a-z0-9_-]*$')
);

create table registry.model_version (
  name                  text        not null references registry.model,
  version               int         not null,
  learner               text        not null,
  folder                text        not null,          -- relative to ECOM_HOME
  model_sha256          text        not null,          -- of the model's own file; checked before every load
  features              text[]      not null,
  threshold             real        not null,
  parameters            jsonb       not null,
  metrics               jsonb       not null,          -- on the time-based test set
  source                text        not null,
  training_snapshot_id  bigint      not null,
  dataset_tag           text,
  dataset_commit        text,
  feature_view          text        not null,
  feature_view_version  int,
  train_cutoff          timestamptz not null,
  test_cutoff           timestamptz not null,
  dag_id                text        not null,
  run_key               text        not null,
  run_id                bigint      not null,
  attempt_id            bigint      not null,
  created_at            timestamptz not null,
  primary key (name, version),
  constraint versions_count_from_one check (version >= 1),
  constraint tested_after_training check (test_cutoff > train_cutoff)
);

create index model_version_by_run on registry.model_version (run_id);

create table registry.model_alias (
  name     text        not null,
  alias    text        not null,
  version  int         not null,
  set_at   timestamptz not null,
  primary key (name, alias),
  foreign key (name, version) references registry.model_version
);

-- Append-only: who moved an alias, from where to where, and why.
create table registry.model_alias_event (
  id            bigint      generated always as identity primary key,
  name          text        not null references registry.model,
  alias         text        not null,
  from_version  int,
  to_version    int         not null,
  moved         boolean     not null,                  -- false: the gate refused the move, and this is its evidence
  reason        text        not null,
  evidence      jsonb       not null,
  attempt_id    bigint,
  at            timestamptz not null
);

create index model_alias_event_by_name on registry.model_alias_event (name, id);
