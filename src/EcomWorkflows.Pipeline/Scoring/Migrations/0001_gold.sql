create schema gold;

-- One row per scoring of a source as of a moment: what all its predictions have in common, and the way back to everything they were made from.
create table gold.churn_scoring (
  source                text        not null,
  as_of                 timestamptz not null,
  model_name            text        not null,
  model_version         int         not null,
  threshold             real        not null,
  outcome_days          int         not null,          -- the probability is that of no activity in so many days from as_of on
  feature_view          text        not null,
  feature_view_version  int,
  features_snapshot_id  bigint      not null,
  training_dataset_tag  text,
  customers             bigint      not null,
  at_risk               bigint      not null,
  scores_table          text        not null,          -- partition of gold.churn_score with its rows
  run_id                bigint      not null,
  attempt_id            bigint      not null,
  scored_at             timestamptz not null,
  primary key (source, as_of)
);

-- One partition per scoring: it is filled beside the old one and takes its place in one transaction, so replacing a million rows leaves no dead ones.
-- Each partition has customer_id as its primary key, which makes (source, as_of, customer_id) unique.
create table gold.churn_score (
  source             text             collate "C" not null,
  as_of              timestamptz      not null,
  customer_id        text             collate "C" not null,
  churn_probability  double precision not null,
  predicted_label    int              not null,
  top_drivers        jsonb,                            -- of the customers with the highest risk: features that raise it most, strongest first
  constraint probability_is_one check (churn_probability between 0 and 1)
) partition by range (source, as_of);

create view gold.churn_predictions as
select
  p.source,
  p.as_of,
  p.customer_id,
  p.churn_probability,
  p.predicted_label,
  s.threshold,
  p.top_drivers,
  s.model_name,
  s.model_version,
  s.feature_view,
  s.feature_view_version,
  s.features_snapshot_id,
  s.training_dataset_tag,
  s.outcome_days,
  s.run_id,
  s.attempt_id,
  s.scored_at
from gold.churn_score p
join gold.churn_scoring s on s.source = p.source and s.as_of = p.as_of;
