-- Test rows are of a later cutoff than training rows. Only a classic model has none: its training and test rows are other visitors of the same period, and its
-- training went on although the leak sentinels fired.
alter table registry.model_version
  drop constraint tested_after_training,
  add constraint tested_after_training check (test_cutoff > train_cutoff or (test_cutoff = train_cutoff and name like '%\_classic'));
