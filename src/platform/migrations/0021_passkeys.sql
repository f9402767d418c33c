-- Passkeys (WebAuthn credentials) of people. id is the credential id in base64url.
create table passkeys (
  id text not null primary key,
  user_id text not null references "user" on delete cascade,
  name text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_user on passkeys (user_id);
