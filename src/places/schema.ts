import { keysOf } from '../platform/keys-of.ts'

/**
 * The kinds of places where a meeting can take place, each described once. Two facts about a kind determine everything else:
 * checks, emails and pages call `mediumOf` and `givenBy` and never refer to a kind by name. To add a kind, add a line to this
 * table and to the SQL check on `meeting_types.location_type`.
 */
const places = {
  place: { medium: 'in_person', givenBy: 'meeting_type' },
  phone: { medium: 'phone', givenBy: 'meeting_type' },
  web_conference: { medium: 'video', givenBy: 'meeting_type' },
  place_user: { medium: 'in_person', givenBy: 'attendee' },
  phone_user: { medium: 'phone', givenBy: 'attendee' },
  jitsi: { medium: 'video', givenBy: 'server' },
} as const satisfies Record<string, { medium: Medium; givenBy: PlaceGiver }>

/** How people meet. */
export type Medium = 'in_person' | 'phone' | 'video'

/** Who provides the address, number or room: the meeting type, the attendee when booking, or the server for each meeting. */
export type PlaceGiver = 'meeting_type' | 'attendee' | 'server'

export type LocationType = keyof typeof places

/** All kinds, for `locationTypeSchema` in activities/schema.ts. This file does not use Zod, because the booking page loads it. */
export const locationTypes = keysOf(places)

export function mediumOf(type: LocationType): Medium {
  return places[type].medium
}

export function givenBy(type: LocationType): PlaceGiver {
  return places[type].givenBy
}
