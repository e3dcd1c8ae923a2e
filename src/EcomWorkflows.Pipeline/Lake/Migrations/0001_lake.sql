-- The lake's catalog: lake table -> snapshots -> files. A file that no snapshot names does not exist for any reader.
create schema lake;

create table lake.snapshot (
  snapshot_id          bigint      generated always as identity primary key,
  layer                text        not null,
  source               text        not null,
  name                 text        not null,
  created_at           timestamptz not null default clock_timestamp(),
  data_interval_start  timestamptz not null,
  data_interval_end    timestamptz not null,
  run_id               bigint      not null,
  attempt_id           bigint      not null,
  rows                 bigint      not null check (rows >= 0),
  bytes                bigint      not null check (bytes >= 0),
  columns              jsonb       not null  -- [{"name":…,"type":…}] in order
);
-- The current content of a table is its snapshot with the latest data interval, then the newest.
create index snapshot_current on lake.snapshot (layer, source, name, data_interval_end desc, snapshot_id desc);
create index snapshot_by_run on lake.snapshot (run_id, layer, source, name, snapshot_id desc);

create table lake.file (
  snapshot_id   bigint not null references lake.snapshot on delete cascade,
  position      int    not null,
  path          text   not null,  -- relative to the lake folder
  rows          bigint not null check (rows >= 0),
  bytes         bigint not null check (bytes >= 0),
  sha256        text   not null,
  partition     text,
  derived_from  text,             -- what exactly it was made from; the same again need not be made again
  primary key (snapshot_id, position)
);
create index file_by_path on lake.file (path);
create index file_by_origin on lake.file (derived_from) where derived_from is not null;

create table lake.raw_file (
  raw_file_id    bigint      generated always as identity primary key,
  source         text        not null,
  entity         text        not null,
  path           text        not null unique,  -- relative to the lake folder; the file is immutable
  sha256         text        not null,
  bytes          bigint      not null check (bytes >= 0),
  original       text        not null,          -- path or URL it came from
  first_ingested timestamptz not null default clock_timestamp(),
  last_ingested  timestamptz not null default clock_timestamp(),
  run_id         bigint      not null,
  attempt_id     bigint      not null,
  unique (source, entity, sha256)               -- the same bytes again are recognised
);
