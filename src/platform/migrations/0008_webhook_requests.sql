-- Since when a webhook's URL, custom headers and secret have been unchanged: earlier requests may have used others. For
-- existing webhooks this is unknown, so the time of this migration is used.
alter table webhooks add column sending_changed_at timestamptz not null default now();
alter table webhooks alter column sending_changed_at drop default;
