/**
 * The actions: everything that can happen to a meeting or to a person who booked. Each action is described once. The enum,
 * bodies, catalogue, samples, OpenAPI document and types in @bookbell/webhooks are generated from this table. `node
 * scripts/activity-catalogue.ts` writes the golden bodies and the published catalogue.
 */

import { keysOf } from '../platform/keys-of.ts'

export type MeetingKind = 'one_on_one' | 'group'
/** A person's status in a meeting. */
export const attendeeStatuses = ['requested', 'confirmed', 'declined', 'cancelled'] as const
export type AttendeeStatus = (typeof attendeeStatuses)[number]

/** The flags of the Meeting entity. */
export interface MeetingFlags {
  approved: boolean | null
  confirmed: boolean
  cancelled: boolean
}

/** An action for one kind of meeting. */
interface ActionOfKind {
  /** The meeting's flags that always have this value after the action. The other flags can have any value. */
  after: Partial<MeetingFlags>
  /** A typical state after the action, with the status of the person it is about, and who acted. */
  sample: MeetingFlags & { status: AttendeeStatus; by?: 'host' | 'attendee' }
}

interface ActionFacts {
  /** The type of the body's `entity`. */
  about: 'meeting' | 'attendee'
  description: string
  /** Whether the person who acted can add a message and, if so, the message in the sample. */
  message: false | string
  /**
   * The content of `metadata`: who acted (for a reschedule, also the previous time), the tag, the reminder, or nothing (null).
   */
  metadata: 'none' | 'change' | 'reschedule' | 'tag' | 'reminder'
  /** The statuses that the person can have afterwards. If all are listed, the status does not change. */
  statuses: readonly AttendeeStatus[]
  one_on_one: ActionOfKind
  /** Null if the action never happens to groups. */
  group: ActionOfKind | null
}

const booked = { approved: null, confirmed: true, cancelled: false, status: 'confirmed' } as const
const pending = { approved: null, confirmed: false, cancelled: false, status: 'requested' } as const
const approved = { approved: true, confirmed: true, cancelled: false, status: 'confirmed' } as const
const declined = { approved: false, confirmed: false, cancelled: false, status: 'declined' } as const
const cancelled = { approved: null, confirmed: false, cancelled: true, status: 'cancelled' } as const

// The sample group needs approval, and other people stay in it when one leaves or is declined.
export const actionFacts = {
  'Meeting.scheduled': {
    about: 'meeting',
    description: 'A new meeting was booked. It is confirmed or pending approval.',
    message: false,
    metadata: 'none',
    statuses: attendeeStatuses,
    one_on_one: { after: { approved: null, cancelled: false }, sample: booked },
    group: { after: { approved: null, cancelled: false }, sample: pending },
  },
  'Meeting.approved': {
    about: 'meeting',
    description: 'A host approved a request for a one-on-one meeting.',
    message: 'Looking forward to it.',
    metadata: 'change',
    statuses: attendeeStatuses,
    one_on_one: {
      after: { approved: true, confirmed: true, cancelled: false },
      sample: { ...approved, by: 'host' },
    },
    group: null,
  },
  'Meeting.declined': {
    about: 'meeting',
    description: 'A host declined a request for a one-on-one meeting.',
    message: 'I am away that week.',
    metadata: 'change',
    statuses: attendeeStatuses,
    one_on_one: {
      after: { approved: false, confirmed: false, cancelled: false },
      sample: { ...declined, by: 'host' },
    },
    group: null,
  },
  'Meeting.cancelled': {
    about: 'meeting',
    description: 'The meeting was cancelled, or the last attendee left a group meeting.',
    message: 'Something came up.',
    metadata: 'change',
    statuses: attendeeStatuses,
    one_on_one: { after: { confirmed: false, cancelled: true }, sample: { ...cancelled, by: 'attendee' } },
    group: { after: { confirmed: false, cancelled: true }, sample: { ...cancelled, approved: true, by: 'host' } },
  },
  'Meeting.rescheduled': {
    about: 'meeting',
    description: 'The meeting was rescheduled. Its id and links stay the same.',
    message: 'A day later, please.',
    metadata: 'reschedule',
    statuses: attendeeStatuses,
    one_on_one: { after: { cancelled: false }, sample: { ...booked, by: 'attendee' } },
    group: { after: { cancelled: false }, sample: { ...approved, by: 'host' } },
  },
  'Meeting.tagged': {
    about: 'meeting',
    description: 'A tag was added to the meeting.',
    message: false,
    metadata: 'tag',
    statuses: attendeeStatuses,
    one_on_one: { after: {}, sample: booked },
    group: { after: {}, sample: approved },
  },
  'Meeting.untagged': {
    about: 'meeting',
    description: 'A tag was removed from the meeting.',
    message: false,
    metadata: 'tag',
    statuses: attendeeStatuses,
    one_on_one: { after: {}, sample: booked },
    group: { after: {}, sample: approved },
  },
  'Attendee.scheduled': {
    about: 'attendee',
    description: 'A person booked the meeting, or a seat in it. The booking is confirmed or pending approval.',
    message: false,
    metadata: 'none',
    statuses: ['requested', 'confirmed'],
    one_on_one: { after: { approved: null, cancelled: false }, sample: booked },
    group: { after: { cancelled: false }, sample: { ...approved, status: 'requested' } },
  },
  'Attendee.approved': {
    about: 'attendee',
    description: "A host approved an attendee's request.",
    message: 'Looking forward to it.',
    metadata: 'change',
    statuses: ['confirmed'],
    one_on_one: {
      after: { approved: true, confirmed: true, cancelled: false },
      sample: { ...approved, by: 'host' },
    },
    group: { after: { approved: true, confirmed: true, cancelled: false }, sample: { ...approved, by: 'host' } },
  },
  'Attendee.declined': {
    about: 'attendee',
    description: "A host declined an attendee's request.",
    message: 'I am away that week.',
    metadata: 'change',
    statuses: ['declined'],
    one_on_one: {
      after: { approved: false, confirmed: false, cancelled: false },
      sample: { ...declined, by: 'host' },
    },
    group: { after: {}, sample: { ...approved, status: 'declined', by: 'host' } },
  },
  'Attendee.cancelled': {
    about: 'attendee',
    description: 'An attendee left the meeting or was removed from it, or the meeting was cancelled.',
    message: 'Something came up.',
    metadata: 'change',
    statuses: ['cancelled'],
    one_on_one: { after: { confirmed: false, cancelled: true }, sample: { ...cancelled, by: 'attendee' } },
    group: { after: {}, sample: { ...approved, status: 'cancelled', by: 'attendee' } },
  },
  'Attendee.reminded': {
    about: 'attendee',
    description: 'The mail server accepted a reminder for the attendee.',
    message: false,
    metadata: 'reminder',
    statuses: attendeeStatuses,
    one_on_one: { after: {}, sample: booked },
    group: { after: {}, sample: approved },
  },
} as const satisfies Record<string, ActionFacts>

export type Action = keyof typeof actionFacts

/** All actions, in the order of the contract. */
export const actions = keysOf(actionFacts)

/** Returns an action's facts, without the literal types of the table. */
export function factsOf(action: Action): ActionFacts {
  return actionFacts[action]
}

/** Returns whether meetings of this kind ever have the action. A group, for example, is never approved or declined as a whole. */
export function isEmitted(action: Action, kind: MeetingKind): boolean {
  return actionFacts[action][kind] !== null
}
