import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { LoadError } from './parts/states.tsx'
import { NotFound, Shell } from './shell/shell.tsx'
import { failureKind } from './webhooks/failure-kinds.ts'

/*
 * Every page and its URL. A page's code is loaded when the page is first opened. Its search parameters are validated here, so
 * that the page can rely on them.
 */

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })
const getParentRoute = () => root

const index = createRoute({
  getParentRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/meetings', replace: true })
  },
})

/** Returns a text from the URL. Returns undefined if it is missing or empty. */
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const number = (value: unknown) => (Number.isSafeInteger(Number(value)) && value !== '' ? Number(value) : undefined)

const day = (value: unknown) => (/^\d{4}-\d\d-\d\d$/.test(String(value)) ? String(value) : undefined)

/** Omits undefined values, so that the URL stays short. */
function given<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}

const meetings = createRoute({
  getParentRoute,
  path: '/meetings',
  validateSearch: (search: Record<string, unknown>) =>
    given({
      view: text(search.view),
      q: text(search.q),
      host: number(search.host),
      type: number(search.type),
      tag: text(search.tag),
      from: day(search.from),
      to: day(search.to),
      after: text(search.after),
      meeting: number(search.meeting),
    }),
  component: lazyRouteComponent(() => import('./meetings/meetings-page.tsx'), 'MeetingsPage'),
})

const meetingTypes = createRoute({
  getParentRoute,
  path: '/meeting-types',
  component: lazyRouteComponent(() => import('./meeting-types/meeting-types-page.tsx'), 'MeetingTypesPage'),
})
const newMeetingType = createRoute({
  getParentRoute,
  path: '/meeting-types/new',
  component: lazyRouteComponent(() => import('./meeting-types/new-meeting-type-page.tsx'), 'NewMeetingTypePage'),
})
const meetingType = createRoute({
  getParentRoute,
  path: '/meeting-types/$id',
  validateSearch: (search: Record<string, unknown>) => given({ tab: text(search.tab) }),
  component: lazyRouteComponent(() => import('./meeting-types/meeting-type-page.tsx'), 'MeetingTypePage'),
})

const availability = createRoute({
  getParentRoute,
  path: '/availability',
  validateSearch: (search: Record<string, unknown>) =>
    given({ tab: text(search.tab), member: number(search.member), problem: text(search.problem) }),
  component: lazyRouteComponent(() => import('./availability/availability-page.tsx'), 'AvailabilityPage'),
})
/** Emails about calendars link here. */
const calendars = createRoute({
  getParentRoute,
  path: '/availability/calendars',
  beforeLoad: () => {
    throw redirect({ to: '/availability', search: { tab: 'calendars' }, replace: true })
  },
})
const schedule = createRoute({
  getParentRoute,
  path: '/availability/$id',
  component: lazyRouteComponent(() => import('./availability/schedule-page.tsx'), 'SchedulePage'),
})

const pages = createRoute({
  getParentRoute,
  path: '/pages',
  component: lazyRouteComponent(() => import('./pages/pages-page.tsx'), 'PagesPage'),
})
const members = createRoute({
  getParentRoute,
  path: '/members',
  component: lazyRouteComponent(() => import('./members/members-page.tsx'), 'MembersPage'),
})
const tags = createRoute({
  getParentRoute,
  path: '/tags',
  component: lazyRouteComponent(() => import('./tags/tags-page.tsx'), 'TagsPage'),
})

const settings = createRoute({
  getParentRoute,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/webhooks', replace: true })
  },
})
const webhooks = createRoute({
  getParentRoute,
  path: '/settings/webhooks',
  component: lazyRouteComponent(() => import('./webhooks/webhooks-page.tsx'), 'WebhooksPage'),
})
const newWebhook = createRoute({
  getParentRoute,
  path: '/settings/webhooks/new',
  validateSearch: (search: Record<string, unknown>) => given({ url: text(search.url) }),
  component: lazyRouteComponent(() => import('./webhooks/new-webhook-page.tsx'), 'NewWebhookPage'),
})

const statuses = ['pending', 'retrying', 'delivered', 'failed'] as const

const webhook = createRoute({
  getParentRoute,
  path: '/settings/webhooks/$id',
  validateSearch: (search: Record<string, unknown>) =>
    given({
      tab: text(search.tab),
      status: statuses.find((status) => status === search.status),
      code: number(search.code),
      kind: failureKind(search.kind),
      action: text(search.action),
      attendee: text(search.attendee) ?? number(search.attendee)?.toString(),
      meeting: number(search.meeting),
      from: text(search.from),
      to: text(search.to),
      delivery: number(search.delivery),
    }),
  component: lazyRouteComponent(() => import('./webhooks/webhook-page.tsx'), 'WebhookPage'),
})
const webhookSecret = createRoute({
  getParentRoute,
  path: '/settings/webhooks/$id/secret',
  validateSearch: (search: Record<string, unknown>) => given({ added: search.added === true || undefined }),
  component: lazyRouteComponent(() => import('./webhooks/secret-page.tsx'), 'SecretPage'),
})
const inspectors = createRoute({
  getParentRoute,
  path: '/settings/inspectors',
  component: lazyRouteComponent(() => import('./inspectors/inspectors-page.tsx'), 'InspectorsPage'),
})
const apiKeys = createRoute({
  getParentRoute,
  path: '/settings/api-keys',
  component: lazyRouteComponent(() => import('./api-keys/api-keys-page.tsx'), 'ApiKeysPage'),
})
const organization = createRoute({
  getParentRoute,
  path: '/settings/organization',
  component: lazyRouteComponent(() => import('./organization/organization-page.tsx'), 'OrganizationPage'),
})
const blocked = createRoute({
  getParentRoute,
  path: '/settings/blocked',
  component: lazyRouteComponent(() => import('./blocked/blocked-page.tsx'), 'BlockedPage'),
})

const privacy = createRoute({
  getParentRoute,
  path: '/settings/privacy',
  component: lazyRouteComponent(() => import('./privacy/privacy-page.tsx'), 'PrivacyPage'),
})
const audit = createRoute({
  getParentRoute,
  path: '/settings/audit-log',
  validateSearch: (search: Record<string, unknown>) =>
    given({
      who: text(search.who),
      action: text(search.action),
      object: text(search.object),
      from: day(search.from),
      to: day(search.to),
    }),
  component: lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage'),
})
const mailbox = createRoute({
  getParentRoute,
  path: '/settings/mailbox',
  validateSearch: (search: Record<string, unknown>) => given({ mail: number(search.mail) }),
  component: lazyRouteComponent(() => import('./mailbox/mailbox-page.tsx'), 'MailboxPage'),
})

const hostLink = createRoute({
  getParentRoute,
  path: '/host-link/$externalId/{-$step}',
  component: lazyRouteComponent(() => import('./host-link/host-link-page.tsx'), 'HostLinkPage'),
})
const account = createRoute({
  getParentRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
})

export const router = createRouter({
  basepath: '/admin',
  routeTree: root.addChildren([
    index,
    meetings,
    meetingTypes,
    newMeetingType,
    meetingType,
    availability,
    calendars,
    schedule,
    pages,
    members,
    tags,
    settings,
    webhooks,
    newWebhook,
    webhook,
    webhookSecret,
    inspectors,
    apiKeys,
    organization,
    blocked,
    privacy,
    mailbox,
    audit,
    hostLink,
    account,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ({ error, reset }) => <LoadError error={error as Error} retry={reset} />,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
