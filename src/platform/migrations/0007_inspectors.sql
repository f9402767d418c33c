-- Addresses that record every request sent to them, so that people can watch their webhooks.

create table inspectors (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  name text not null,
  answer_status integer not null check (answer_status between 200 and 599),
  inbound_token text not null,
  page_token text not null,
  created_at timestamptz not null,
  primary key (organization_id, id)
);

-- Tokens arrive without an organization. 'inbound' is the token of the address that requests are sent to; 'page' opens
-- the page that shows them.
create table inspector_tokens (
  token text primary key,
  opens text not null check (opens in ('inbound', 'page')),
  organization_id bigint not null,
  inspector_id bigint not null,
  foreign key (organization_id, inspector_id) references inspectors on delete cascade
);
create index inspector_tokens_inspector on inspector_tokens (organization_id, inspector_id);

-- headers is json, not jsonb, to preserve the order in which they arrived.
create table inspector_requests (
  organization_id bigint not null,
  id bigint generated always as identity,
  inspector_id bigint not null,
  received_at timestamptz not null,
  method text not null,
  headers json not null,
  body text not null,
  body_bytes integer not null,
  signature text not null check (signature in ('valid', 'invalid', 'unsigned')),
  action text,
  answered integer not null,
  primary key (organization_id, id),
  foreign key (organization_id, inspector_id) references inspectors on delete cascade
);
create index inspector_requests_inspector on inspector_requests (organization_id, inspector_id, id);
create index inspector_requests_age on inspector_requests (received_at);
