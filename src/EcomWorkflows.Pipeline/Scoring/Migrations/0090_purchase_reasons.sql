-- Why a pair is a likely purchase: features that raise its probability most, strongest first; of the likeliest pairs of the newest day.
alter table gold.purchase_score add column top_drivers jsonb;

create or replace view gold.purchase_predictions as
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
  p.scoring_id,
  p.top_drivers
from gold.purchase_score p
join gold.purchase_scoring s on s.scoring_id = p.scoring_id
left join gold.purchase_outcome o on o.scoring_id = p.scoring_id and o.visitorid = p.visitorid and o.itemid = p.itemid;

create or replace view gold.ecommerce_predictions as
select p.*
from gold.purchase_predictions p
where p.scoring_id in (
  select distinct on (model_name) scoring_id
  from gold.purchase_scoring
  where kind = 'latest'
  order by model_name, as_of desc
);

create or replace view ecommerce.predicted_purchase as
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
  run_id,
  top_drivers as reasons
from gold.ecommerce_predictions
where variant = 'honest'
  and predicted_label = 1;
