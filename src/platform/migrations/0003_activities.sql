-- What happened, frozen as the text that every receiver gets. Rows are never changed, except to erase a person.

-- The last position in each organization's feed. It is locked last in a transaction, so that positions have no gaps and
-- become visible in order.
create table activity_counters (
  organization_id bigint primary key references organizations,
  position bigint not null default 0
);

create sequence activities_id;

create table activities (
  organization_id bigint not null references organizations,
  id bigint not null,
  position bigint not null,
  meeting_id bigint not null,
  attendee_id bigint,
  action text not null,
  created_at timestamptz not null,
  body text not null,
  primary key (organization_id, id),
  unique (organization_id, position)
);
create index activities_meeting on activities (organization_id, meeting_id, position);
create index activities_action on activities (organization_id, action, position);
