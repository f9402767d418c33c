-- When the URL, custom headers or secret of a webhook last changed: earlier requests may have used others. For
-- existing webhooks this is unknown, so the time of this migration is used.
alter table webhooks add column sending_changed_at timestamptz not null default now();
alter table webhooks alter column sending_changed_at drop default;
