-- The result of each delivery's last attempt, so that lists can show it and filter by it.
alter table deliveries add column last_status integer;
alter table deliveries add column last_error_kind text;
update deliveries d set last_status = a.status, last_error_kind = a.error_kind
from attempts a
where a.organization_id = d.organization_id and a.delivery_id = d.id and a.number = d.attempts;

-- Lists are in the order of creation, so that a range of dates is a range of the index.
drop index deliveries_webhook;
create index deliveries_webhook on deliveries (organization_id, webhook_id, created_at, id);
create index deliveries_meeting on deliveries (organization_id, meeting_id);
drop index deliveries_failed;
create index deliveries_failed on deliveries (organization_id, webhook_id, created_at, id) where status = 'failed';
-- These two have rows of failed attempts only: a delivery that succeeds at once is never in them.
create index deliveries_retrying on deliveries (organization_id, webhook_id, created_at, id)
  where status = 'pending' and attempts > 0;
create index deliveries_answered on deliveries (organization_id, webhook_id, last_status, created_at, id)
  where last_error_kind is not null;

-- An admin who asks for an attempt ends the pause of the breaker. The last failed delivery is where a notice leads to.
alter table webhooks add column probe_requested_at timestamptz;
alter table webhooks add column last_failed_delivery bigint;

-- Attendees are found by the beginning of their address or name. An index of patterns serves equality too.
drop index attendees_email;
create index attendees_email on attendees (organization_id, lower(email) text_pattern_ops);
create index attendees_name on attendees (organization_id, lower(first_name || ' ' || last_name) text_pattern_ops)
  where role = 'booker';
create index attendees_last_name on attendees (organization_id, lower(last_name) text_pattern_ops)
  where role = 'booker';
