-- Drafts of DAGs (saved in Studio, never run), and what is needed to keep files and edits apart.

-- At most one per DAG: the next version in the making. A DAG that was never published exists only here.
create table orchestration.dag_draft (
  dag_id       text        primary key check (dag_id ~ '^[A-Za-z0-9_.-]{1,250}$'),
  revision     int         not null,             -- +1 whenever another window takes over
  name         text        not null,
  description  text,
  document     text        not null,             -- Elsa JSON; may be no valid DAG yet
  content_hash text,                             -- of its meaning; null while it is no valid DAG
  base_id      text,                             -- the version id its first save was made from
  editor       text,                             -- the window that saved last
  created_at   timestamptz not null default now(),
  created_by   text        not null,
  updated_at   timestamptz not null default now(),
  updated_by   text        not null
);

alter table orchestration.dag_version
  add column name        text,
  add column description text;
update orchestration.dag_version
set name = coalesce(definition ->> 'name', dag_id), description = definition ->> 'description';
alter table orchestration.dag_version alter column name set not null;

alter table orchestration.dag
  add column is_retracted boolean not null default false,  -- taken back in Studio: no new runs until published again
  add column deleted_at   timestamptz,                     -- deleted in Studio: no longer listed, its history stays
  add column source_hash  text,                            -- meaning of the file at its last import
  add column source_text  text;                            -- SHA-256 of the file's bytes then
update orchestration.dag d
set source_hash = v.content_hash
from orchestration.dag_version v
where v.dag_id = d.dag_id and v.version = d.current_version and d.source_file is not null;

-- Every version and draft, as lists show them. A draft is always the latest.
create view orchestration.definition as
select v.dag_id, v.version, 0 as revision, v.name, v.description, v.created_at, v.created_by,
       v.version = d.current_version and dr.dag_id is null as is_latest,
       v.version = d.current_version and not d.is_retracted and d.deleted_at is null as is_published,
       d.deleted_at is not null as is_deleted,
       d.source_file,
       d.source_file is not null and c.content_hash is distinct from d.source_hash as is_edited
from orchestration.dag_version v
join orchestration.dag d on d.dag_id = v.dag_id
join orchestration.dag_version c on c.dag_id = d.dag_id and c.version = d.current_version
left join orchestration.dag_draft dr on dr.dag_id = v.dag_id
union all
select dr.dag_id, coalesce(m.version, 0) + 1, dr.revision, dr.name, dr.description, dr.updated_at, dr.updated_by,
       true, false, false,
       d.source_file,
       d.source_file is not null and dr.content_hash is distinct from d.source_hash
from orchestration.dag_draft dr
left join orchestration.dag d on d.dag_id = dr.dag_id
left join lateral (select max(version) as version from orchestration.dag_version v where v.dag_id = dr.dag_id) m on true;
