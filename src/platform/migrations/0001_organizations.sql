-- Organizations, the people in them, and what proves that a request comes from one. Every key of every table starts
-- with organization_id, so that no row can reference another organization's row. Only the lookup tables are queried
-- without an organization, in order to find it.

create extension if not exists btree_gist;

create table server_settings (
  name text primary key,
  value text not null
);

create table organizations (
  organization_id bigint generated always as identity primary key,
  name text not null,
  brand_color text,
  logo_url text,
  created_at timestamptz not null
);

create table members (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  user_id text,
  email text not null,
  first_name text not null,
  last_name text not null,
  timezone text not null,
  role text not null check (role in ('member', 'manager', 'admin')),
  limits jsonb not null default '{}',
  last_assigned_at timestamptz,
  created_at timestamptz not null,
  -- A deleted member who has had meetings is kept for those meetings, without account and role, and is not listed.
  deleted_at timestamptz,
  primary key (organization_id, id)
);
create unique index members_email on members (organization_id, lower(email)) where deleted_at is null;
create index members_user on members (user_id) where user_id is not null;

create table api_keys (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  name text not null,
  hint text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (organization_id, id)
);

-- Looked up by the SHA-256 of the key; the key itself is not stored.
create table api_key_lookup (
  hash bytea primary key,
  organization_id bigint not null,
  api_key_id bigint not null,
  foreign key (organization_id, api_key_id) references api_keys on delete cascade
);
create index api_key_lookup_key on api_key_lookup (organization_id, api_key_id);

-- The first response to each Idempotency-Key, stored in the transaction of the change.
create table idempotency_keys (
  organization_id bigint not null references organizations,
  scope text not null,
  route text not null,
  key text not null,
  body_hash text not null,
  status integer,
  answer text,
  created_at timestamptz not null,
  primary key (organization_id, scope, route, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);
