-- One row per scoring of a purchase model: what all its predictions have in common, and the way back to everything they were made from.
create table gold.purchase_scoring (
  scoring_id            bigint      generated always as identity primary key,
  model_name            text        not null,
  kind                  text        not null check (kind in ('holdout', 'latest')),  -- pairs of the test cutoff, whose outcome is known; pairs of the newest day
  as_of                 timestamptz not null,
  source                text        not null,
  variant               text        not null check (variant in ('honest', 'classic')),
  model_version         int         not null,
  threshold             real        not null,
  outcome_from          timestamptz not null,          -- the probability is that of a purchase in [outcome_from, outcome_to)
  outcome_to            timestamptz not null,
  outcome_known         boolean     not null,          -- a label is missing, not 0, while the window is open
  feature_view          text        not null,
  features_snapshot_id  bigint      not null,
  training_dataset_tag  text,
  pairs                 bigint      not null,
  predicted_purchases   bigint      not null,          -- pairs with a probability at or above the threshold
  scores_table          text,                          -- partition of gold.purchase_score with its rows
  run_id                bigint      not null,
  attempt_id            bigint      not null,
  scored_at             timestamptz not null,
  unique (model_name, kind, as_of)
);

-- One partition per scoring, filled beside the old one and put in its place in one transaction, so replacing a million rows leaves no dead ones.
-- Each partition has (visitorid, itemid) as its primary key: a pair is predicted once.
create table gold.purchase_score (
  scoring_id         bigint           not null,
  visitorid          text             collate "C" not null,
  itemid             text             collate "C" not null,
  predicted_label    int              not null,
  predicted_prob     double precision not null,
  interaction_score  real             not null,
  funnel_depth       int              not null,
  engagement_score   real             not null,
  constraint probability_is_one check (predicted_prob between 0 and 1)
) partition by list (scoring_id);

-- Pairs bought in the outcome window of a scoring, those nobody had looked at before among them: few beside the pairs that were not.
create table gold.purchase_outcome (
  scoring_id  bigint not null references gold.purchase_scoring on delete cascade,
  visitorid   text   collate "C" not null,
  itemid      text   collate "C" not null,
  primary key (scoring_id, visitorid, itemid)
);

create view gold.purchase_predictions as
select
  s.source,
  s.variant,
  s.kind,
  s.as_of,
  p.visitorid,
  p.itemid,
  case when s.outcome_known then case when o.scoring_id is null then 0 else 1 end end as actual_label,
  p.predicted_label,
  p.predicted_prob,
  p.interaction_score,
  p.funnel_depth,
  p.engagement_score,
  s.threshold,
  s.model_name,
  s.model_version,
  s.feature_view,
  s.features_snapshot_id,
  s.training_dataset_tag,
  s.outcome_from,
  s.outcome_to,
  s.run_id,
  s.attempt_id,
  s.scored_at,
  p.scoring_id
from gold.purchase_score p
join gold.purchase_scoring s on s.scoring_id = p.scoring_id
left join gold.purchase_outcome o on o.scoring_id = p.scoring_id and o.visitorid = p.visitorid and o.itemid = p.itemid;

-- The newest predictions of each purchase model.
create view gold.ecommerce_predictions as
select p.*
from gold.purchase_predictions p
where p.scoring_id in (
  select distinct on (model_name) scoring_id
  from gold.purchase_scoring
  where kind = 'latest'
  order by model_name, as_of desc
);

create schema ecommerce;

-- For applications: who is expected to buy what, by the honest models alone, the likeliest item of each visitor first.
create view ecommerce.predicted_purchase as
select
  source,
  visitorid,
  itemid,
  predicted_prob,
  row_number() over (partition by source, visitorid order by predicted_prob desc, itemid) as rank_of_visitor,
  as_of,
  outcome_from,
  outcome_to,
  model_name,
  model_version,
  run_id
from gold.ecommerce_predictions
where variant = 'honest'
  and predicted_label = 1;
