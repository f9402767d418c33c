-- Google and Microsoft accounts, which members connect by signing in there (OAuth).

-- token_claim: the process that is getting a new access token; one at a time, because a refresh token can change with every use.
alter table connections
  drop constraint connections_provider_check,
  add constraint connections_provider_check check (provider in ('ics', 'caldav', 'google', 'microsoft')),
  add column token_claim uuid,
  add column token_claimed_until timestamptz;

-- A sign-in at a provider that has not returned yet. It is deleted when it returns, so that it can be used once. connection_id: the
-- connection that gets new access; null for a new one.
create table connection_authorizations (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  member_id bigint not null,
  provider text not null check (provider in ('google', 'microsoft')),
  connection_id bigint,
  state_hash bytea not null,
  verifier bytea not null,
  expires_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references members on delete cascade,
  foreign key (organization_id, connection_id) references connections on delete cascade
);
-- Read without an organization: the state is all that returns from the provider.
create unique index connection_authorizations_state on connection_authorizations (state_hash);

-- Access to revoke at its provider after a connection was deleted. Best effort: it is deleted after a few attempts.
create table token_revocations (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  provider text not null check (provider in ('google')),
  credentials bytea not null,
  attempts integer not null default 0,
  due_at timestamptz not null,
  primary key (organization_id, id)
);
-- Read without an organization: the worker claims what is due.
create index token_revocations_due on token_revocations (due_at);
