create schema versioning;

-- An index of the dataset repository's tags: the repository is the truth, this table finds things in it.
create table versioning.dataset_version (
  id           bigint      generated always as identity primary key,
  dataset      text        not null,
  version      int         not null check (version > 0),
  tag          text        not null unique,
  commit_sha   text        not null,
  md5          text        not null,                          -- content of the pointer file; ends with .dir for a folder
  sha256       text        not null,
  bytes        bigint      not null,
  files        int         not null,
  rows         bigint      not null,
  schema_hash  text        not null,
  parent_tag   text,
  change_note  text        not null,
  manifest     jsonb       not null,
  created_at   timestamptz not null,
  run_id       bigint      not null,
  attempt_id   bigint      not null,
  unique (dataset, version)
);

-- Which version a run worked with: several runs share one version as long as the content stays the same.
create table versioning.run_dataset (
  run_id              bigint not null,
  dataset             text   not null,
  dataset_version_id  bigint not null references versioning.dataset_version,
  primary key (run_id, dataset)
);
