-- Since when a webhook has had its present address, own headers and secret: what was sent before may have been other.
-- Of those that are there already nobody knows, so that it counts from now on.
alter table webhooks add column sending_changed_at timestamptz not null default now();
alter table webhooks alter column sending_changed_at drop default;
