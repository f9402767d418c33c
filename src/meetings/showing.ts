import { type Actor, limitedTo, type OrganizationId } from '../access/gate.ts'
import { meetingEntity } from '../activities/entity.ts'
import type { MeetingSnapshot } from '../activities/snapshot.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { findPageOfMeetingType } from '../pages/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Executor } from '../platform/database.ts'
import { viewAsAttendee } from './attendee-view.ts'
import { getTypeOfMeeting } from './changing.ts'
import type { MeetingRow } from './reading-store.ts'
import type { AttendeeView, Meeting } from './schema.ts'

/**
 * Returns whether the actor may see and change the meeting. Managers and admins may see and change every meeting. Members may see
 * and change the meetings that they host.
 */
export function mayAct(actor: Actor, meeting: MeetingSnapshot): boolean {
  const limit = limitedTo(actor)
  return limit === null || meeting.hosts.some(({ memberId }) => memberId === limit)
}

/** Returns the meeting as the API shows it. */
export function showMeeting({ meeting, tags }: MeetingRow, url: string): Meeting {
  return { ...meetingEntity(meeting, url), tags }
}

/** A person in a meeting, by id, and the meeting's type if it has already been read. */
export interface ShownAttendee {
  meeting: MeetingSnapshot
  attendee: number
  meetingType?: MeetingType
}

/** Returns the meeting as this person may see it. */
export async function showToAttendee(
  executor: Executor,
  { url, clock }: { url: string; clock: Clock },
  organization: OrganizationId,
  { meeting, attendee, ...known }: ShownAttendee,
): Promise<AttendeeView> {
  const meetingType = known.meetingType ?? (await getTypeOfMeeting(executor, organization, meeting))
  const page = (await findPageOfMeetingType(executor, organization, meetingType.id)) ?? null
  return viewAsAttendee({ organization, meeting, attendee, meetingType, page, url, now: clock.now() })
}
