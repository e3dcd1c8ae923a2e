-- Values that DAGs read by name. Secrets are ciphertext (AES-256-GCM); the key is a file of the program, never in the database.
create table orchestration.variable (
  name         text        primary key check (name ~ '^[A-Za-z0-9_.-]{1,250}$'),
  value        text,
  secret       bytea,
  description  text        not null default '',
  updated_at   timestamptz not null default now(),
  updated_by   text        not null,
  check ((value is null) <> (secret is null))
);

create table orchestration.connection (
  name         text        primary key check (name ~ '^[A-Za-z0-9_.-]{1,250}$'),
  type         text        not null check (type ~ '^[a-z0-9_-]{1,50}$'),
  host         text,
  port         int         check (port between 1 and 65535),
  login        text,
  schema       text,
  extra        jsonb       not null default '{}' check (jsonb_typeof(extra) = 'object'),
  secret_fields  text[]    not null default '{}',  -- password, extra.<name>
  secrets      bytea,                              -- {"password":…,"extra.<name>":…}
  description  text        not null default '',
  updated_at   timestamptz not null default now(),
  updated_by   text        not null,
  check ((secrets is not null) = (cardinality(secret_fields) > 0))
);
