-- Who cannot book on the pages of an organization: an e-mail address as the mailbox that it leads to, or a domain. Lower case.
create table blocked_attendees (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  kind text not null check (kind in ('address', 'domain')),
  value text not null,
  created_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index blocked_attendees_value on blocked_attendees (organization_id, kind, value);
