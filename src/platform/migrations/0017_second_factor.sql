-- The second factor of a person: authenticator app codes and recovery codes, in the form that better-auth expects.
-- "secret" and "backupCodes" are encrypted with BOOKBELL_SECRET.
alter table "user" add column "twoFactorEnabled" boolean not null default false;

create table "twoFactor" (
  "id" text not null primary key,
  "secret" text not null,
  "backupCodes" text not null,
  "userId" text not null unique references "user" ("id") on delete cascade,
  "verified" boolean not null default true,
  "failedVerificationCount" integer not null default 0,
  "lockedUntil" timestamptz
);

-- How the person of this session has verified a second factor. Null means not at all.
alter table "session" add column "secondFactor" text check ("secondFactor" in ('code', 'passkey'));

-- Whether members must verify a second factor at sign-in to act in the organization.
alter table organizations add column require_second_factor boolean not null default false;
