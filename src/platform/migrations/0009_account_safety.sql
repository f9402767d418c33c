-- Accounts belong to people, not to organizations.

-- The address that an invitation was emailed to; its link is valid only for that address. `mailed` means that only the
-- reader of that address received the link; without a mail server, an admin can read it in the mailbox.
alter table invitations add column email text;
alter table invitations add column mailed boolean not null default false;
update invitations i set email = m.email
  from members m where m.organization_id = i.organization_id and m.id = i.member_id;
alter table invitations alter column email set not null;

-- Emails about an account: password reset, changed password, new sign-in. No organization can read them. `content` is
-- encrypted with BOOKBELL_SECRET; the other columns are those of `mails`.
create table account_mails (
  id bigint generated always as identity primary key,
  user_id text not null references "user" on delete cascade,
  token uuid not null default gen_random_uuid(),
  kind text not null,
  content bytea not null,
  status text not null default 'waiting' check (status in ('waiting', 'sent', 'kept', 'failed')),
  attempts integer not null default 0,
  due_at timestamptz not null,
  expires_at timestamptz not null,
  claim_id uuid,
  claimed_until timestamptz,
  problem text,
  created_at timestamptz not null,
  settled_at timestamptz,
  check ((status = 'waiting') = (settled_at is null))
);
create index account_mails_due on account_mails (due_at) where status = 'waiting';
create index account_mails_settled on account_mails (settled_at) where status <> 'waiting';
create index account_mails_user on account_mails (user_id);

-- The link to choose a new password, looked up by the SHA-256 of its token. Each person has at most one: a newer link
-- replaces the older one.
create table password_resets (
  user_id text not null primary key references "user" on delete cascade,
  hash bytea not null unique,
  expires_at timestamptz not null,
  created_at timestamptz not null
);

-- Links that were stored in plain text: resets are no longer sent this way, and an invitation that was already sent is
-- emailed again if needed.
delete from mails where kind = 'password_reset';
update mails set content = jsonb_set(content, '{notice,link}', '""') where kind = 'invitation' and status <> 'waiting';
delete from "verification";
