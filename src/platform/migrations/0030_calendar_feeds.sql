-- A member's meetings as a calendar file that calendar programs subscribe to. The token arrives without an organization; only its
-- hash (SHA-256) is stored.
create table calendar_feeds (
  token_hash bytea primary key,
  organization_id bigint not null references organizations,
  member_id bigint not null,
  created_at timestamptz not null,
  last_read_at timestamptz,
  foreign key (organization_id, member_id) references members
);
create unique index calendar_feeds_member on calendar_feeds (organization_id, member_id);
