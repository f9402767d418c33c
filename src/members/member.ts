import type { Actor } from '../access/gate.ts'
import { because, type Refusal, refuse } from '../errors.ts'
import { pathOfImage } from '../images/image.ts'
import type { Row } from '../platform/tables.ts'
import { type Member, type MemberInput, type MemberLimits, type MemberPatch, memberPatchSchema } from './schema.ts'

const memberFields = memberPatchSchema.keyof().options

/** A member who does not have an id yet. */
export type MemberDraft = Omit<Member, 'id' | 'joined' | 'created_at' | 'photo_url'>

const UNLIMITED: MemberLimits = {
  meetings_per_day: null,
  meetings_per_week: null,
  minutes_per_day: null,
  minutes_per_week: null,
}

type StoredMember = Omit<Member, 'limits' | 'joined' | 'photo_url'> &
  Pick<Row<'members'>, 'user_id' | 'photo'> & { limits: Partial<MemberLimits> }

/** Returns a stored member in the API format. The stored limits may be incomplete. */
export function showMember({ user_id, limits, photo, created_at, ...member }: StoredMember): Member {
  const photo_url = photo && pathOfImage(photo)
  return { ...member, limits: { ...UNLIMITED, ...limits }, photo_url, joined: user_id !== null, created_at }
}

/** Fills in omitted fields: the part of the address before the @ as the first name, and no limits. */
export function draftMember(input: MemberInput, defaults: { timezone: string }): MemberDraft {
  const [beforeAt = input.email] = input.email.split('@')
  const timezone = input.timezone ?? defaults.timezone
  return { ...input, timezone, first_name: input.first_name ?? beforeAt, limits: { ...UNLIMITED, ...input.limits } }
}

/** Applies a patch to a member. Absent fields keep their values, and limits are merged key by key. */
export function patchMember(current: Member, { limits, ...plain }: MemberPatch): Member {
  return { ...current, ...plain, limits: { ...current.limits, ...limits } }
}

/** The names of the fields that a patch changes. */
export function fieldsOf(patch: MemberPatch): (keyof MemberPatch)[] {
  return memberFields.filter((name) => patch[name] !== undefined)
}

/**
 * Returns whether the actor may make this change. Admins may change everyone, managers may change everyone's limits, and members
 * may change themselves, except for their role and email address.
 */
export function refuseChangeBy(
  actor: Actor,
  id: number,
  fields: readonly (keyof MemberPatch | 'photo')[],
): Refusal | undefined {
  if (actor.role === 'admin') return undefined
  const isLimits = fields.every((name) => name === 'limits')
  if (actor.memberId !== id && actor.role === 'manager' && isLimits) return undefined
  if (actor.memberId !== id) return refuse('forbidden', 'Only an admin can change other members.')
  if (fields.includes('role') || fields.includes('email'))
    return refuse('forbidden', 'Only an admin can change roles and email addresses.')
  return undefined
}

/** The reasons that prevent deleting a member. */
export interface Ties {
  /** The names of the meeting types that they host. */
  hosted: string[]
  /** The names of the meeting types that use one of their schedules. */
  scheduled: string[]
  /** The number of upcoming meetings. */
  upcoming: number
}

/** Returns why a member cannot be deleted and what to do first. Returns undefined if they can be deleted. */
export function refuseDeletion({ hosted, scheduled, upcoming }: Ties): Refusal | undefined {
  if (hosted.length > 0)
    return because(
      'hosts_meeting_types',
      refuse('conflict', `This member hosts ${listNames(hosted)}. Choose other hosts for these meeting types first.`),
    )
  if (scheduled.length > 0)
    return because(
      'schedule_in_use',
      refuse(
        'conflict',
        `A schedule of this member is used by ${listNames(scheduled)}. Choose another schedule for these meeting types first.`,
      ),
    )
  if (upcoming > 0)
    return because(
      'has_upcoming_meetings',
      refuse(
        'conflict',
        `This member has ${upcoming} upcoming meetings. Cancel them first, or wait until they have ended.`,
      ),
    )
  return undefined
}

function listNames(names: string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`)
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ')
}
