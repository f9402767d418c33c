-- The time zone in which visitors see the times of in-person meetings. Null means their own.
alter table meeting_types add column locked_timezone text;

-- When the host was added or its priority last changed: round robin counts its share from then on.
alter table meeting_type_hosts add column shares_from timestamptz not null default now();
update meeting_type_hosts h set shares_from = t.created_at from meeting_types t
where t.organization_id = h.organization_id and t.id = h.meeting_type_id;
