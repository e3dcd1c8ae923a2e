-- What ingestion remembers of a source between runs: a watermark, an ETag. Written in the transaction that publishes the data it speaks of.
create table lake.source_state (
  source      text        not null,
  entity      text        not null,
  state       jsonb       not null,
  updated_at  timestamptz not null default clock_timestamp(),
  run_id      bigint      not null,
  attempt_id  bigint      not null,
  primary key (source, entity)
);

alter table lake.raw_file add column rows bigint check (rows >= 0);  -- records in it; null: ingested before they were counted here
alter table lake.raw_file add column version text;                   -- the ETag of the object it came from; null where it has none
create index raw_file_by_version on lake.raw_file (source, entity, original, version) where version is not null;
