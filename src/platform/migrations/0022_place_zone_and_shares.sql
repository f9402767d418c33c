-- The zone in which visitors see the times of meetings in person; null: their own.
alter table meeting_types add column locked_timezone text;

-- From when round robin counts the share of a host: when the host joined, or got another priority.
alter table meeting_type_hosts add column shares_from timestamptz not null default now();
update meeting_type_hosts h set shares_from = t.created_at from meeting_types t
where t.organization_id = h.organization_id and t.id = h.meeting_type_id;
