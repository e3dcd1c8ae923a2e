-- Each time a quarantine was looked at again, and what became of its rows.
create table quality.replay (
  attempt_id            bigint       primary key,
  validation_result_id  bigint       not null references quality.validation_result on delete cascade,
  replayed_at           timestamptz  not null,
  rows_before           bigint       not null,
  rows_released         bigint       not null check (rows_released between 0 and rows_before),
  rows_newly_held       bigint       not null,
  files_reread          int          not null
);
