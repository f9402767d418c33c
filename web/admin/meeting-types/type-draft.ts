import type { FormField, MeetingType } from '../../../src/meeting-types/schema.ts'
import { givenBy, mediumOf } from '../../../src/places/schema.ts'

export type { FieldType, FormField, MeetingType } from '../../../src/meeting-types/schema.ts'

/** A meeting type while it is being edited: everything except the values that the server assigns, and the ids of its pages. */
export type TypeDraft = Omit<MeetingType, 'id' | 'created_at'> & { pages: number[] }

type Page = { id: number; meeting_types: number[] }

export const newField: FormField = {
  name: '',
  field_type: 'text',
  help_text: null,
  required: false,
  choices: null,
  visible: true,
}

type NewTypeOptions = { confirmEmail: boolean; pages: number[] }

/** The default values for a new meeting type. */
export const newType = (host: number | undefined, { confirmEmail, pages }: NewTypeOptions): TypeDraft => ({
  pages,
  name: '',
  slug: '',
  description: null,
  kind: 'one_on_one',
  duration_minutes: 30,
  location_type: 'jitsi',
  location: null,
  locked_timezone: null,
  hosts: host === undefined ? [] : [{ member: host, priority: 3 }],
  assignment: 'fixed',
  seats: 1,
  approval: 'automatic',
  schedule: null,
  buffer_before_minutes: 0,
  buffer_after_minutes: 0,
  minimum_notice_minutes: 0,
  booking_window_days: 90,
  booking_from: null,
  booking_until: null,
  start_increment_minutes: null,
  daily_limit: null,
  upcoming_limit_per_attendee: 3,
  confirm_email: confirmEmail,
  fields: [],
  reminders: [1440],
  visibility: 'public',
  cancellation: { allowed: true, notice_minutes: 0 },
  rescheduling: { allowed: true, notice_minutes: 0 },
  redirect_url: null,
})

export function draftOf({ id, created_at: _, ...draft }: MeetingType, pages: Page[]): TypeDraft {
  return { ...draft, pages: pages.filter((page) => page.meeting_types.includes(id)).map((page) => page.id) }
}

/**
 * Returns the page that a host's new meeting type is added to: the only page, or the first page with a meeting type that only
 * they host.
 */
export function ownPage(pages: Page[], types: MeetingType[], host: number | undefined): number[] {
  const isOwn = ({ hosts }: MeetingType) => hosts.length === 1 && hosts[0]?.member === host
  const own = types.filter(isOwn).map(({ id }) => id)
  const page = pages.length === 1 ? pages[0] : pages.find((known) => known.meeting_types.some((id) => own.includes(id)))
  return page ? [page.id] : []
}

/** Returns a copy with another slug. */
export const copyOf = ({ id: _, created_at: __, ...type }: MeetingType): Omit<TypeDraft, 'pages'> => ({
  ...type,
  slug: `${type.slug}-${Date.now().toString(36)}`,
})

/** Returns the request body. Values that do not apply to the kind of meeting or question are omitted. */
export function toInput({ pages: _, ...draft }: TypeDraft): Omit<TypeDraft, 'pages'> {
  const takesLocation = givenBy(draft.location_type) === 'meeting_type'
  return {
    ...draft,
    location: takesLocation ? draft.location : null,
    locked_timezone: mediumOf(draft.location_type) === 'in_person' ? draft.locked_timezone : null,
    seats: draft.kind === 'group' ? draft.seats : 1,
    fields: draft.fields.map((field) => ({ ...field, choices: hasChoices(field) ? (field.choices ?? []) : null })),
  }
}

export const hasChoices = ({ field_type }: Pick<FormField, 'field_type'>): boolean =>
  field_type === 'choice' || field_type === 'multichoice'
