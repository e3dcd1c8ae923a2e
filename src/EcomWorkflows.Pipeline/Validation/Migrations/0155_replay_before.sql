-- What the tries of one run compare themselves with: the quarantine as it was before the first of them. A try whose node died after its commit has let rows in, and the next one, which
-- takes the place of its result, has to count them.
alter table quality.replay add column quarantine_before bigint;  -- lake.snapshot; null where nothing had been in quarantine ever
