-- Filters of webhooks: a list of conditions, {"path": …, "equals": …}; null means no filter. Each activity stores every
-- condition that it met when it happened, and matches a filter if it contains all of the filter's conditions (@>).
alter table webhooks add column filter jsonb;
alter table activities add column conditions jsonb not null default '[]';

-- A meeting's type, kind and hosts never change. The tags that it had earlier are those that were added and not removed
-- by then.
update activities a set conditions =
  jsonb_build_array(
    jsonb_build_object('path', 'meeting_type.id', 'equals', m.meeting_type_id),
    jsonb_build_object('path', 'kind', 'equals', m.kind))
  || (
    select coalesce(jsonb_agg(jsonb_build_object('path', 'host.email', 'equals', lower(h.email)) order by h.position), '[]')
    from attendees h
    where h.organization_id = a.organization_id and h.meeting_id = a.meeting_id and h.role = 'host')
  || (
    select coalesce(jsonb_agg(jsonb_build_object('path', 'tag', 'equals', last.name) order by last.name), '[]')
    from (
      select distinct on (t.body::jsonb #>> '{metadata,tag,name}') t.body::jsonb #>> '{metadata,tag,name}' as name, t.action
      from activities t
      where t.organization_id = a.organization_id and t.meeting_id = a.meeting_id
        and t.action in ('Meeting.tagged', 'Meeting.untagged')
        and (t.id = a.id or t.id < a.id and a.action not in ('Meeting.tagged', 'Meeting.untagged'))
      order by 1, t.id desc
    ) last
    where last.action = 'Meeting.tagged' or a.action = 'Meeting.untagged')
from meetings m
where m.organization_id = a.organization_id and m.id = a.meeting_id;

alter table activities alter column conditions drop default;
