-- Since when the URL, custom headers and secret of a webhook have been unchanged: earlier requests may have had others.
-- For existing webhooks this is unknown, so it starts now.
alter table webhooks add column sending_changed_at timestamptz not null default now();
alter table webhooks alter column sending_changed_at drop default;
