-- A list is written whole, in one transaction that deletes its targets first: looking its key up again for each of 50,000 rows cost as much as writing them.
alter table gold.retention_target drop constraint retention_target_source_as_of_fkey;

-- Who was listed in a span of days is found by the primary key, whose second column is the day.
drop index gold.retention_target_by_customer;
