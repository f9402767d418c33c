-- Registered addresses and the queue. Each row in deliveries is the delivery of one activity to one webhook.

-- revision increases with every change that the dispatcher must notice. Secrets and headers are encrypted. failing_*
-- store since when, and for how many attempts, nothing has succeeded; breaker_* preserve the state of the breaker
-- across restarts.
create table webhooks (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  url text not null,
  description text,
  actions text[],
  headers bytea,
  ordering text not null check (ordering in ('none', 'meeting')),
  concurrency integer not null check (concurrency > 0),
  rate_limit_per_second integer check (rate_limit_per_second > 0),
  signing text not null check (signing in ('v1', 'v1a')),
  secret bytea not null,
  public_key text,
  previous_secret bytea,
  previous_secret_until timestamptz,
  state text not null check (state in ('enabled', 'paused', 'disabled')),
  state_reason text,
  state_changed_at timestamptz not null,
  revision integer not null default 1,
  failing_since timestamptz,
  failing_attempts integer not null default 0,
  warned_at timestamptz,
  last_failure_at timestamptz,
  last_failure text,
  breaker_failures integer not null default 0,
  breaker_open_until timestamptz,
  breaker_pause_ms integer not null default 0,
  created_at timestamptz not null,
  deleted_at timestamptz,
  primary key (organization_id, id)
);

-- fresh: the first attempt of a new activity, which goes before retries and replays. ordered: waits for the previous
-- delivery of the same meeting (the webhook's ordering is "meeting"). A claim changes no indexed column, so the update
-- stays on its page (heap-only) if the fill factor leaves room.
create table deliveries (
  organization_id bigint not null,
  id bigint generated always as identity,
  webhook_id bigint not null,
  activity_id bigint not null,
  meeting_id bigint not null,
  replay_id bigint,
  action text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  failure_reason text,
  fresh boolean not null default true,
  ordered boolean not null default false,
  attempts integer not null default 0,
  due_at timestamptz not null,
  claim_id bigint,
  claimed_until timestamptz,
  created_at timestamptz not null,
  settled_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, webhook_id) references webhooks,
  foreign key (organization_id, activity_id) references activities
) with (fillfactor = 45);
create index deliveries_webhook on deliveries (organization_id, webhook_id, id);
create index deliveries_due on deliveries (organization_id, webhook_id, fresh, due_at, id) where status = 'pending';
create index deliveries_ordered on deliveries (organization_id, webhook_id, meeting_id, activity_id)
  where status = 'pending' and ordered;
create index deliveries_failed on deliveries (organization_id, webhook_id, id) where status = 'failed';
create index deliveries_replay on deliveries (organization_id, replay_id) where replay_id is not null;
create index deliveries_age on deliveries using brin (created_at) with (pages_per_range = 32);

create sequence delivery_claims;

-- One HTTP request of a delivery. There is no foreign key, because it would lock each delivery again in the hot path:
-- rows are written only together with a change of their delivery, and deleted before it.
create table attempts (
  organization_id bigint not null,
  delivery_id bigint not null,
  number integer not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  status integer,
  response_headers json,
  response_body text,
  response_truncated boolean not null default false,
  error_kind text,
  error_stage text,
  error text,
  primary key (organization_id, delivery_id, number)
);
create index attempts_age on attempts using brin (started_at) with (pages_per_range = 32);

-- The results of each webhook per hour, by duration: bucket n counts attempts that took less than 2^n milliseconds.
create table webhook_hours (
  organization_id bigint not null,
  webhook_id bigint not null,
  hour timestamptz not null,
  bucket smallint not null,
  succeeded integer not null,
  failed integer not null,
  primary key (organization_id, webhook_id, hour, bucket),
  foreign key (organization_id, webhook_id) references webhooks
);

create table replays (
  organization_id bigint not null,
  id bigint generated always as identity,
  webhook_id bigint not null,
  since timestamptz not null,
  until timestamptz not null,
  "only" text not null check ("only" in ('failed', 'missed', 'all')),
  queued integer not null default 0,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, webhook_id) references webhooks
);
create index replays_webhook on replays (organization_id, webhook_id, id);

-- The processes that deliver. They divide the webhooks among themselves by name. This is only a hint; claims decide.
create table dispatchers (
  id text primary key,
  seen_at timestamptz not null
);

create index activities_age on activities using brin (created_at);
