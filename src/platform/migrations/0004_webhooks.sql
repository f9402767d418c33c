-- Registered addresses, and the queue: a delivery row is one activity to one webhook.
-- (This file belongs to the delivery engine.)

create table webhooks (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  url text not null,
  description text,
  actions text[],
  headers jsonb not null default '{}',
  ordering text not null default 'none' check (ordering in ('none', 'meeting')),
  concurrency integer not null default 16,
  rate_limit_per_second integer,
  state text not null default 'enabled' check (state in ('enabled', 'paused', 'disabled')),
  state_reason text,
  state_changed_at timestamptz,
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id)
);

create table deliveries (
  organization_id bigint not null,
  id bigint generated always as identity,
  webhook_id bigint not null,
  activity_id bigint not null,
  meeting_id bigint not null,
  action text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  failure_reason text,
  attempts integer not null default 0,
  due_at timestamptz not null,
  claim_id uuid,
  claimed_until timestamptz,
  created_at timestamptz not null,
  settled_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, webhook_id) references webhooks on delete cascade,
  foreign key (organization_id, activity_id) references activities
);

create table attempts (
  organization_id bigint not null,
  delivery_id bigint not null,
  number integer not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  status integer,
  response_headers jsonb,
  response_body text,
  error_class text,
  error text,
  primary key (organization_id, delivery_id, number),
  foreign key (organization_id, delivery_id) references deliveries on delete cascade
);
