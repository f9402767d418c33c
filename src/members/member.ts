import type { Actor } from '../access/gate.ts'
import { type Refusal, refuse } from '../errors.ts'
import type { Member, MemberInput, MemberLimits, MemberPatch } from './schema.ts'

/** A member before they have an id. */
export type MemberDraft = Omit<Member, 'id' | 'joined' | 'created_at'>

const UNLIMITED: MemberLimits = {
  meetings_per_day: null,
  meetings_per_week: null,
  minutes_per_day: null,
  minutes_per_week: null,
}

/** A stored member, with the limits that are set only. */
type StoredMember = Omit<Member, 'limits'> & { limits: Partial<MemberLimits> }

/** Makes the wire shape of a stored member. */
export function showMember({ limits, ...member }: StoredMember): Member {
  return { ...member, limits: { ...UNLIMITED, ...limits } }
}

export function draftMember(input: MemberInput): MemberDraft {
  const [beforeAt = input.email] = input.email.split('@')
  return { ...input, first_name: input.first_name ?? beforeAt, limits: { ...UNLIMITED, ...input.limits } }
}

/** What a member becomes by a patch: absent fields stay, limits are merged key by key. */
export function patchMember(current: Member, { limits, ...plain }: MemberPatch): Member {
  return { ...current, ...plain, limits: { ...current.limits, ...limits } }
}

/** Admins change everybody; managers what others take on; each member themselves, but neither role nor e-mail address. */
export function refuseChangeBy(actor: Actor, id: number, patch: MemberPatch): Refusal | undefined {
  if (actor.role === 'admin') return undefined
  const isLimits = Object.keys(patch).every((name) => name === 'limits')
  if (actor.memberId !== id && actor.role === 'manager' && isLimits) return undefined
  if (actor.memberId !== id) return refuse('forbidden', 'Only an admin changes other members.')
  if (patch.role !== undefined || patch.email !== undefined)
    return refuse('forbidden', 'Only an admin changes roles and e-mail addresses.')
  return undefined
}

/** What stands against a member's going. */
export interface Ties {
  /** Names of the meeting types that they host, or that keep one of their schedules. */
  hosted: string[]
  scheduled: string[]
  upcoming: number
}

/** Why a member cannot be deleted, and what to do first; undefined where nothing stands against it. */
export function refuseDeletion({ hosted, scheduled, upcoming }: Ties): Refusal | undefined {
  if (hosted.length > 0)
    return refuse('conflict', `This member hosts ${nameSome(hosted)}. Give these meeting types other hosts first.`)
  if (scheduled.length > 0)
    return refuse(
      'conflict',
      `A schedule of this member gives ${nameSome(scheduled)} their hours. Give these meeting types another first.`,
    )
  if (upcoming > 0)
    return refuse(
      'conflict',
      `This member has ${upcoming} upcoming meetings. Cancel them first, or wait until they are over.`,
    )
  return undefined
}

function nameSome(names: string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`)
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ')
}
