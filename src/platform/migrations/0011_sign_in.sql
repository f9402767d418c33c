-- The organization that a session acts in, if the person has chosen one. It must be one of theirs at every request.
alter table "session" add column "activeOrganization" bigint;

-- Tries to sign in, by account, network address and known browser: after some, each further one has to wait longer. Here, so
-- that all processes share them and a restart forgets nothing. Keys are hashed where they contain an e-mail address.
create table sign_in_tries (
  key text not null primary key,
  tries integer not null,
  last_try_at timestamptz not null,
  next_try_at timestamptz not null
);
create index sign_in_tries_last on sign_in_tries (last_try_at);
