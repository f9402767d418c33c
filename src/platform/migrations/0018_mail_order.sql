-- What an email is about and whom it is for. This keeps the emails about one meeting to one person in order, and sends
-- emails for members to the address that they have at the time of sending.

alter table mails
  add column meeting_id bigint,
  -- The recipient among the people of the meeting: an id in attendees.
  add column person_id bigint,
  add column member_id bigint;

update mails m set meeting_id = a.meeting_id, person_id = a.id, member_id = a.member_id
from attendees a
where a.organization_id = m.organization_id and a.meeting_id = (m.content -> 'meeting' ->> 'id')::bigint
  and a.external_id = m.content ->> 'externalId';

create index mails_order on mails (organization_id, meeting_id, person_id, id) where status = 'waiting';
-- The previous index was on the meeting in the content.
drop index mails_meeting;
create index mails_meeting on mails (organization_id, meeting_id) where meeting_id is not null;

-- The language of a member's emails. Null means English.
alter table members add column locale text;
