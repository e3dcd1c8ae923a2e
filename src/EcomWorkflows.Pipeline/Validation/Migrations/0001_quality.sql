-- What validation found. One result per (run, source, entity): a rerun of the task replaces it.
create schema quality;

create table quality.validation_result (
  validation_result_id    bigint       generated always as identity primary key,
  run_id                  bigint       not null,
  dag_id                  text         not null,
  run_key                 text         not null,
  task_id                 text         not null,
  attempt_id              bigint       not null,
  source                  text         not null,
  entity                  text         not null,
  suite_name              text         not null,
  data_interval_start     timestamptz  not null,
  data_interval_end       timestamptz  not null,
  bronze_snapshot_id      bigint,
  quarantine_snapshot_id  bigint       not null,
  -- passed: every expectation holds; warned: some of severity warning or info do not; failed: a critical one does not.
  outcome                 text         not null check (outcome in ('passed', 'warned', 'failed')),
  evaluated_expectations  int          not null,
  successful_expectations int          not null check (successful_expectations between 0 and evaluated_expectations),
  rows_read               bigint       not null,
  rows_refused            bigint       not null,
  rows_quarantined        bigint       not null,
  rows_kept               bigint       not null,
  -- Great Expectations' validation result.
  result                  jsonb        not null,
  validated_at            timestamptz  not null,
  unique (run_id, source, entity),
  -- Nothing is lost: what was read is kept or in quarantine.
  check (rows_kept + rows_quarantined = rows_read),
  check (rows_refused <= rows_quarantined)
);

create index validation_result_by_table on quality.validation_result (source, entity, validated_at desc);

create table quality.expectation_result (
  validation_result_id  bigint    not null references quality.validation_result on delete cascade,
  ordinal               int       not null,
  -- The same for the same expectation in every run: what a history is made of.
  expectation_key       text      not null,
  type                  text      not null,
  columns               text[]    not null,
  statement             text      not null,
  code                  text      not null,
  severity              text      not null check (severity in ('info', 'warning', 'critical')),
  on_fail               text      not null check (on_fail in ('accept', 'quarantine')),
  mostly                float8    not null,
  success               boolean   not null,
  exception_message     text,
  element_count         bigint,
  missing_count         bigint,
  unexpected_count      bigint,
  observed_value        jsonb,
  resolution            text      not null,
  primary key (validation_result_id, ordinal),
  -- What could not be checked did not succeed.
  check (exception_message is null or not success)
);

create index expectation_result_history on quality.expectation_result (expectation_key, validation_result_id desc);

create table quality.quarantine_reason (
  validation_result_id  bigint  not null references quality.validation_result on delete cascade,
  code                  text    not null,
  row_count             bigint  not null check (row_count > 0),
  primary key (validation_result_id, code)
);

create table quality.report (
  validation_result_id  bigint  primary key references quality.validation_result on delete cascade,
  -- Folder relative to ECOM_HOME, with index.html, report.csv and result.json.
  path                  text    not null
);
