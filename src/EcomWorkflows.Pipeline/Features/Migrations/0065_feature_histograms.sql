-- How the values are spread, beside their quantiles: counts between edges, the first and the last bin with what lies outside. Null for texts, and where there is no value.
alter table features.feature_statistics
  add column histogram_edges   double precision[],
  add column histogram_counts  bigint[],                      -- one fewer than edges; of a sample when there are many rows
  add constraint feature_statistics_histogram check (cardinality(histogram_edges) = cardinality(histogram_counts) + 1);
