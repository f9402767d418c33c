-- Emails and reminders. An email's row is also its queue entry: written in the transaction of the change, claimed by a
-- worker, and settled when the mail server (status sent) or the built-in mailbox (status kept) has accepted it. The
-- Message-ID is made from the token, so that a duplicate is recognized. content stores the facts; texts and calendar
-- entries are made from them.

create table mails (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  token uuid not null default gen_random_uuid(),
  kind text not null,
  to_name text not null,
  to_address text not null,
  content jsonb not null,
  status text not null default 'waiting' check (status in ('waiting', 'sent', 'kept', 'failed')),
  attempts integer not null default 0,
  due_at timestamptz not null,
  expires_at timestamptz not null,
  claim_id uuid,
  claimed_until timestamptz,
  problem text,
  created_at timestamptz not null,
  settled_at timestamptz,
  primary key (organization_id, id),
  check ((status = 'waiting') = (settled_at is null))
);
create index mails_due on mails (due_at) where status = 'waiting';
create index mails_settled on mails (settled_at) where status <> 'waiting';

-- One row for each confirmed person, start and reminder: a record of which reminders each person has received. waiting
-- -> queued (its email is created) -> accepted (by the mail server) -> told (Attendee.reminded is written). A reminder
-- that is no longer due is deleted. A told reminder is kept, so that it is not sent twice for one start.
create table reminders (
  organization_id bigint not null,
  attendee_id bigint not null,
  starts_at timestamptz not null,
  minutes_before integer not null,
  meeting_id bigint not null,
  due_at timestamptz not null,
  status text not null default 'waiting' check (status in ('waiting', 'queued', 'accepted', 'told')),
  primary key (organization_id, attendee_id, starts_at, minutes_before),
  foreign key (organization_id, attendee_id) references attendees on delete cascade
);
create index reminders_due on reminders (due_at) where status = 'waiting';
create index reminders_accepted on reminders (organization_id, attendee_id) where status = 'accepted';
create index reminders_start on reminders (starts_at) where status = 'told';
