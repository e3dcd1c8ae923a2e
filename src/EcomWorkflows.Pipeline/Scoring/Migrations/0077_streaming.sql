-- Predictions between the daily scorings: in each interval, the entities whose online features, or whose champion, had changed since they were scored last.
create table gold.stream_prediction (
  model_name         text             not null,
  interval_start     timestamptz      not null,
  interval_end       timestamptz      not null,
  entity_key         text             collate "C" not null,
  model_version      int              not null,
  probability        double precision not null,
  predicted_label    int              not null,
  threshold          real             not null,
  feature_timestamp  timestamptz      not null,          -- the oldest time one of its features belongs to
  features_hash      text             not null,          -- of the values it was scored with
  run_id             bigint           not null,
  attempt_id         bigint           not null,
  scored_at          timestamptz      not null,
  primary key (model_name, interval_start, entity_key)
);

create index stream_prediction_by_entity on gold.stream_prediction (model_name, entity_key, interval_start desc);

-- One row per entity: its newest prediction.
create view gold.stream_prediction_latest as
select distinct on (model_name, entity_key) *
from gold.stream_prediction
order by model_name, entity_key, interval_start desc;
