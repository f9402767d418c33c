-- The calendars of members at other providers. Only times are stored: no titles, no people.

-- A member's account at a provider. credentials: address, user name and password, encrypted.
-- Pending work is due_at; a process claims the account for as long as it reads it.
create table connections (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  member_id bigint not null,
  provider text not null check (provider in ('ics', 'caldav')),
  name text not null,
  credentials bytea not null,
  state text not null check (state in ('connecting', 'connected', 'failing', 'revoked')),
  problem text,
  failures integer not null default 0,
  last_synced_at timestamptz,
  looked_at timestamptz,
  due_at timestamptz not null,
  claim uuid,
  claimed_until timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references members
);
create index connections_member on connections (organization_id, member_id);
-- Read without an organization: the worker claims what is due.
create index connections_due on connections (due_at) where state <> 'revoked';

-- One calendar of an account. read_at: when its busy times were last known to be right; read_until: how far ahead they go.
create table calendars (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  connection_id bigint not null,
  member_id bigint not null,
  provider_id text not null,
  name text not null,
  timezone text,
  reads boolean not null,
  writes boolean not null default false,
  tentative_blocks boolean not null default true,
  all_day_blocks boolean not null default true,
  mark text,
  unreadable integer not null default 0,
  read_at timestamptz,
  read_until timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, connection_id) references connections on delete cascade,
  foreign key (organization_id, member_id) references members
);
create unique index calendars_provider on calendars (organization_id, connection_id, provider_id);
create index calendars_read on calendars (organization_id, member_id) where reads;

-- When a calendar is busy, in order and without overlaps.
create table calendar_busy (
  organization_id bigint not null,
  calendar_id bigint not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (organization_id, calendar_id, starts_at),
  foreign key (organization_id, calendar_id) references calendars on delete cascade,
  check (starts_at < ends_at)
);

-- When a member is busy by all calendars that are read: one set without overlaps, so that slots need not merge.
create table calendar_times (
  organization_id bigint not null,
  member_id bigint not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (organization_id, member_id, starts_at),
  foreign key (organization_id, member_id) references members,
  constraint calendar_times_no_overlap exclude using gist
    (organization_id with =, member_id with =, tstzrange(starts_at, ends_at) with &&)
);

-- The safety net under the locks: a meeting does not take a time at which a calendar of its host is busy, unless a host said so.
alter table busy add column overrules_calendar boolean not null default false;

create function refuse_calendar_time() returns trigger language plpgsql as $$
begin
  -- A backup holds meetings that were there before the appointment.
  if coalesce(current_setting('bookbell.restoring', true), '') = 'on' then
    return new;
  end if;
  if exists (
    select from calendar_times t
    where t.organization_id = new.organization_id and t.member_id = new.member_id
      and tstzrange(t.starts_at, t.ends_at) && new.during
  ) then
    raise exclusion_violation using message = 'A calendar of the host is busy at this time.', constraint = 'busy_calendar';
  end if;
  return new;
end
$$;

create trigger busy_calendar_insert before insert on busy
  for each row when (not new.overrules_calendar) execute function refuse_calendar_time();
create trigger busy_calendar_update before update of during on busy
  for each row when (not new.overrules_calendar and new.during is distinct from old.during) execute function refuse_calendar_time();
