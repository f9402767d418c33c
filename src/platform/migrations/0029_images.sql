-- Photos of members and logos, encoded by this server. The hash of the content is the public address. Each picture has one owner.
create table images (
  organization_id bigint not null references organizations,
  hash text not null unique,
  content_type text not null check (content_type in ('image/png', 'image/webp')),
  bytes bytea not null,
  created_at timestamptz not null,
  primary key (organization_id, hash)
);

alter table members
  add column photo text,
  add foreign key (organization_id, photo) references images (organization_id, hash);
