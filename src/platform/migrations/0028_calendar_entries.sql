-- Meetings in the calendars of their hosts, and what happens if a host changes them there.

-- calendar_changes: what a change in the calendar means for the meeting. calendar_failure: what counts while a calendar cannot be read.
alter table members
  add column calendar_changes text not null default 'ask' check (calendar_changes in ('follow', 'ask', 'ignore')),
  add column calendar_failure text not null default 'last_known' check (calendar_failure in ('last_known', 'closed'));

-- failing_since: when reading began to fail. notified_at: when the host was notified of it. listed_at: when the calendars of the account
-- were listed. disconnecting_at: the member has disconnected it; it is deleted when its entries are.
alter table connections
  add column failing_since timestamptz,
  add column notified_at timestamptz,
  add column listed_at timestamptz,
  add column disconnecting_at timestamptz;

-- problem: why meetings cannot be written.
alter table calendars
  add column writable boolean not null default false,
  add column problem text;
create unique index calendars_written on calendars (organization_id, member_id) where writes;

-- A meeting in a host's calendar. wanted and revision are the desired state, the rest is what is known of the provider: pending work is
-- due_at. attempted: the starts (epoch milliseconds) that were sent since the last settled write. missing_since: the entry was not found. change: what the
-- host changed in the calendar and has not decided about.
create table calendar_entries (
  organization_id bigint not null references organizations,
  meeting_id bigint not null,
  calendar_id bigint not null,
  member_id bigint not null,
  uid text not null,
  wanted boolean not null default true,
  revision integer not null default 1,
  ends_at timestamptz not null,
  provider_id text,
  version text,
  written_revision integer,
  written_start timestamptz,
  attempted jsonb not null default '[]',
  missing_since timestamptz,
  change text check (change in ('moved', 'deleted')),
  changed_start timestamptz,
  failures integer not null default 0,
  due_at timestamptz,
  claim uuid,
  claimed_until timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, meeting_id, calendar_id),
  foreign key (organization_id, meeting_id) references meetings on delete cascade,
  foreign key (organization_id, calendar_id) references calendars on delete cascade,
  foreign key (organization_id, member_id) references members
);
create index calendar_entries_calendar on calendar_entries (organization_id, calendar_id, ends_at);
-- Read without an organization: the worker claims what is due.
create index calendar_entries_due on calendar_entries (due_at) where due_at is not null;
