-- Deleting an organization: from this moment on, no one can access it, and a worker deletes its rows in steps.
alter table organizations add column deleting_at timestamptz;

-- Deliveries are inserted from their activities in one statement, and an activity is deleted only with its
-- organization, after its deliveries. The constraint had no index on this side, so deleting an activity would have
-- scanned all deliveries of the organization.
alter table deliveries drop constraint deliveries_organization_id_activity_id_fkey;

-- Emails are claimed fairly: the one that has been due for longest in each organization comes first.
create index mails_waiting on mails (organization_id, due_at) where status = 'waiting';
drop index mails_due;
