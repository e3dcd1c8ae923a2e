-- How the newest values of a version are distributed against those of an earlier time.
create table features.drift (
  view_id              int              not null,
  version              int              not null,
  checked_at           timestamptz      not null,
  as_of                timestamptz      not null,
  reference_as_of      timestamptz      not null,
  feature              text             not null,
  rows                 bigint           not null,            -- of the sample at as_of
  reference_rows       bigint           not null,
  psi                  double precision,                     -- null where a side has no value, and for texts
  psi_threshold        double precision,
  ks                   double precision,
  ks_threshold         double precision,
  null_rate            double precision not null,
  reference_null_rate  double precision not null,
  null_threshold       double precision not null,            -- for the difference of the null rates
  drifted              boolean          not null,
  run_id               bigint           not null,
  primary key (view_id, version, checked_at, feature),
  foreign key (view_id, version) references features.feature_view_version
);
