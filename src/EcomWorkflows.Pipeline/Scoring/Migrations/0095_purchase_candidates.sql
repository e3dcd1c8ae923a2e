-- How far back the features of the pairs look, in days before as_of: which rows they were computed from. Null: the whole history (the classic variant, and scorings before this column).
alter table gold.purchase_scoring add column candidate_days int check (candidate_days > 0);
