import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MemberRole } from '../src/access/gate.ts'
import { manualClock } from '../src/platform/clock.ts'
import { HOUR } from '../src/time/durations.ts'
import { createTestOrganization, openTestApp, type TestApp } from './support/app.ts'
import { eachDatabase } from './support/databases.ts'
import { signInAs } from './support/sign-in.ts'

/**
 * Who may use each route. A new route fails the test until it is listed. Decide who may use it, then add it.
 *
 *     open       anyone; the link or token in the URL may be needed
 *     operator   this machine, or the operator's token
 *     session    a person who is signed in, for their own account
 *     member, manager, admin   at least this role, for a person or a key
 *     secret     as admin, but not with a read-only key
 */
const ROUTES = {
  open: `
    GET /api/openapi.json
    GET /api/docs/
    GET /api/docs/json
    GET /api/docs/yaml
    GET /api/docs/static/*
    GET /api/docs/static/index.html
    GET /api/docs/static/swagger-initializer.js
    GET /api/docs/static/theme/bookbell.css
    GET /healthz
    GET /readyz
    GET /
    GET /*
    GET /admin
    GET /admin/*
    GET /:page
    GET /:page/:slug
    GET /setup/:token
    GET /invitation/:token
    GET /reset-password/:token
    GET /m/:hold/confirm
    GET /m/:external_id
    GET /m/:external_id/cancel
    GET /m/:external_id/reschedule
    GET /m/:external_id/conference
    GET /inspect/:token
    GET /inspect/in/:token
    POST /inspect/in/:token
    PUT /inspect/in/:token
    PATCH /inspect/in/:token
    DELETE /inspect/in/:token
    GET /assets/*
    GET /images/:hash
    GET /favicon.svg
    GET /favicon.ico
    GET /favicon-192.png
    GET /favicon-512.png
    GET /apple-touch-icon.png
    GET /site.webmanifest
    GET /robots.txt
    GET /previews/:page.png
    GET /previews/:page/:slug.png
    GET /embed.js
    GET /api/v1/activity-types
    POST /api/v1/public/setup
    GET /api/v1/public/invitations/:token
    POST /api/v1/public/invitations/:token/accept
    GET /api/v1/public/pages/:page
    GET /api/v1/public/pages/:page/meeting-types/:slug
    GET /api/v1/public/pages/:page/meeting-types/:slug/slots
    POST /api/v1/public/pages/:page/meeting-types/:slug/meetings
    GET /api/v1/public/holds/:hold
    POST /api/v1/public/holds/:hold/confirm
    GET /api/v1/public/calendars/:token.ics
    GET /api/v1/public/attendees/:external_id
    GET /api/v1/public/attendees/:external_id/calendar.ics
    GET /api/v1/public/attendees/:external_id/slots
    POST /api/v1/public/attendees/:external_id/cancel
    POST /api/v1/public/attendees/:external_id/reschedule
    GET /api/v1/connections/callback
    GET /api/v1/public/inspect/:token/requests
    GET /api/v1/public/inspect/:token/stream
    POST /api/auth/request-password-reset
    POST /api/auth/reset-password
    POST /api/auth/sign-in/email
    POST /api/auth/sign-in/second-factor
    POST /api/auth/sign-in/passkey
    POST /api/auth/passkey/options
    GET /api/auth/methods
    POST /api/auth/sign-out
    POST /api/auth/revoke-sessions`,
  operator: `
    GET /metrics`,
  session: `
    GET /api/account
    PATCH /api/account
    POST /api/account/confirm
    POST /api/account/password
    POST /api/account/organization
    GET /api/account/sessions
    DELETE /api/account/sessions/:id
    GET /api/account/passkeys
    POST /api/account/passkeys
    POST /api/account/passkeys/options
    PATCH /api/account/passkeys/:id
    DELETE /api/account/passkeys/:id
    POST /api/account/second-factor
    POST /api/account/second-factor/confirm
    POST /api/account/second-factor/remove
    POST /api/account/second-factor/recovery-codes`,
  member: `
    GET /api/v1/me
    GET /api/v1/organization
    GET /api/v1/members
    GET /api/v1/members/:id
    PATCH /api/v1/members/:id
    PUT /api/v1/members/:id/photo
    DELETE /api/v1/members/:id/photo
    GET /api/v1/members/:id/busy
    GET /api/v1/members/:id/time-off
    POST /api/v1/members/:id/time-off
    DELETE /api/v1/members/:id/time-off/:time_off
    GET /api/v1/members/:id/calendar-feed
    POST /api/v1/members/:id/calendar-feed
    DELETE /api/v1/members/:id/calendar-feed
    GET /api/v1/connections
    POST /api/v1/connections
    POST /api/v1/connections/authorize
    GET /api/v1/connections/:id
    DELETE /api/v1/connections/:id
    PATCH /api/v1/connections/:id
    PATCH /api/v1/connections/:id/calendars/:calendar
    POST /api/v1/connections/:id/changes
    POST /api/v1/connections/:id/sync
    GET /api/v1/schedules
    POST /api/v1/schedules
    GET /api/v1/schedules/:id
    PATCH /api/v1/schedules/:id
    DELETE /api/v1/schedules/:id
    GET /api/v1/meeting-types
    GET /api/v1/meeting-types/:id
    GET /api/v1/meeting-types/:id/slots
    GET /api/v1/meeting-types/:id/explain
    GET /api/v1/pages
    GET /api/v1/pages/:id
    GET /api/v1/meetings
    POST /api/v1/meetings
    GET /api/v1/meetings/:id
    GET /api/v1/meetings/counts
    POST /api/v1/meetings/:id/approve
    POST /api/v1/meetings/:id/decline
    POST /api/v1/meetings/:id/cancel
    POST /api/v1/meetings/:id/reschedule
    PUT /api/v1/meetings/:id/tags/:name
    DELETE /api/v1/meetings/:id/tags/:name
    POST /api/v1/attendees/:id/approve
    POST /api/v1/attendees/:id/decline
    POST /api/v1/attendees/:id/cancel
    GET /api/v1/tags
    POST /api/v1/tags
    GET /api/v1/tags/:id
    GET /api/v1/activities
    GET /api/v1/activities/:id
    GET /api/v1/activities/stream`,
  manager: '',
  admin: `
    GET /api/v1/server-notices
    PATCH /api/v1/organization
    DELETE /api/v1/organization
    PUT /api/v1/organization/logo
    DELETE /api/v1/organization/logo
    GET /api/v1/api-keys
    POST /api/v1/api-keys
    DELETE /api/v1/api-keys/:id
    GET /api/v1/audit
    GET /api/v1/audit.csv
    POST /api/v1/members
    DELETE /api/v1/members/:id
    POST /api/v1/members/:id/invite
    POST /api/v1/meeting-types
    PATCH /api/v1/meeting-types/:id
    DELETE /api/v1/meeting-types/:id
    POST /api/v1/pages
    PATCH /api/v1/pages/:id
    DELETE /api/v1/pages/:id
    PUT /api/v1/pages/:id/meeting-types/:meeting_type
    DELETE /api/v1/pages/:id/meeting-types/:meeting_type
    PATCH /api/v1/tags/:id
    DELETE /api/v1/tags/:id
    GET /api/v1/people/upcoming
    POST /api/v1/people/cancel-upcoming
    POST /api/v1/people/:email/erase
    GET /api/v1/blocked-attendees
    POST /api/v1/blocked-attendees
    DELETE /api/v1/blocked-attendees/:id
    GET /api/v1/mailbox
    GET /api/v1/webhooks
    POST /api/v1/webhooks
    GET /api/v1/webhooks/:id
    PATCH /api/v1/webhooks/:id
    DELETE /api/v1/webhooks/:id
    POST /api/v1/webhooks/:id/rotate-secret
    POST /api/v1/webhooks/:id/test
    POST /api/v1/webhooks/:id/diagnose
    POST /api/v1/webhooks/:id/replay
    GET /api/v1/webhooks/:id/replay/preview
    GET /api/v1/webhooks/:id/replays
    GET /api/v1/webhooks/:id/history
    GET /api/v1/webhooks/:id/deliveries
    GET /api/v1/deliveries/:id
    POST /api/v1/deliveries/:id/resend
    POST /api/v1/webhooks/:id/retry
    POST /api/v1/inspectors
    PATCH /api/v1/inspectors/:id
    DELETE /api/v1/inspectors/:id`,
  secret: `
    GET /api/v1/mailbox/:id
    GET /api/v1/mailbox/:id/html
    GET /api/v1/people/:email/export
    GET /api/v1/webhooks/:id/secret
    GET /api/v1/inspectors`,
}

type Door = keyof typeof ROUTES

const listed = Object.entries(ROUTES).flatMap(([door, text]) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [method = '', url = ''] = line.trim().split(' ')
      return { door: door as Door, method, url }
    }),
)

/** Bodies for routes that read the body before they check the sender. */
const BODIES: Record<string, object> = {
  'PATCH /api/account': { name: 'Renamed' },
  'POST /api/account/password': { current_password: 'wrong', new_password: 'another correct horse' },
  'POST /api/account/organization': { organization: 999_999_999 },
  'POST /api/account/second-factor/confirm': { code: '000000' },
  'PATCH /api/account/passkeys/:id': { name: 'Renamed' },
  'POST /api/account/passkeys': {
    name: 'Key',
    response: {
      id: 'AAAA',
      rawId: 'AAAA',
      type: 'public-key',
      response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' },
      clientExtensionResults: {},
    },
  },
  'DELETE /api/v1/organization': { confirm: 'not its name' },
}

/**
 * Routes that refuse requests for reasons other than the role. For example, an API key can neither delete an organization nor
 * view a webhook's secret.
 */
const NOT_WITH_KEYS = ['DELETE /api/v1/organization', 'GET /api/v1/webhooks/:id/secret']
/** Routes whose responses do not end, such as streams. */
const isStream = (url: string) => url.endsWith('/stream')
/** Routes that end the session of the request. */
const ENDS_SESSION = /sign-out|revoke-sessions/

const RANK: Record<MemberRole, number> = { member: 1, manager: 2, admin: 3 }

interface Caller {
  name: string
  kind: 'none' | 'key' | 'person'
  /** The caller's role, or undefined if the caller is refused everywhere. read_only is for keys. */
  role?: MemberRole | 'read_only'
  /** The status if the caller is refused everywhere. */
  refused?: 401 | 403
  headers: Record<string, string | null>
}

/** The result that the caller must get: the status of a refusal, or `in` for any other response. */
function expect({ door, method, url }: (typeof listed)[number], caller: Caller): 401 | 403 | 'in' {
  if (door === 'open') return 'in'
  if (door === 'operator') return caller.kind === 'key' ? 401 : 'in'
  if (door === 'session') return caller.kind === 'person' ? 'in' : 401
  if (caller.refused !== undefined) return caller.refused
  if (caller.role === undefined) return 401
  if (caller.role === 'read_only') return method === 'GET' && door !== 'secret' ? 'in' : 403
  const needed = door === 'secret' ? 'admin' : door
  if (RANK[caller.role] < RANK[needed]) return 403
  return caller.kind === 'key' && NOT_WITH_KEYS.includes(`${method} ${url}`) ? 403 : 'in'
}

eachDatabase((open) => {
  let app: TestApp
  const callers: Caller[] = []

  before(async () => {
    const database = await open()
    const clock = manualClock(Date.now())
    app = await openTestApp(database, { clock })
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
    const createKey = async (input: object) => {
      const { status, body, text } = await app.api('POST', '/api/v1/api-keys', { name: 'Key', ...input })
      assert.equal(status, 201, text)
      return bearer(body.key)
    }
    const people = []
    for (const role of ['member', 'manager', 'admin'] as const) people.push({ role, ...(await signInAs(app, role)) })
    const member = people[0]?.id
    const soon = new Date(clock.now() + HOUR).toISOString()
    const other = await createTestOrganization({ database, clock })
    callers.push(
      { name: 'no one', kind: 'none', headers: { authorization: null } },
      {
        name: 'a wrong key',
        kind: 'key',
        refused: 401,
        headers: bearer('bb_0123456789012345678901234567890123456789012'),
      },
      { name: 'an expired key', kind: 'key', refused: 401, headers: await createKey({ expires_at: soon }) },
      {
        name: 'a key from another network',
        kind: 'key',
        refused: 403,
        headers: await createKey({ allowed_networks: ['192.0.2.0/24'] }),
      },
      { name: 'a wrong session', kind: 'none', headers: { authorization: null, cookie: 'bookbell.session_token=x.y' } },
      { name: 'a read-only key', kind: 'key', role: 'read_only', headers: await createKey({ role: 'read_only' }) },
      { name: 'a key of a member', kind: 'key', role: 'member', headers: await createKey({ role: 'member', member }) },
      { name: 'a key of a manager', kind: 'key', role: 'manager', headers: await createKey({ role: 'manager' }) },
      { name: 'a key of an admin', kind: 'key', role: 'admin', headers: await createKey({}) },
      { name: 'a key of another organization', kind: 'key', role: 'admin', headers: bearer(other.apiKey) },
      ...people.map(({ role, headers }) => ({ name: `a ${role}`, kind: 'person' as const, role, headers })),
    )
    clock.advance(HOUR)
  })
  after(() => app?.stop())

  test('every route is listed with who may use it, and no other route is listed', () => {
    const existing = app.bookbell.routes.flatMap(({ method, url }) =>
      [method]
        .flat()
        .filter((name) => name !== 'HEAD' && name !== 'OPTIONS')
        .map((name) => `${name} ${url}`),
    )
    const names = listed.map(({ method, url }) => `${method} ${url}`)
    assert.deepEqual(new Set(existing), new Set(names))
  })

  test('each route refuses everyone who may not use it, and no one else', async () => {
    const wrong: string[] = []
    for (const route of listed)
      for (const caller of callers) {
        const expected = expect(route, caller)
        if (expected === 'in' && (isStream(route.url) || ENDS_SESSION.test(route.url))) continue
        // This id does not exist, and most bodies are empty, so a request that is admitted finds and changes nothing.
        const path = route.url.replace(':email', 'no-one@example.com').replace(/:\w+|\*/g, '999999999')
        const body = route.method === 'GET' ? undefined : (BODIES[`${route.method} ${route.url}`] ?? {})
        const answer = await app.api(route.method, path, body, caller.headers)
        const got = answer.status === 401 || answer.status === 403 ? answer.status : 'in'
        // A request can also be refused later, with 403, because of who owns the object.
        const isObject = caller.role === 'member' && got === 403 && /schedules|time-off|members/.test(route.url)
        if (got !== expected && !(expected === 'in' && isObject))
          wrong.push(
            `${route.method} ${route.url} for ${caller.name}: ${got} instead of ${expected} ${answer.text.slice(0, 200)}`,
          )
        assert.ok(answer.status < 500 || route.url === '/readyz', `${route.method} ${route.url}: ${answer.text}`)
      }
    assert.deepEqual(wrong, [])
  })
})
