import type { Actor } from '../access/gate.ts'
import type { Outcome } from '../errors.ts'
import { meetingTypeInputSchema } from '../meeting-types/schema.ts'
import { addMeetingType } from '../meeting-types/service.ts'
import { isReservedSlug } from '../pages/page.ts'
import { addPage } from '../pages/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'
import { addSchedule } from '../schedules/service.ts'

const WORKDAYS = ['mo', 'tu', 'we', 'th', 'fr'] as const

/**
 * Creates working hours for the owner (Monday to Friday, 9:00 to 17:00), a 30-minute meeting type with a video room, and a page
 * that offers it. Returns the meeting type's path on its page.
 */
export async function addStarterPage(
  tx: Transaction,
  actor: Actor & { kind: 'member' },
  { name, timezone, clock }: { name: string; timezone: string; clock: Clock },
): Promise<Outcome<{ path: string }>> {
  const host = actor.memberId
  const weekly = WORKDAYS.map((day) => ({ day, from: '09:00', to: '17:00' }))
  const hours = { member: host, name: 'Working hours', timezone, weekly, overrides: [] }
  const schedule = await addSchedule(tx, actor, { input: hours, clock })
  if (!schedule.ok) return schedule
  const type = meetingTypeInputSchema.parse({
    name: '30-minute meeting',
    slug: '30-minutes',
    duration_minutes: 30,
    hosts: [host],
    location_type: 'jitsi',
    booking_window_days: 90,
  })
  const meeting = await addMeetingType(tx, actor, { input: type, clock })
  if (!meeting.ok) return meeting
  const { id, slug } = meeting.meetingType
  const page = await addPage(tx, actor, {
    input: { name, slug: slugOf(name), description: null, meeting_types: [id] },
    clock,
  })
  return page.ok ? { ok: true, path: `/${page.page.slug}/${slug}` } : page
}

/** `Müller & Söhne` becomes `muller-sohne`. Returns `meet` if nothing is left or the server needs the path itself. */
function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug =
    plain
      .match(/[a-z0-9]+/g)
      ?.join('-')
      .slice(0, 80)
      .replace(/-$/, '') ?? 'meet'
  return isReservedSlug(slug) ? 'meet' : slug
}
