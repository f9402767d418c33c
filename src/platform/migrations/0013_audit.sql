-- The audit log: who changed what, when and from where. Written in the transaction of the change. Names and labels are
-- copied, because the objects they name can be renamed or deleted.
create table audit_entries (
  organization_id bigint not null references organizations,
  id bigint generated always as identity,
  created_at timestamptz not null,
  action text not null,
  actor_kind text not null check (actor_kind in ('member', 'api_key', 'operator', 'visitor')),
  actor_id bigint,
  actor_name text,
  address text,
  object_type text not null,
  object_id bigint,
  object_label text,
  changes json not null,
  primary key (organization_id, id)
);
create index audit_entries_object on audit_entries (organization_id, object_type, object_id, id);
create index audit_entries_age on audit_entries (created_at);
