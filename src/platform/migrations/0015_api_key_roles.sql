-- API keys have a role, an optional expiry and optional networks. Existing keys stay what they were: admin keys that do
-- not expire.
alter table api_keys
  add column role text not null default 'admin' check (role in ('read_only', 'member', 'manager', 'admin')),
  add column member_id bigint,
  add column expires_at timestamptz,
  add column allowed_networks json,
  add check ((role = 'member') = (member_id is not null)),
  add foreign key (organization_id, member_id) references members;
alter table api_keys alter column role drop default;
create index api_keys_member on api_keys (organization_id, member_id) where member_id is not null;
