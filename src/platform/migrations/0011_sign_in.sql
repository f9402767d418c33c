-- The organization that a session acts in, if the person has chosen one. Every request checks that the person is still
-- a member.
alter table "session" add column "activeOrganization" bigint;

-- Sign-in attempts by account, network address and known browser. After a few attempts, each further one has to wait
-- longer. They are stored here so that all processes share them and they survive a restart. Keys that contain an email
-- address are hashed.
create table sign_in_tries (
  key text not null primary key,
  tries integer not null,
  last_try_at timestamptz not null,
  next_try_at timestamptz not null
);
create index sign_in_tries_last on sign_in_tries (last_try_at);
