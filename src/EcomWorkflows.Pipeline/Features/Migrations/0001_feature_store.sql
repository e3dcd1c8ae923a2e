create schema features;

create table features.entity (
  name         text        primary key,
  join_key     text        not null,
  value_type   text        not null,
  description  text        not null,
  created_at   timestamptz not null default now()
);

create table features.feature_view (
  id               int         generated always as identity primary key,
  name             text        not null unique check (name ~ '^[a-z][a-z0-9_]*$'),
  entity           text        not null references features.entity,
  source           text        not null,
  description      text        not null,
  owner            text        not null,
  tags             jsonb       not null default '{}',
  ttl              interval,                                  -- null: values never expire
  current_version  int         not null check (current_version > 0),
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);

-- A version is a schema and a logic: whatever changes either gets a new number, and the old number keeps its meaning.
create table features.feature_view_version (
  view_id             int         not null references features.feature_view,
  version             int         not null check (version > 0),
  logic_hash          text        not null,
  created_at          timestamptz not null default now(),
  run_id              bigint      not null,
  attempt_id          bigint      not null,
  primary key (view_id, version),
  unique (view_id, logic_hash)
);

create table features.feature (
  view_id      int  not null,
  version      int  not null,
  position     int  not null check (position >= 0),           -- place in the online store's value array
  name         text not null,
  type         text not null,
  description  text not null,
  feature_group text not null,
  primary key (view_id, version, position),
  unique (view_id, version, name),
  foreign key (view_id, version) references features.feature_view_version
);

-- The frozen set of features one model uses.
create table features.feature_service (
  name         text        primary key,
  description  text        not null,
  owner        text        not null,
  tags         jsonb       not null default '{}',
  updated_at   timestamptz not null default now()
);

create table features.feature_service_feature (
  service   text not null references features.feature_service on delete cascade,
  position  int  not null,
  view_id   int  not null,
  version   int  not null,
  feature   text not null,
  primary key (service, position),
  foreign key (view_id, version, feature) references features.feature (view_id, version, name)
);

create table features.materialization (
  id                bigint      generated always as identity primary key,
  view_id           int         not null,
  version           int         not null,
  as_of             timestamptz not null,
  rows              bigint      not null,
  lake_snapshot_id  bigint      not null,
  input_snapshots   jsonb       not null,                     -- silver table -> lake snapshot id
  online            boolean     not null,
  run_id            bigint      not null,
  attempt_id        bigint      not null,
  created_at        timestamptz not null,
  foreign key (view_id, version) references features.feature_view_version
);

create index on features.materialization (view_id, as_of, id);

create table features.feature_statistics (
  materialization_id  bigint           not null references features.materialization on delete cascade,
  feature             text             not null,
  count               bigint           not null,              -- not null
  null_rate           double precision not null check (null_rate between 0 and 1),
  mean                double precision,
  std                 double precision,
  min                 double precision,
  max                 double precision,
  quantiles           double precision[],                     -- 1, 5, 25, 50, 75, 95, 99 %, of a sample when there are many rows
  primary key (materialization_id, feature)
);

-- The online store is one table per view version, features.online_<view_id>_v<version> (entity_key, event_timestamp, "values"), made by materialisation.
