-- Days between the moment of a scoring and its outcome window; known since now, and 0 in all scorings before.
alter table gold.churn_scoring
  add column gap_days int not null default 0;

-- How a scoring's probabilities are distributed against those the model gave its test customers, and against the scoring before.
create table gold.score_drift (
  source             text             not null,
  as_of              timestamptz      not null,
  reference          text             not null,
  model_name         text             not null,
  model_version      int              not null,
  reference_as_of    timestamptz      not null,
  reference_version  int              not null,
  rows               bigint           not null,
  reference_rows     bigint           not null,
  mean               double precision not null,
  reference_mean     double precision not null,
  psi                double precision not null,
  psi_threshold      double precision not null,          -- the larger of 0.1 and what chance gives at these sample sizes
  ks                 double precision not null,
  ks_threshold       double precision not null,
  drifted            boolean          not null,
  run_id             bigint           not null,
  checked_at         timestamptz      not null,
  primary key (source, as_of, reference),
  constraint reference_is_known check (reference in ('training', 'previous'))
);

-- What became of the customers of a scoring, once its outcome window had closed.
create table gold.churn_outcome (
  source             text             not null,
  as_of              timestamptz      not null,
  model_name         text             not null,
  model_version      int              not null,
  outcome_end        timestamptz      not null,          -- no label looks beyond it
  customers          bigint           not null,
  churned            bigint           not null,
  mean_probability   double precision not null,          -- what was predicted
  trained_rate       double precision not null,          -- share of churners among the model's test customers
  rate_threshold     double precision not null,          -- what the realised share may differ from it at most
  metrics            jsonb            not null,
  roc_auc            double precision,                   -- null where all churned, or nobody
  trained_roc_auc    double precision not null,
  label_drift        boolean          not null,
  decayed            boolean          not null,          -- ranks customers worse than on its test customers, by more than 0.05 and more than chance
  run_id             bigint           not null,
  evaluated_at       timestamptz      not null,
  primary key (source, as_of)
);

-- What contacting brought: churners among those contacted and those held out, of a list whose outcome window has closed.
create table gold.retention_outcome (
  source             text             not null,
  as_of              timestamptz      not null,
  contacted          bigint           not null,
  contacted_churned  bigint           not null,
  held_out           bigint           not null,
  held_out_churned   bigint           not null,
  uplift             double precision,                   -- churn rate of those held out minus that of those contacted; null where a group is empty
  uplift_low         double precision,                   -- 95 %, by Newcombe's hybrid score method
  uplift_high        double precision,
  run_id             bigint           not null,
  evaluated_at       timestamptz      not null,
  primary key (source, as_of)
);
