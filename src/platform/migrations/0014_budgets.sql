-- How much clients without a key have used, in windows that begin with the first request. key is a hash; no address is
-- stored here.
create table budgets (
  organization_id bigint not null references organizations,
  kind text not null,
  key text not null,
  window_start timestamptz not null,
  used integer not null,
  primary key (organization_id, kind, key)
);
create index budgets_window on budgets (window_start);

-- The same for requests that arrive without an organization.
create table client_budgets (
  kind text not null,
  key text not null,
  window_start timestamptz not null,
  used integer not null,
  primary key (kind, key)
);
create index client_budgets_window on client_budgets (window_start);

-- How many upcoming meetings of the type one email address may have. Null means no limit.
alter table meeting_types add column upcoming_limit_per_attendee integer check (upcoming_limit_per_attendee > 0);
