import type { OrganizationId } from '../../src/access/gate.ts'
import type { Action } from '../../src/activities/schema.ts'
import { appendActivities } from '../../src/activities/service.ts'
import type { MeetingSnapshot } from '../../src/activities/snapshot.ts'
import { enqueueDeliveries } from '../../src/deliveries/service.ts'
import type { Clock } from '../../src/platform/clock.ts'
import type { Database } from '../../src/platform/database.ts'

export interface Happening {
  organization: OrganizationId
  /** The actions. One activity is created for each. */
  actions: Action[]
  /** The meeting that the activities are about. */
  meeting?: number
}

/** Records activities for an invented meeting, in one transaction like every change. */
export async function happen(
  { database, clock }: { database: Database; clock: Clock },
  { organization, actions, meeting = 1 }: Happening,
): Promise<void> {
  await database.transaction(async (tx) => {
    const drafts = actions.map((action) => ({
      action,
      attendeeId: action.startsWith('Attendee.') ? meeting * 10 : null,
      message: null,
      metadata: null,
    }))
    const change = { meeting: snapshot(meeting), tags: [], drafts }
    const activities = await appendActivities(tx, { clock, url: 'https://book.example.com' }, organization, change)
    await enqueueDeliveries(tx, organization, activities)
  })
}

function snapshot(id: number): MeetingSnapshot {
  const start = Date.UTC(2027, 5, 1, 14)
  return {
    id,
    kind: 'one_on_one',
    createdAt: '2027-05-01T12:00:00.000000Z',
    name: 'Intro',
    location: '123 Address Street',
    locationType: 'place',
    start,
    end: start + 1_800_000,
    approved: null,
    confirmed: true,
    cancelled: false,
    conferencePassword: null,
    conferenceUrl: null,
    meetingType: { id: 1, name: 'Intro' },
    icsSequence: 0,
    bookers: [person(id * 10, null)],
    hosts: [person(id * 10 + 1, 1)],
  }
}

function person(id: number, memberId: number | null): MeetingSnapshot['hosts'][number] {
  return {
    id,
    createdAt: '2027-05-01T12:00:00.000000Z',
    memberId,
    email: `person${id}@example.com`,
    firstName: 'First',
    lastName: 'Last',
    timezone: 'Europe/Berlin',
    locale: null,
    status: 'confirmed',
    externalId: `external${id}`,
    utmSource: null,
    utmMedium: null,
    utmCampaign: null,
    utmContent: null,
    utmTerm: null,
    fieldSubmissions: [],
  }
}
