-- The admin's views that contain few of many meetings. Without these indexes, finding or counting them would read all
-- the others.
create index meetings_cancelled on meetings (organization_id, starts_at, id) where cancelled;
create index meetings_declined on meetings (organization_id, starts_at, id) where not active and not cancelled;
create index attendees_requested on attendees (organization_id, meeting_id) where status = 'requested';
