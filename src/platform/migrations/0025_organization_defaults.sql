-- What applies to members who have not chosen their own language, and what new members start with.
alter table organizations
  add column default_language text check (default_language in ('en', 'de', 'fr', 'es', 'pt')),
  add column default_timezone text not null default 'UTC';
