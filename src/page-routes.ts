import { viewerOf } from './access/gate.ts'
import { hashOfPath } from './images/image.ts'
import { imageAsUrl } from './images/service.ts'
import { getMeetingTypeAt } from './meeting-types/service.ts'
import { getHold } from './meetings/holding.ts'
import { getAttendeeView } from './meetings/link-commands.ts'
import type { MeetingsDeps } from './meetings/service.ts'
import { needsSetup, type SetupDeps, stateOfSetup } from './organizations/service.ts'
import type { BookingForm } from './pages/schema.ts'
import { getBookingForm, getPublicPage } from './pages/service.ts'
import type { PageData } from './platform/page-head.ts'
import type { WebPage, WebPagesOptions } from './platform/web-pages.ts'
import { listSlots, unitsOfSlots } from './slots/service.ts'

/** Lists the routes of the web pages. Attendees' pages include the data that they would otherwise fetch from the public API. */
export function listWebPages(deps: MeetingsDeps & SetupDeps): Omit<WebPagesOptions, 'sendsMail' | 'url'> {
  const admin = { entry: 'admin', writesStyles: true, load: loadAdmin(deps) }
  const privateAdmin = { ...admin, isPrivate: true }
  return {
    pages: [
      ...listBookingPages(deps),
      { route: '/setup/:token', entry: 'setup', isPrivate: true, load: loadSetup(deps) },
      { route: '/inspect/:token', entry: 'inspector', isPrivate: true },
      { route: '/admin', ...admin },
      { route: '/admin/*', ...admin },
      { route: '/invitation/:token', ...privateAdmin },
      { route: '/reset-password/:token', ...privateAdmin },
    ],
    loadLogo: (hash) => imageAsUrl(deps.database.executor, hash),
    unknown: { entry: 'booking' },
    home: '/admin',
  }
}

/** Returns whether the link can be used, so that no one fills in a form that would be refused. */
function loadSetup(deps: SetupDeps): NonNullable<WebPage['load']> {
  return async ({ params }) => {
    const setup = await stateOfSetup(deps, params.token ?? '')
    return { title: 'Set up Bookbell', description: null, data: { setup } }
  }
}

/** Until the server is set up, the sign-in page says where to find the setup link. */
function loadAdmin(deps: SetupDeps): NonNullable<WebPage['load']> {
  return async () => ({ title: 'Bookbell', description: null, data: { not_set_up: await needsSetup(deps) } })
}

function listBookingPages(deps: MeetingsDeps): WebPage[] {
  const embeddable = { entry: 'booking', isEmbeddable: true, isLowerCase: true }
  const own = { entry: 'booking', isPrivate: true }
  return [
    {
      route: '/:page',
      ...embeddable,
      load: ({ params }) => loadPage(deps, params.page ?? ''),
      picture: async ({ page = '' }) => (await loadPage(deps, page))?.preview?.picture,
    },
    {
      route: '/:page/:slug',
      ...embeddable,
      load: ({ params, query, request }) =>
        loadMeetingType(deps, {
          page: params.page ?? '',
          slug: params.slug ?? '',
          query,
          spendUnits: request.spendUnits,
        }),
      picture: async ({ page = '', slug = '' }) => {
        const found = await getBookingForm(deps, { page, slug })
        return found.ok ? previewOfType(found.form).picture : undefined
      },
    },
    { route: '/m/:hold/confirm', entry: 'booking', isPrivate: true, load: loadHold(deps) },
    ...['', '/cancel', '/reschedule'].map((step) => ({
      route: `/m/:external_id${step}`,
      ...own,
      load: loadAttendee(deps, step),
    })),
  ]
}

async function loadPage(deps: MeetingsDeps, slug: string): Promise<PageData | undefined> {
  const found = await getPublicPage(deps, { slug })
  if (!found.ok) return undefined
  const { page } = found
  return {
    title: page.name,
    description: page.description,
    data: { page },
    preview: previewOf(page.organization, { path: `/${page.slug}`, title: page.name, detail: '' }),
  }
}

/** The colour of an organization that has not chosen one. */
const BRAND_COLOR = '#0e6b54'

function previewOf(
  organization: BookingForm['organization'],
  { path, title, detail }: { path: string; title: string; detail: string },
): NonNullable<PageData['preview']> {
  const { name, brand_color, logo_url } = organization
  // A logo on another server is not fetched, because a slow server must not delay the preview.
  const logo = hashOfPath(logo_url ?? '')
  const picture = { title, organization: name, detail, color: brand_color ?? BRAND_COLOR, ...(logo ? { logo } : {}) }
  return { path, siteName: name, picture }
}

const previewOfType = ({ organization, page, slug, name, duration_minutes }: BookingForm) =>
  previewOf(organization, { path: `/${page.slug}/${slug}`, title: name, detail: shortDuration(duration_minutes) })

/** `30 min`, `1 h 30 min`: short forms that every language has. */
function shortDuration(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 60), 'h'],
    [minutes % 60, 'min'],
  ] as const
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(' ')
}

/** A host who is not signed in is redirected to the admin, which asks them to sign in and then redirects back. */
function loadAttendee(deps: MeetingsDeps, step: string): NonNullable<WebPage['load']> {
  return async ({ params, request }) => {
    const externalId = params.external_id ?? ''
    const found = await getAttendeeView(deps, { externalId, findViewer: viewerOf(request) })
    if (!found.ok && found.code === 'sign_in_required')
      return { redirect: `/admin/host-link/${encodeURIComponent(externalId)}${step}` }
    if (!found.ok) return undefined
    return { title: found.view.meeting.name, description: null, data: { attendee: found.view } }
  }
}

function loadHold(deps: MeetingsDeps): NonNullable<WebPage['load']> {
  return async ({ params }) => {
    const found = await getHold(deps, params.hold ?? '')
    if (!found.ok) return undefined
    return { title: found.hold.meeting_type.name, description: null, data: { hold: found.hold } }
  }
}

interface Address {
  page: string
  slug: string
  query: Record<string, unknown>
  spendUnits?: ((units: number) => void) | undefined
}

type AddressedType = Pick<
  Extract<Awaited<ReturnType<typeof getMeetingTypeAt>>, { ok: true }>,
  'organization' | 'meetingType'
>

async function loadMeetingType(deps: MeetingsDeps, address: Address): Promise<PageData | undefined> {
  const [shown, found] = await Promise.all([
    getBookingForm(deps, address),
    getMeetingTypeAt(deps.database.executor, address),
  ])
  if (!shown.ok || !found.ok) return undefined
  const { form } = shown
  const slots = await readFirstSlots(deps, { ...found, ...address })
  return {
    title: `${form.name} · ${form.organization.name}`,
    description: form.description,
    data: { meeting_type: form, ...(slots ? { slots } : {}) },
    preview: previewOfType(form),
    isHidden: found.meetingType.visibility === 'hidden',
  }
}

/**
 * Returns the slots of the month that the page shows first: the requested month, otherwise the current month, otherwise the next
 * month with a free slot. The range is in UTC with an extra day on both sides, because only the browser knows the viewer's time
 * zone. The starts are the same instants in every time zone.
 */
async function readFirstSlots({ database, clock }: MeetingsDeps, address: Address & AddressedType) {
  const { organization, meetingType, query, spendUnits } = address
  // If the attendee chooses a host, the starts depend on the choice, so the page requests them.
  if (meetingType.assignment === 'attendee_chooses') return undefined
  const now = clock.now()
  const list = async (month: string) => {
    const dates = datesAround(month)
    spendUnits?.(unitsOfSlots(meetingType, dates))
    const request = { meetingType, query: { ...dates, timezone: 'UTC' }, now }
    const listed = await listSlots(database.executor, organization, request)
    return listed.ok ? { ...dates, ...listed.slots } : undefined
  }
  const requested = readMonth(query.month) ?? readMonth(query.date)
  const slots = await list(requested ?? new Date(now).toISOString().slice(0, 7))
  return requested || !slots?.next_date ? slots : list(slots.next_date.slice(0, 7))
}

/** Returns the `YYYY-MM` of a month or date in the URL. Returns undefined if it is neither, or out of range. */
function readMonth(given: unknown): string | undefined {
  return typeof given === 'string' ? /^20\d\d-(0[1-9]|1[0-2])(?=-|$)/.exec(given)?.[0] : undefined
}

function datesAround(month: string): { from: string; to: string } {
  const { daysInMonth } = Temporal.PlainYearMonth.from(month)
  const date = (day: number) => Temporal.PlainDate.from(`${month}-${String(day).padStart(2, '0')}`)
  return { from: date(1).subtract({ days: 1 }).toString(), to: date(daysInMonth).add({ days: 1 }).toString() }
}
