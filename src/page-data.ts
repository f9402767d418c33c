import { findPublicMeetingType } from './meeting-types/service.ts'
import { getAttendeeView, type MeetingsDeps } from './meetings/service.ts'
import { showBookingForm, showPage } from './pages/service.ts'
import type { PageData, PageDataReaders } from './platform/web-pages.ts'
import { listSlots } from './slots/service.ts'

/** Reads what the pages of attendees are shown with: what the page would else fetch from the public API. */
export function createPageDataReaders(deps: MeetingsDeps): PageDataReaders {
  const { executor } = deps.database
  return {
    async page(slug) {
      const page = await showPage(executor, slug)
      return page && { title: page.name, description: page.description, data: { page } }
    },
    meetingType: (page, slug, query) => readMeetingType(deps, { page, slug, query }),
    async attendee(externalId) {
      const found = await getAttendeeView(deps, externalId)
      return found.ok
        ? { title: found.view.meeting.name, description: null, data: { attendee: found.view } }
        : undefined
    },
  }
}

interface Address {
  page: string
  slug: string
  query: Record<string, unknown>
}

async function readMeetingType(deps: MeetingsDeps, address: Address): Promise<PageData | undefined> {
  const form = await showBookingForm(deps.database.executor, address.page, address.slug)
  if (!form) return undefined
  const slots = await readFirstSlots(deps, address)
  return {
    title: `${form.name} · ${form.organization.name}`,
    description: form.description,
    data: { meeting_type: form, ...(slots ? { slots } : {}) },
  }
}

/**
 * The slots of the month that the page will show first: the asked one, else this one, else the next with a start. In UTC
 * with a day to spare on both sides, since only the browser knows the viewer's zone; the starts are the same instants in all.
 */
async function readFirstSlots({ database, clock }: MeetingsDeps, { page, slug, query }: Address) {
  const found = await findPublicMeetingType(database.executor, page, slug)
  // Where the attendee chooses a host, the starts depend on the choice: the page asks for them.
  if (!found || found.meetingType.assignment === 'attendee_chooses') return undefined
  const { organization, meetingType } = found
  const now = clock.now()
  const list = async (month: string) => {
    const dates = datesAround(month)
    const question = { organization, meetingType, query: { ...dates, timezone: 'UTC' }, now }
    const listed = await listSlots(database.executor, question)
    return listed.ok ? { ...dates, ...listed.slots } : undefined
  }
  const asked = readMonth(query.month) ?? readMonth(query.date)
  const slots = await list(asked ?? new Date(now).toISOString().slice(0, 7))
  return asked || !slots?.next_date ? slots : list(slots.next_date.slice(0, 7))
}

/** `YYYY-MM` of a month or date in the address; undefined for what is none, or absurd. */
function readMonth(given: unknown): string | undefined {
  return typeof given === 'string' ? /^20\d\d-(0[1-9]|1[0-2])(?=-|$)/.exec(given)?.[0] : undefined
}

function datesAround(month: string): { from: string; to: string } {
  const { daysInMonth } = Temporal.PlainYearMonth.from(month)
  const date = (day: number) => Temporal.PlainDate.from(`${month}-${String(day).padStart(2, '0')}`)
  return { from: date(1).subtract({ days: 1 }).toString(), to: date(daysInMonth).add({ days: 1 }).toString() }
}
