-- Who cannot book on an organization's pages: an email address, normalized to its mailbox, or a domain. In lower case.
create table blocked_attendees (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  kind text not null check (kind in ('address', 'domain')),
  value text not null,
  created_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index blocked_attendees_value on blocked_attendees (organization_id, kind, value);
