-- What can be booked (pages, meeting types, schedules) and what has been booked (meetings, attendees, tags).

create table schedules (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  member_id bigint,
  is_default boolean not null default false,
  name text not null,
  timezone text not null,
  weekly jsonb not null,
  overrides jsonb not null default '[]',
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references members
);
create unique index schedules_default on schedules (organization_id, member_id) where is_default;
create index schedules_member on schedules (organization_id, member_id);

-- Instants, or whole local dates in the member's time zone if starts_on is set (ends_on is inclusive).
create table time_off (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  member_id bigint not null,
  starts_at timestamptz,
  ends_at timestamptz,
  starts_on date,
  ends_on date,
  reason text,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references members,
  check ((starts_at < ends_at and starts_on is null and ends_on is null)
    or (starts_on <= ends_on and starts_at is null and ends_at is null))
);
create index time_off_member on time_off (organization_id, member_id);

create table meeting_types (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  name text not null,
  slug text not null,
  description text,
  kind text not null check (kind in ('one_on_one', 'group')),
  duration_minutes integer not null check (duration_minutes > 0),
  location_type text not null check (location_type in ('place', 'phone', 'web_conference', 'place_user', 'phone_user', 'jitsi')),
  location text,
  assignment text not null check (assignment in ('fixed', 'round_robin', 'joint', 'attendee_chooses')),
  seats integer not null check (seats > 0),
  approval text not null check (approval in ('automatic', 'manual')),
  schedule_id bigint,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  minimum_notice_minutes integer not null default 0,
  booking_window_days integer,
  booking_from date,
  booking_until date,
  start_increment_minutes integer,
  daily_limit integer,
  fields jsonb not null default '[]',
  reminders jsonb not null default '[]',
  visibility text not null check (visibility in ('public', 'hidden', 'disabled')),
  cancellation jsonb not null,
  rescheduling jsonb not null,
  redirect_url text,
  created_at timestamptz not null,
  deleted_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, schedule_id) references schedules
);
create unique index meeting_types_slug on meeting_types (organization_id, slug) where deleted_at is null;
create index meeting_types_schedule on meeting_types (organization_id, schedule_id) where schedule_id is not null;

create table meeting_type_hosts (
  organization_id bigint not null,
  meeting_type_id bigint not null,
  member_id bigint not null,
  position integer not null,
  priority integer not null default 3 check (priority between 1 and 5),
  primary key (organization_id, meeting_type_id, member_id),
  foreign key (organization_id, meeting_type_id) references meeting_types on delete cascade,
  foreign key (organization_id, member_id) references members
);
create index meeting_type_hosts_member on meeting_type_hosts (organization_id, member_id);

create table pages (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  name text not null,
  slug text not null,
  description text,
  created_at timestamptz not null,
  primary key (organization_id, id)
);

-- Page slugs arrive without an organization, so they are unique across the server.
create table page_slugs (
  slug text primary key,
  organization_id bigint not null,
  page_id bigint not null,
  foreign key (organization_id, page_id) references pages on delete cascade
);
create unique index page_slugs_page on page_slugs (organization_id, page_id);

create table page_meeting_types (
  organization_id bigint not null,
  page_id bigint not null,
  meeting_type_id bigint not null,
  position integer not null,
  primary key (organization_id, page_id, meeting_type_id),
  foreign key (organization_id, page_id) references pages on delete cascade,
  foreign key (organization_id, meeting_type_id) references meeting_types on delete cascade
);
create index page_meeting_types_type on page_meeting_types (organization_id, meeting_type_id);

-- approved, confirmed and cancelled are the three flags of the Meeting entity. active says whether the meeting takes
-- its hosts' time. ics_sequence increases with every change that calendars must show.
create table meetings (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  meeting_type_id bigint not null,
  meeting_type_name text not null,
  kind text not null check (kind in ('one_on_one', 'group')),
  name text not null,
  location text,
  location_type text not null,
  conference_url text,
  conference_password text,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  approved boolean,
  confirmed boolean not null,
  cancelled boolean not null,
  active boolean not null,
  ics_sequence integer not null default 0,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, meeting_type_id) references meeting_types,
  check (starts_at < ends_at)
);
create index meetings_start on meetings (organization_id, starts_at, id);
create index meetings_type_start on meetings (organization_id, meeting_type_id, starts_at);

-- The safety net in addition to the locks: two active meetings of one host never overlap, buffers included. One row for
-- each host of an active meeting; deleted when the meeting no longer takes the host's time.
create table busy (
  organization_id bigint not null,
  member_id bigint not null,
  meeting_id bigint not null,
  during tstzrange not null,
  primary key (organization_id, meeting_id, member_id),
  foreign key (organization_id, member_id) references members,
  foreign key (organization_id, meeting_id) references meetings on delete cascade,
  constraint busy_no_overlap exclude using gist (organization_id with =, member_id with =, during with &&)
);

-- role 'host': a host; role 'booker': a person who booked. position is the order within each role.
create table attendees (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  meeting_id bigint not null,
  role text not null check (role in ('host', 'booker')),
  position integer not null,
  member_id bigint,
  email text not null,
  first_name text not null,
  last_name text not null,
  timezone text not null,
  locale text,
  status text not null check (status in ('requested', 'confirmed', 'declined', 'cancelled')),
  external_id text not null,
  utm_source text,
  utm_medium text,
  utm_campaign text,
  utm_content text,
  utm_term text,
  field_submissions jsonb not null default '[]',
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, meeting_id) references meetings on delete cascade,
  foreign key (organization_id, member_id) references members,
  check ((role = 'host') = (member_id is not null))
);
create unique index attendees_meeting on attendees (organization_id, meeting_id, role, position);
create unique index attendees_active_email on attendees (organization_id, meeting_id, lower(email))
  where role = 'booker' and status in ('requested', 'confirmed');
create index attendees_email on attendees (organization_id, lower(email));
create index attendees_member on attendees (organization_id, member_id, meeting_id) where member_id is not null;

create table attendee_links (
  external_id text primary key,
  organization_id bigint not null,
  attendee_id bigint not null,
  foreign key (organization_id, attendee_id) references attendees on delete cascade
);
create index attendee_links_attendee on attendee_links (organization_id, attendee_id);

create table tags (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  name text not null,
  created_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index tags_name on tags (organization_id, name);

create table meeting_tags (
  organization_id bigint not null,
  meeting_id bigint not null,
  tag_id bigint not null,
  primary key (organization_id, meeting_id, tag_id),
  foreign key (organization_id, meeting_id) references meetings on delete cascade,
  foreign key (organization_id, tag_id) references tags
);
create index meeting_tags_tag on meeting_tags (organization_id, tag_id);
