-- The values of an entity in the online store become one field: eight bytes each as float8send writes them, NaN where a value is not known.
create function pg_temp.packed(feature_values double precision[]) returns bytea
language sql immutable as
$$
  select coalesce(string_agg(float8send(coalesce(value, 'NaN')), ''::bytea order by position), ''::bytea)
  from unnest(feature_values) with ordinality as v (value, position)
$$;

do
$$
declare
  online record;
begin
  for online in
    select table_name
    from information_schema.columns
    where table_schema = 'features' and table_name ~ '^online_[0-9]+_v[0-9]+$' and column_name = 'values' and data_type = 'ARRAY'
  loop
    execute format('alter table features.%I alter column "values" type bytea using pg_temp.packed("values")', online.table_name);
  end loop;
end
$$;
