-- Whom to contact so that they stay: one list per scoring, and what was assumed when it was made.
create table gold.retention_list (
  source             text             not null,
  as_of              timestamptz      not null,
  model_name         text             not null,
  model_version      int              not null,
  customer_value     double precision not null,          -- V, where value_feature knows none
  value_feature      text,                               -- feature that is each customer's own V
  offer_cost         double precision not null,
  contact_cost       double precision not null,
  save_rate          double precision not null,
  stayer_take_rate   double precision not null,
  budget             double precision,                   -- most expected cost; null without a limit
  holdout_share      double precision not null,
  seed               int              not null,          -- of the hold-out draw
  rest_days          int              not null,          -- who was listed in so many days before is left out
  scored             bigint           not null,          -- customers of the scoring
  resting            bigint           not null,          -- of them, left out because they were listed lately
  contacted          bigint           not null,
  held_out           bigint           not null,
  expected_profit    double precision not null,          -- of those contacted
  expected_cost      double precision not null,
  run_id             bigint           not null,
  attempt_id         bigint           not null,
  made_at            timestamptz      not null,
  primary key (source, as_of)
);

create table gold.retention_target (
  source             text             collate "C" not null,
  as_of              timestamptz      not null,
  customer_id        text             collate "C" not null,
  rank               int              not null,          -- 1 is the greatest expected profit
  target_group       text             not null,
  churn_probability  double precision not null,
  customer_value     double precision not null,
  expected_profit    double precision not null,          -- of contacting this customer
  expected_cost      double precision not null,
  reasons            jsonb,                              -- top drivers of the prediction, where it was explained
  primary key (source, as_of, customer_id),
  foreign key (source, as_of) references gold.retention_list on delete cascade,
  constraint target_group_is_known check (target_group in ('contact', 'holdout'))
);

create index retention_target_by_rank on gold.retention_target (source, as_of, rank);

create index retention_target_by_customer on gold.retention_target (source, customer_id, as_of);
