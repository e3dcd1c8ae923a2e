-- What later runs compare themselves with, and what stood out when they did.
create table quality.column_profile (
  validation_result_id  bigint  not null references quality.validation_result on delete cascade,
  ordinal               int     not null,
  column_name           text    not null,
  type                  text    not null,
  null_count            bigint  not null,
  distinct_count        bigint  not null,
  distinct_is_exact     boolean not null,
  mean                  float8,
  min_value             text,
  max_value             text,
  primary key (validation_result_id, ordinal)
);

-- Each figure that was compared with the runs before, with the bounds used; unusual where it lies outside.
create table quality.anomaly (
  validation_result_id  bigint  not null references quality.validation_result on delete cascade,
  metric                text    not null,
  statement             text    not null,
  value                 float8  not null,
  low                   float8  not null,
  high                  float8  not null,
  median                float8  not null,
  run_count             int     not null check (run_count > 0),
  is_anomaly            boolean not null,
  primary key (validation_result_id, metric),
  check (is_anomaly = (value < low or value > high))
);
