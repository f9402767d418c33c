import { givenBy, type LocationType } from '../places/schema.ts'

/** The placeholder for a person's name, wherever it is stored. */
export const ERASED_NAME = { first: 'Erased', last: 'person' } as const

/** The placeholder for a person's email address. No email can ever reach it (RFC 2606), and no two people share one. */
export function erasedEmail(attendee: number): string {
  return `erased-${attendee}@erased.invalid`
}

/** Returns whether an email address is an erased person's placeholder. */
export function isErasedEmail(email: string): boolean {
  return /^erased-(member-)?\d+@erased\.invalid$/.test(email)
}

/** Returns whether the first attendee enters the location of a meeting with this location type. */
export function isPlaceOfAttendee(locationType: LocationType): boolean {
  return givenBy(locationType) === 'attendee'
}

/** The people who are erased from one meeting. */
export interface ErasedPeople {
  meeting: number
  isOneOnOne: boolean
  /** Their attendee ids. */
  attendees: readonly number[]
  /** Whether one of them entered the meeting's location. */
  hasPlace: boolean
}

/** The parts of a stored activity that an erasure depends on. */
export interface StoredActivity {
  id: number
  attendee_id: number | null
  created_at: string
  body: string
}

/**
 * Erases people from the bodies of their meeting's activities. The ids and the keys in their order are kept. Names, addresses,
 * time zones, UTM values, answers, messages and the location that the people entered are replaced by placeholders. Returns only
 * the activities whose bodies change.
 */
export function eraseBodies(activities: readonly StoredActivity[], erased: ErasedPeople): StoredActivity[] {
  const ids = new Set(erased.attendees)
  const moments = new Set(
    activities.filter(({ attendee_id }) => ids.has(attendee_id ?? 0)).map(({ created_at }) => created_at),
  )
  return activities.flatMap((activity) => {
    const body = JSON.parse(activity.body)
    if (isAbout(activity, body, { ids, moments, erased })) body.message = null
    replacePeople(body.entity, (person) => (ids.has(person.id) ? erasePerson(person) : undefined))
    if (erased.hasPlace) erasePlace(body.entity)
    const text = JSON.stringify(body)
    return text === activity.body ? [] : [{ ...activity, body: text }]
  })
}

/**
 * Returns whether an activity's message is from or for one of the erased people. If the last attendee leaves a group, the same
 * message is part of the meeting's cancellation.
 */
function isAbout(
  { attendee_id, created_at }: StoredActivity,
  { metadata }: { metadata: { by?: string } | null },
  { ids, moments, erased }: { ids: Set<number>; moments: Set<string>; erased: ErasedPeople },
): boolean {
  if (erased.isOneOnOne || ids.has(attendee_id ?? 0)) return true
  return attendee_id === null && metadata?.by === 'attendee' && moments.has(created_at)
}

/** An attendee or a host in a body. */
interface PersonEntity {
  id: number
  [key: string]: unknown
}

/** Calls `replace` for everyone in an entity, and overwrites the person's keys with the values that it returns. */
export function replacePeople(
  value: unknown,
  replace: (person: PersonEntity) => Record<string, unknown> | undefined,
): void {
  if (typeof value !== 'object' || value === null) return
  if (isPerson(value)) {
    for (const [key, own] of Object.entries(replace(value) ?? {})) if (key in value) value[key] = own
  }
  for (const inner of Object.values(value)) replacePeople(inner, replace)
}

function isPerson(value: object): value is PersonEntity {
  return 'type' in value && value.type === 'Attendee'
}

function erasePerson(person: PersonEntity): Record<string, unknown> {
  const utm = person.utm_source === null ? null : ''
  return {
    email: erasedEmail(person.id),
    first_name: ERASED_NAME.first,
    last_name: ERASED_NAME.last,
    timezone: 'UTC',
    utm_source: utm,
    utm_medium: utm,
    utm_campaign: utm,
    utm_content: utm,
    utm_term: utm,
    field_submissions: [],
  }
}

function erasePlace(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if ('type' in value && value.type === 'Meeting') Object.assign(value, { location: null, conference_url: null })
  for (const inner of Object.values(value)) erasePlace(inner)
}
