-- Starts that visitors hold until they confirm their email address. request is the booking, or null once it is
-- confirmed or has expired. external_id belongs to the attendee created by the booking. email_key and client_key are
-- hashes.
create table holds (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  meeting_type_id bigint not null,
  page_slug text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  members jsonb not null,
  email_key text not null,
  client_key text not null,
  request jsonb,
  external_id text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, meeting_type_id) references meeting_types on delete cascade
);
create index holds_start on holds (organization_id, meeting_type_id, starts_at);
create index holds_expiry on holds (expires_at);

-- Hashes of the links in the emails, which arrive without an organization.
create table hold_links (
  token_hash text primary key,
  organization_id bigint not null,
  hold_id bigint not null,
  foreign key (organization_id, hold_id) references holds on delete cascade
);
create index hold_links_hold on hold_links (organization_id, hold_id);

-- Until held_until, a hold takes its hosts' time like a meeting. Several holds of one group meeting share the rows of
-- the first.
alter table busy drop constraint busy_pkey;
alter table busy alter column meeting_id drop not null;
alter table busy add column hold_id bigint;
alter table busy add column held_until timestamptz;
alter table busy add foreign key (organization_id, hold_id) references holds on delete cascade;
alter table busy add check ((meeting_id is null) = (hold_id is not null) and (hold_id is null) = (held_until is null));
create unique index busy_meeting on busy (organization_id, meeting_id, member_id);
create index busy_hold on busy (organization_id, hold_id) where hold_id is not null;
create index busy_held_until on busy (held_until) where held_until is not null;

alter table meeting_types add column confirm_email boolean not null default false;
alter table organizations add column confirm_email_default boolean not null default false;
