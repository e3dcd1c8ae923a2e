-- Version of the feature view the pairs were read from. Null: scorings of the classic variant, which the feature store does not know, and those made before the pairs had a view.
alter table gold.purchase_scoring add column feature_view_version int;
