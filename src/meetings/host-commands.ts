import type { Actor } from '../access/gate.ts'
import { type Outcome, refuseField, refuseNotFound } from '../errors.ts'
import type { Transaction } from '../platform/database.ts'
import { findOrCreateTag, lockTagName } from '../tags/service.ts'
import {
  type ChangingDeps,
  changeMeeting,
  type LockedMeeting,
  lockMeeting,
  type MeetingDecision,
  refuseMissing,
} from './changing.ts'
import * as life from './life-cycle.ts'
import { decideReschedule } from './rescheduling.ts'
import type { Meeting } from './schema.ts'
import { mayAct, showMeeting } from './showing.ts'
import * as store from './store.ts'

/** A host's command for a meeting or one of its attendees. `id` is the id of the meeting or the attendee. */
export interface HostCommand {
  id: number
  /** The message that the host entered. */
  message: string | null
}

type Changed = Promise<Outcome<{ meeting: Meeting }>>

export function approveMeeting(deps: ChangingDeps, actor: Actor, command: HostCommand): Changed {
  return changeAsHost(deps, actor, command, ({ meeting }) => life.approve(meeting, said(deps, command)))
}

export function declineMeeting(deps: ChangingDeps, actor: Actor, command: HostCommand): Changed {
  return changeAsHost(deps, actor, command, ({ meeting }) => life.decline(meeting, said(deps, command)))
}

export function cancelMeeting(deps: ChangingDeps, actor: Actor, command: HostCommand): Changed {
  return changeAsHost(deps, actor, command, ({ meeting }) => life.cancel(meeting, said(deps, command)))
}

/** Moves the meeting to another start (epoch milliseconds). A host may override hours and rules, but not other meetings. */
export function rescheduleMeeting(
  deps: ChangingDeps,
  actor: Actor,
  { timezone, ...command }: HostCommand & { start: number; timezone?: string | undefined },
): Changed {
  return changeAsHost(deps, actor, command, (locked, tx) => {
    const { kind, bookers } = locked.meeting
    if (timezone !== undefined && kind === 'group')
      return refuseField(
        'timezone',
        'cannot be changed for a group meeting, because each attendee has their own; leave it out',
      )
    const [booker] = bookers
    const zone = booker && timezone !== undefined ? { attendee: booker.id, timezone } : undefined
    return decideReschedule(tx, deps, locked, { ...command, by: 'host', zone })
  })
}

export function approveAttendee(deps: ChangingDeps, actor: Actor, command: HostCommand): Changed {
  return changeOneAttendee(deps, actor, command, (meeting, one) => life.approve(meeting, one))
}

export function declineAttendee(deps: ChangingDeps, actor: Actor, command: HostCommand): Changed {
  return changeOneAttendee(deps, actor, command, (meeting, one) => life.decline(meeting, one))
}

/** Removes one attendee. */
export function cancelAttendee(deps: ChangingDeps, actor: Actor, command: HostCommand): Changed {
  return changeOneAttendee(deps, actor, command, (meeting, one) =>
    life.leave(meeting, { ...one, by: 'host', policy: UNLIMITED }),
  )
}

/** Adds a tag, and creates it if it does not exist. */
export function tagMeeting(deps: ChangingDeps, actor: Actor, { id, name }: { id: number; name: string }): Changed {
  return changeAsHost(deps, actor, { id }, async ({ organization, meeting, tags }, tx) => {
    const tag = await findOrCreateTag(tx, organization, { name, clock: deps.clock })
    const change = life.tag(meeting, tags, tag)
    return change.drafts.length === 0 ? { ok: true, ...change } : { ok: true, ...change, tag: { change: 'added', tag } }
  })
}

/** Removes a tag. Does nothing if the tag does not exist. */
export function untagMeeting(deps: ChangingDeps, actor: Actor, { id, name }: { id: number; name: string }): Changed {
  return changeAsHost(deps, actor, { id }, async ({ organization, meeting, tags }, tx) => {
    const tag = await lockTagName(tx, organization, { name })
    if (!tag) return { ok: true, meeting, drafts: [] }
    const change = life.untag(meeting, tags, tag)
    return change.drafts.length === 0
      ? { ok: true, ...change }
      : { ok: true, ...change, tag: { change: 'removed', tag } }
  })
}

/** Hosts may act until the meeting ends, regardless of the policy for attendees. */
const UNLIMITED: life.Policy = { allowed: true, notice_minutes: 0 }

function said({ clock }: ChangingDeps, { message }: { message: string | null }) {
  return { at: clock.now(), message }
}

/** If the actor may not see a meeting, it is reported as not found. */
function changeAsHost(
  deps: ChangingDeps,
  actor: Actor,
  { id }: { id: number },
  decide: (locked: LockedMeeting, tx: Transaction) => MeetingDecision | Promise<MeetingDecision>,
): Changed {
  return changeMeeting(deps, {
    lock: async (tx) => {
      const locked = await lockMeeting(tx, actor.organization, id)
      return locked.ok && !mayAct(actor, locked.meeting) ? refuseMissing(id) : locked
    },
    decide,
    show: (saved) => ({ meeting: showMeeting(saved, deps.url) }),
  })
}

function changeOneAttendee(
  deps: ChangingDeps,
  actor: Actor,
  command: HostCommand,
  decide: (meeting: LockedMeeting['meeting'], one: life.Answering & { attendee: number }) => life.Decision,
): Changed {
  const { organization } = actor
  const { id: attendee } = command
  const missing = refuseNotFound('attendee', attendee, 'GET /api/v1/meetings/{id} lists the attendees of a meeting.')
  return changeMeeting(deps, {
    lock: async (tx) => {
      const id = await store.findMeetingOfAttendee(tx, organization, attendee)
      const locked = id === undefined ? missing : await lockMeeting(tx, organization, id)
      return locked.ok && !mayAct(actor, locked.meeting) ? missing : locked
    },
    decide: ({ meeting }) => decide(meeting, { ...said(deps, command), attendee }),
    show: (saved) => ({ meeting: showMeeting(saved, deps.url) }),
  })
}
