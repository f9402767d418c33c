-- Deleting an organization: from this moment on no one reaches it, and a worker deletes its rows in steps.
alter table organizations add column deleting_at timestamptz;

-- Deliveries are inserted from their activities in one statement, and an activity is deleted only with its organization, after
-- the deliveries. The constraint had no index on this side: deleting an activity would read all deliveries of the organization.
alter table deliveries drop constraint deliveries_organization_id_activity_id_fkey;

-- Mails are claimed fairly: the longest due of each organization first.
create index mails_waiting on mails (organization_id, due_at) where status = 'waiting';
drop index mails_due;
