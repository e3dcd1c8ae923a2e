-- Who may do what. A role includes those below it: viewer < operator < editor < admin.
create schema access;

create table access.account (
  account_id      bigint      generated always as identity primary key,
  name            text        not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9_.@-]{0,99}$'),
  role            text        not null check (role in ('viewer', 'operator', 'editor', 'admin')),
  password_hash   text,                                  -- null: the account has API keys only
  stamp           uuid        not null default gen_random_uuid(),  -- renewed when password, role or activity changes: ends every session
  is_active       boolean     not null default true,
  failed_sign_ins int         not null default 0,        -- since the last success
  locked_until    timestamptz,
  created_at      timestamptz not null default now(),
  created_by      text        not null,
  signed_in_at    timestamptz
);
create unique index account_name on access.account (lower(name));

-- A key is shown once, when it is made; only its hash stays.
create table access.api_key (
  key_id       text        primary key check (key_id ~ '^[0-9a-f]{12}$'),
  account_id   bigint      not null references access.account on delete cascade,
  purpose      text        not null,
  secret_hash  bytea       not null,                     -- SHA-256; the secret has 256 random bits, so a slow hash would add nothing
  created_at   timestamptz not null default now(),
  created_by   text        not null,
  expires_at   timestamptz,
  revoked_at   timestamptz
);
create index api_key_account on access.api_key (account_id);
