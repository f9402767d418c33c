-- Erasing people's data, and how long the data of past meetings is kept.

-- An erasure that is not complete; its row is the pending work. These lists say what remains to be erased after the
-- transactions of the meetings. email is null if the retention of meetings caused the erasure.
create table erasures (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  email text,
  meetings jsonb not null default '[]',
  external_ids jsonb not null default '[]',
  started_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index erasures_email on erasures (organization_id, lower(coalesce(email, '')));

-- After how many days the people of a past meeting are erased. Null means never.
alter table organizations add column meeting_retention_days integer check (meeting_retention_days > 0);

-- How far the retention has progressed: every meeting up to this start and id is erased.
create table meeting_retention (
  organization_id bigint primary key references organizations,
  starts_at timestamptz not null,
  meeting_id bigint not null
);

create index mails_meeting on mails (organization_id, ((content -> 'meeting' ->> 'id')::bigint))
  where (content -> 'meeting') is not null;
