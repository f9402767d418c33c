-- When the person of this session last entered their password or a code again. Null means not since the sign-in.
alter table "session" add column "confirmedAt" timestamptz;
