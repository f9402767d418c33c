import type { FieldError } from '../errors.ts'
import { givenBy, mediumOf, type PlaceGiver } from '../places/schema.ts'
import type { FormField, Host, MeetingType, MeetingTypeInput, MeetingTypePatch, PublicMeetingType } from './schema.ts'

/** A meeting type without its id: the fields that people can set. */
export type MeetingTypeDraft = Omit<MeetingType, 'id' | 'created_at'>

const DEFAULT_SEATS = 10
const DEFAULT_PRIORITY = 3

/** Fills in the defaults that depend on other fields, or on the organization. */
export function draftMeetingType(
  input: MeetingTypeInput,
  { confirmEmail }: { confirmEmail: boolean },
): MeetingTypeDraft {
  const hosts = input.hosts.map(toHost)
  return {
    ...input,
    hosts,
    assignment: input.assignment ?? (hosts.length === 1 ? 'fixed' : 'round_robin'),
    seats: input.seats ?? seatsOf(input.kind),
    confirm_email: input.confirm_email ?? confirmEmail,
    fields: input.fields.map(toField),
    cancellation: { allowed: true, notice_minutes: 0, ...input.cancellation },
    rescheduling: { allowed: true, notice_minutes: 0, ...input.rescheduling },
  }
}

/**
 * Applies a patch: absent fields keep their values, and policies are merged key by key. If a new kind or location type
 * makes the old seats, location or locked time zone meaningless, these are reset.
 */
export function patchMeetingType(current: MeetingTypeDraft, patch: MeetingTypePatch): MeetingTypeDraft {
  const { hosts, fields, seats, cancellation, rescheduling, ...plain } = patch
  const changed = { ...current, ...plain }
  if (patch.location === undefined && givenBy(changed.location_type) !== 'meeting_type') changed.location = null
  if (patch.locked_timezone === undefined && mediumOf(changed.location_type) !== 'in_person')
    changed.locked_timezone = null
  return {
    ...changed,
    hosts: hosts?.map(toHost) ?? current.hosts,
    seats: seats ?? (seats === null || changed.kind !== current.kind ? seatsOf(changed.kind) : current.seats),
    fields: fields?.map(toField) ?? current.fields,
    cancellation: { ...current.cancellation, ...cancellation },
    rescheduling: { ...current.rescheduling, ...rescheduling },
  }
}

/** Returns every error in a draft that its schema does not catch. Empty if the draft can be stored. */
export function checkMeetingType(draft: MeetingTypeDraft): FieldError[] {
  return [
    ...checkLocation(draft),
    ...checkLockedZone(draft),
    ...checkHosts(draft),
    ...checkSeats(draft),
    ...checkDates(draft),
    ...checkReminders(draft.reminders),
    ...checkFields(draft.fields),
  ]
}

/** Returns a type as visitors see it before they book. `names` must contain at least its hosts' names. */
export function showPublicly(type: MeetingType, names: PublicMeetingType['hosts']): PublicMeetingType {
  return {
    name: type.name,
    slug: type.slug,
    description: type.description,
    kind: type.kind,
    duration_minutes: type.duration_minutes,
    location_type: type.location_type,
    location: mediumOf(type.location_type) === 'in_person' ? type.location : null,
    locked_timezone: type.locked_timezone,
    assignment: type.assignment,
    hosts: type.hosts.flatMap(({ member }) => names.filter((name) => name.id === member)),
    seats: type.seats,
    approval: type.approval,
    booking_from: type.booking_from,
    booking_until: type.booking_until,
    fields: type.fields,
    cancellation: type.cancellation,
    rescheduling: type.rescheduling,
    redirect_url: type.redirect_url,
  }
}

function seatsOf(kind: MeetingType['kind']): number {
  return kind === 'group' ? DEFAULT_SEATS : 1
}

function toHost(host: MeetingTypeInput['hosts'][number]): Host {
  return typeof host === 'number' ? { member: host, priority: DEFAULT_PRIORITY } : host
}

function toField(field: FormField): FormField {
  return field.choices?.length === 0 ? { ...field, choices: null } : field
}

/** Why a meeting type does not have its own location. */
const reasons: Record<Exclude<PlaceGiver, 'meeting_type'>, string> = {
  attendee: 'the attendee provides it',
  server: 'the server creates a room for each meeting',
}

function checkLocation({ location_type: type, location }: MeetingTypeDraft): FieldError[] {
  const giver = givenBy(type)
  if (giver !== 'meeting_type') {
    if (location === null) return []
    return [{ path: 'location', message: `must be null for ${type}: ${reasons[giver]}` }]
  }
  if (location === null)
    return [{ path: 'location', message: `is required for ${type}; enter where the meeting takes place` }]
  if (mediumOf(type) === 'video' && !isWebAddress(location))
    return [{ path: 'location', message: 'must be the http:// or https:// URL of the room' }]
  return []
}

function checkLockedZone({ location_type: type, locked_timezone: zone }: MeetingTypeDraft): FieldError[] {
  if (zone === null || mediumOf(type) === 'in_person') return []
  const message = `must be null for ${type}: only in-person meetings (place, place_user) have their own time zone`
  return [{ path: 'locked_timezone', message }]
}

function checkHosts({ hosts, assignment }: MeetingTypeDraft): FieldError[] {
  const found: FieldError[] = []
  for (const [index, host] of hosts.entries()) {
    if (hosts.findIndex((other) => other.member === host.member) < index)
      found.push({ path: `hosts.${index}`, message: `lists member ${host.member} twice; list each host once` })
  }
  if (assignment === 'fixed' && hosts.length > 1) {
    const message = `fixed takes one host, got ${hosts.length}; choose round_robin, joint or attendee_chooses, or list one host`
    found.push({ path: 'assignment', message })
  }
  return found
}

function checkSeats({ kind, seats }: MeetingTypeDraft): FieldError[] {
  if (kind === 'group' || seats === 1) return []
  return [{ path: 'seats', message: 'one_on_one has one seat; leave out seats, or choose the kind group' }]
}

function checkDates({ booking_from: from, booking_until: until }: MeetingTypeDraft): FieldError[] {
  if (from === null || until === null || from <= until) return []
  return [{ path: 'booking_until', message: `must not be before booking_from (${from})` }]
}

function checkReminders(reminders: number[]): FieldError[] {
  return reminders.flatMap((minutes, index) =>
    reminders.indexOf(minutes) === index
      ? []
      : [{ path: `reminders.${index}`, message: `${minutes} minutes is listed twice; list each reminder once` }],
  )
}

function checkFields(fields: FormField[]): FieldError[] {
  return fields.flatMap((field, index) => checkField(fields, field, index))
}

function checkField(fields: FormField[], field: FormField, index: number): FieldError[] {
  const found: FieldError[] = []
  if (fields.findIndex((other) => other.name === field.name) < index)
    found.push({
      path: `fields.${index}.name`,
      message: `"${field.name}" is used twice; field names must be unique`,
    })
  if (field.required && !field.visible)
    found.push({
      path: `fields.${index}.required`,
      message: 'must be false for a hidden field: attendees cannot answer it',
    })
  const message = checkChoices(field)
  if (message) found.push({ path: `fields.${index}.choices`, message })
  return found
}

function checkChoices({ field_type: type, choices }: FormField): string | undefined {
  const needsChoices = type === 'choice' || type === 'multichoice'
  if (needsChoices && choices === null) return `is required for ${type}; add at least one choice`
  if (!needsChoices && choices !== null) return `must be null for ${type}; only choice and multichoice have choices`
  if (choices && new Set(choices).size < choices.length) return 'contains the same choice twice; list each choice once'
  return undefined
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text)
}
