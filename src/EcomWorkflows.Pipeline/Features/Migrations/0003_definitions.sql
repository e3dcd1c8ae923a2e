-- Views, their versions and services come from files now, also before anything was computed, and old versions stay readable.

alter table features.feature_view
  add column entities     text[]  not null default '{}',      -- names; the first is also in entity
  add column from_source  jsonb   not null default '{}',      -- table, SQL, task, pushes, or inputs of an on-demand view
  add column push_source  text,
  add column online       boolean not null default true;

update features.feature_view
set entities = array[entity],
    from_source = jsonb_build_object('Task', 'Ecom.BuildFeatures', 'Of', source, 'Timestamp', 'event_timestamp');

alter table features.feature_view alter column entities drop default;

alter table features.feature_view_version
  add column history_snapshot_id  bigint,                     -- lake snapshot with the version's whole history; null before the first materialisation
  add column superseded_snapshot_id  bigint,                  -- lake snapshot with what was known before and is known better since
  add column from_source          jsonb not null default '{}',
  add column entities             text[] not null default '{}',
  alter column run_id drop not null,                          -- null: applied from files, not by a run
  alter column attempt_id drop not null;

update features.feature_view_version v
set from_source = f.from_source,
    entities = f.entities,
    history_snapshot_id = (
      select m.lake_snapshot_id
      from features.materialization m
      where m.view_id = v.view_id
        and m.version = v.version
      order by m.id desc
      limit 1)
from features.feature_view f
where f.id = v.view_id;

alter table features.feature add column expression text;      -- of on-demand features

-- A service is frozen: another set of features is another version.
alter table features.feature_service add column current_version int not null default 1 check (current_version > 0);

create table features.feature_service_version (
  service     text        not null references features.feature_service on delete cascade,
  version     int         not null check (version > 0),
  created_at  timestamptz not null default now(),
  primary key (service, version)
);

insert into features.feature_service_version (service, version)
select name, 1
from features.feature_service;

alter table features.feature_service_feature drop constraint feature_service_feature_pkey;
alter table features.feature_service_feature drop constraint feature_service_feature_service_fkey;
alter table features.feature_service_feature add column service_version int not null default 1;
alter table features.feature_service_feature alter column service_version drop default;
alter table features.feature_service_feature add primary key (service, service_version, position);
alter table features.feature_service_feature
  add foreign key (service, service_version) references features.feature_service_version on delete cascade;

-- Who uses what: the service version a model version was trained on.
create table features.service_use (
  service          text        not null,
  service_version  int         not null,
  model            text        not null,
  model_version    int         not null,
  at               timestamptz not null default now(),
  primary key (model, model_version),
  foreign key (service, service_version) references features.feature_service_version on delete cascade
);

-- Pushed rows wait here until the view's next materialisation takes them into the lake; historical queries read both.
create table features.pushed_row (
  id                 bigint      generated always as identity primary key,
  view_id            int         not null references features.feature_view,
  version            int         not null,
  entity_key         text        not null collate "C",
  event_timestamp    timestamptz not null,
  created_timestamp  timestamptz not null,
  "values"           bytea       not null
);

create index pushed_row_by_view on features.pushed_row (view_id, version, id);

-- The history whose files have come online incrementally. By snapshot, not by a time: a late row is in a new file, whatever its times say.
create table features.materialized_until (
  view_id      int         not null,
  version      int         not null,
  snapshot_id  bigint      not null,
  primary key (view_id, version),
  foreign key (view_id, version) references features.feature_view_version
);

-- Proof after a materialisation that what is served equals what history says.
create table features.consistency_check (
  id          bigint           generated always as identity primary key,
  view_id     int              not null,
  version     int              not null,
  checked_at  timestamptz      not null,
  entities    int              not null,                      -- sampled
  cells       bigint           not null,                      -- values compared, with their statuses and timestamps
  equal       bigint           not null,
  examples    jsonb            not null default '[]',         -- of what differs
  foreign key (view_id, version) references features.feature_view_version
);

create index on features.consistency_check (view_id, id);
