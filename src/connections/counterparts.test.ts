/**
 * The tests' counterparts of Google and Microsoft must answer as the real ones do. These samples are the providers' published
 * resources, reduced to the names and types of their fields: a counterpart may leave fields out, but must not invent any.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type GoogleServer, startGoogleServer } from '../../test/support/google-server.ts'
import { type MicrosoftServer, startMicrosoftServer } from '../../test/support/microsoft-server.ts'
import { registration } from '../../test/support/oauth-server.ts'
import type { JsonResponse } from '../../test/support/server.ts'
import { assertShape } from '../../test/support/shapes.ts'

/** Google Calendar API v3: Events, Events: list, CalendarList, "Handle API errors"; OAuth 2.0 for web server applications. */
const google = (() => {
  const time = { date: '', dateTime: '', timeZone: '' }
  const person = { id: '', email: '', displayName: '', self: true }
  const reminder = { method: '', minutes: 0 }
  const event = {
    kind: 'calendar#event',
    etag: '',
    id: '',
    status: '',
    htmlLink: '',
    created: '',
    updated: '',
    summary: '',
    description: '',
    location: '',
    colorId: '',
    creator: person,
    organizer: person,
    start: time,
    end: time,
    recurrence: [''],
    recurringEventId: '',
    originalStartTime: time,
    transparency: '',
    visibility: '',
    iCalUID: '',
    sequence: 0,
    attendees: [{ ...person, organizer: true, resource: true, optional: true, responseStatus: '', comment: '' }],
    attendeesOmitted: true,
    reminders: { useDefault: true, overrides: [reminder] },
    source: { url: '', title: '' },
    eventType: '',
  }
  const calendar = {
    kind: 'calendar#calendarListEntry',
    etag: '',
    id: '',
    summary: '',
    description: '',
    location: '',
    timeZone: '',
    summaryOverride: '',
    colorId: '',
    hidden: true,
    selected: true,
    accessRole: '',
    defaultReminders: [reminder],
    primary: true,
    deleted: true,
  }
  const page = { kind: '', etag: '', nextPageToken: '', nextSyncToken: '' }
  return {
    event,
    events: {
      ...page,
      summary: '',
      description: '',
      updated: '',
      timeZone: '',
      accessRole: '',
      defaultReminders: [reminder],
      items: [event],
    },
    calendarList: { ...page, items: [calendar] },
    error: {
      error: {
        errors: [{ domain: '', reason: '', message: '', locationType: '', location: '' }],
        code: 0,
        message: '',
      },
    },
    token: { access_token: '', expires_in: 0, refresh_token: '', scope: '', token_type: '' },
    tokenError: { error: '', error_description: '' },
  }
})()

describe('the counterpart of Google answers as published', () => {
  let server: GoogleServer
  let token: string
  let refreshToken: string
  before(async () => {
    server = await startGoogleServer()
    const granted = server.grant('ada@example.com')
    token = granted.accessToken
    refreshToken = granted.refreshToken
    const calendar = server.addCalendar('ada@example.com', { id: 'work' })
    const start = { dateTime: '2027-03-01T08:00:00Z' }
    server.put(calendar, { id: 'first', summary: 'Doctor', start, end: { dateTime: '2027-03-01T09:00:00Z' } })
    server.put(calendar, { start: { date: '2027-03-02' }, end: { date: '2027-03-03' } })
  })
  after(() => server.stop())

  async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const answer = await fetch(`${server.endpoints.api}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    return { status: answer.status, body: (text ? JSON.parse(text) : null) as JsonResponse['body'] }
  }
  const askToken = async (fields: Record<string, string>) => {
    const { clientId, clientSecret } = registration
    const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields })
    const answer = await fetch(server.endpoints.token, { method: 'POST', body: form })
    return { status: answer.status, body: (await answer.json()) as JsonResponse['body'] }
  }

  test('calendarList.list', async () => {
    const { status, body } = await ask('GET', '/users/me/calendarList')
    assert.equal(status, 200)
    assertShape(body, google.calendarList, ['kind', 'etag', 'nextSyncToken', 'items'])
    assertShape(body.items[0], google.calendarList.items[0], ['kind', 'id', 'summary', 'timeZone', 'accessRole'])
  })

  test('events.list: the last page has a sync token, the others have a page token', async () => {
    const first = await ask('GET', '/calendars/work/events?maxResults=1')
    assertShape(first.body, google.events, ['kind', 'etag', 'timeZone', 'accessRole', 'nextPageToken', 'items'])
    const last = await ask('GET', `/calendars/work/events?maxResults=1&pageToken=${first.body.nextPageToken}`)
    assertShape(last.body, google.events, ['nextSyncToken'])
    assert.equal('nextPageToken' in last.body, false)
  })

  test('events.list with a sync token: only changes, deletions with the status cancelled; errors of the token', async () => {
    const { body } = await ask('GET', '/calendars/work/events')
    await ask('DELETE', '/calendars/work/events/first')
    const path = `/calendars/work/events?syncToken=${body.nextSyncToken}`
    const changed = await ask('GET', path)
    assertShape(changed.body, google.events)
    assert.deepEqual(
      changed.body.items.map(({ id, status }: { id: string; status: string }) => [id, status]),
      [['first', 'cancelled']],
    )
    for (const [wrong, status, reason] of [
      [`${path}&timeMin=2027-01-01T00:00:00Z`, 400, 'syncTokenWithRequestRestrictions'],
      ['/calendars/work/events?syncToken=old', 410, 'fullSyncRequired'],
    ] as const) {
      const refused = await ask('GET', wrong)
      assertShape(refused.body, google.error, ['error'])
      assert.deepEqual([refused.status, refused.body.error.errors[0].reason], [status, reason])
    }
  })

  test('events.import, patch and delete', async () => {
    const time = (hour: number) => ({ dateTime: `2027-03-05T${String(hour).padStart(2, '0')}:00:00Z` })
    const event = { iCalUID: 'uid@bookbell', summary: 'Intro', start: time(8), end: time(9) }
    const made = await ask('POST', '/calendars/work/events/import', event)
    assertShape(made.body, google.event, ['kind', 'etag', 'id', 'status', 'iCalUID', 'start', 'end'])
    const path = `/calendars/work/events/${made.body.id}`
    const patched = await ask('PATCH', path, { summary: 'Later' }, { 'if-match': made.body.etag })
    assertShape(patched.body, google.event, ['summary'])
    const codes = [
      await ask('POST', '/calendars/work/events/import', event),
      await ask('PATCH', path, { summary: 'Late' }, { 'if-match': made.body.etag }),
      await ask('GET', '/calendars/work/events/none'),
    ]
    for (const { body } of codes) assertShape(body, google.error, ['error'])
    assert.deepEqual(
      codes.map(({ status, body }) => [status, body.error.errors[0].reason]),
      [
        [409, 'duplicate'],
        [412, 'conditionNotMet'],
        [404, 'notFound'],
      ],
    )
    assert.equal((await ask('DELETE', path)).status, 204)
    assert.equal((await ask('DELETE', path)).status, 410)
  })

  test('the token endpoint: a new access token, and invalid_grant for a revoked one; 401 authError at the API', async () => {
    const refreshed = await askToken({ grant_type: 'refresh_token', refresh_token: refreshToken })
    assertShape(refreshed.body, google.token, ['access_token', 'expires_in', 'scope', 'token_type'])
    server.revoke('ada@example.com')
    const refused = await askToken({ grant_type: 'refresh_token', refresh_token: refreshToken })
    assertShape(refused.body, google.tokenError, ['error'])
    assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_grant'])
    const { status, body } = await ask('GET', '/users/me/calendarList')
    assertShape(body, google.error, ['error'])
    assert.deepEqual([status, body.error.errors[0].reason], [401, 'authError'])
  })
})

/** Microsoft Graph v1.0: event, List calendarView, List calendars, Create event, error responses; OAuth 2.0 authorization code flow. */
const microsoft = (() => {
  const time = { dateTime: '', timeZone: '' }
  const event = {
    '@odata.etag': '',
    id: '',
    createdDateTime: '',
    lastModifiedDateTime: '',
    changeKey: '',
    categories: [''],
    transactionId: '',
    originalStartTimeZone: '',
    originalEndTimeZone: '',
    iCalUId: '',
    subject: '',
    bodyPreview: '',
    body: { contentType: '', content: '' },
    isAllDay: true,
    isCancelled: true,
    isOrganizer: true,
    showAs: '',
    type: '',
    responseStatus: { response: '', time: '' },
    start: time,
    end: time,
    location: { displayName: '' },
    attendees: [{ type: '', status: { response: '', time: '' }, emailAddress: { name: '', address: '' } }],
    singleValueExtendedProperties: [{ id: '', value: '' }],
  }
  const calendar = {
    '@odata.id': '',
    id: '',
    name: '',
    color: '',
    changeKey: '',
    canShare: true,
    canViewPrivateItems: true,
    hexColor: '',
    canEdit: true,
    owner: { name: '', address: '' },
  }
  const listOf = (item: object) => ({ '@odata.context': '', '@odata.nextLink': '', value: [item] })
  return {
    event,
    events: listOf(event),
    calendars: listOf(calendar),
    error: {
      error: { code: '', message: '', innerError: { date: '', 'request-id': '', 'client-request-id': '' } },
    },
    token: { token_type: '', scope: '', expires_in: 0, access_token: '', refresh_token: '' },
  }
})()

describe('the counterpart of Microsoft Graph answers as published', () => {
  const property = 'String {00020329-0000-0000-C000-000000000046} Name BookbellUid'
  let server: MicrosoftServer
  let granted: ReturnType<MicrosoftServer['grant']>
  before(async () => {
    server = await startMicrosoftServer()
    granted = server.grant('ada@example.com')
    const calendar = server.addCalendar('ada@example.com', { id: 'AAMkAGI2TGuLAAA=', name: 'Calendar' })
    const time = (dateTime: string) => ({ dateTime, timeZone: 'UTC' })
    for (const day of ['01', '02'])
      server.put(calendar, { start: time(`2027-03-${day}T08:00:00`), end: time(`2027-03-${day}T09:00:00`) })
  })
  after(() => server.stop())

  async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const answer = await fetch(path.startsWith('http') ? path : `${server.endpoints.api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${granted.accessToken}`,
        'content-type': 'application/json',
        prefer: 'outlook.timezone="UTC"',
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    return { status: answer.status, body: (text ? JSON.parse(text) : null) as JsonResponse['body'] }
  }
  const range = 'startDateTime=2027-02-01T00:00:00Z&endDateTime=2027-04-01T00:00:00Z'

  test('list calendars', async () => {
    const { body } = await ask('GET', '/me/calendars')
    assertShape(body, microsoft.calendars, ['@odata.context', 'value'])
    assertShape(body.value[0], microsoft.calendars.value[0], ['id', 'name', 'changeKey', 'canEdit', 'owner'])
  })

  test('list calendarView: pages are linked, times are in UTC with seven decimals', async () => {
    const first = await ask('GET', `/me/calendars/AAMkAGI2TGuLAAA=/calendarView?${range}&$top=1`)
    assertShape(first.body, microsoft.events, ['@odata.context', '@odata.nextLink', 'value'])
    const [event] = first.body.value
    assertShape(event, microsoft.event, ['@odata.etag', 'id', 'showAs', 'isAllDay', 'isCancelled', 'responseStatus'])
    assert.deepEqual(event.start, { dateTime: '2027-03-01T08:00:00.0000000', timeZone: 'UTC' })
    const last = await ask('GET', first.body['@odata.nextLink'])
    assert.deepEqual([last.body.value.length, '@odata.nextLink' in last.body], [1, false])
  })

  test('create, find by an extended property, change and delete an event', async () => {
    const time = (hour: string) => ({ dateTime: `2027-03-05T${hour}:00:00`, timeZone: 'UTC' })
    const event = {
      subject: 'Intro',
      start: time('08'),
      end: time('09'),
      transactionId: 'uid@bookbell',
      singleValueExtendedProperties: [{ id: property, value: 'uid@bookbell' }],
    }
    const made = await ask('POST', '/me/calendars/AAMkAGI2TGuLAAA=/events', event)
    assert.equal(made.status, 201)
    assertShape(made.body, microsoft.event, ['@odata.etag', 'id', 'transactionId', 'iCalUId', 'start', 'end'])
    const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${property}' and ep/value eq 'uid@bookbell')`
    const found = await ask('GET', `/me/calendars/AAMkAGI2TGuLAAA=/events?$filter=${encodeURIComponent(filter)}`)
    assert.deepEqual(
      found.body.value.map((one: { id: string }) => [one.id, 'singleValueExtendedProperties' in one]),
      [[made.body.id, false]],
    )
    const path = `/me/events/${made.body.id}`
    const changed = await ask('PATCH', path, { subject: 'Later' }, { 'if-match': made.body['@odata.etag'] })
    assertShape(changed.body, microsoft.event, ['subject'])
    const refused = [
      await ask('POST', '/me/calendars/AAMkAGI2TGuLAAA=/events', event),
      await ask('PATCH', path, { subject: 'Late' }, { 'if-match': made.body['@odata.etag'] }),
      await ask('GET', '/me/events/none'),
    ]
    for (const { body } of refused) assertShape(body, microsoft.error, ['error'])
    assert.deepEqual(
      refused.map(({ status, body }) => [status, body.error.code]),
      [
        [409, 'ErrorDuplicateTransactionId'],
        [412, 'ErrorIrresolvableConflict'],
        [404, 'ErrorItemNotFound'],
      ],
    )
    assert.equal((await ask('DELETE', path)).status, 204)
    assert.equal((await ask('DELETE', path)).status, 404)
  })

  test('the token endpoint returns a new refresh token; a rejected access token is 401', async () => {
    const { clientId, clientSecret } = registration
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'refresh_token',
      refresh_token: granted.refreshToken,
    })
    const answer = await fetch(server.endpoints.token, { method: 'POST', body: form })
    assertShape(await answer.json(), microsoft.token, Object.keys(microsoft.token))
    server.expireTokens()
    const { status, body } = await ask('GET', '/me/calendars')
    assertShape(body, microsoft.error, ['error'])
    assert.deepEqual([status, body.error.code], [401, 'InvalidAuthenticationToken'])
  })
})
