import type { ServerResponse } from 'node:http'
import { MOST_BYTES, type ReadingOptions } from '../../src/calendars/reading.ts'
import type { AccessTokens } from '../../src/connections/access-tokens.ts'
import { makeCalDavSource } from '../../src/connections/caldav-source.ts'
import { makeCalendarClient, type SendToCalendar } from '../../src/connections/calendar-client.ts'
import { entryFile } from '../../src/connections/entry-file.ts'
import { makeGoogleSource } from '../../src/connections/google-source.ts'
import { ICS_CALENDAR, makeIcsSource } from '../../src/connections/ics-source.ts'
import { makeMicrosoftSource } from '../../src/connections/microsoft-source.ts'
import { makeOAuthClient } from '../../src/connections/oauth-client.ts'
import { makeOAuthProviders, type OAuthProvider } from '../../src/connections/oauth-providers.ts'
import { createHttpClient } from '../../src/platform/http-client.ts'
import { makeTargetPolicy, vetFor } from '../../src/webhooks/target-guard.ts'
import { appointment, startCalendarServer } from './calendar-server.ts'
import { type DavProgram, startDavServer } from './dav-servers.ts'
import { startGoogleServer } from './google-server.ts'
import { startMicrosoftServer } from './microsoft-server.ts'
import { type OAuthServer, registration } from './oauth-server.ts'
import type { CalendarCase, Fault, OpenedServer, WritableCase } from './provider-conformance.ts'

/** The settings that the tests use to read all sources. Every UID that ends with `@bookbell` is our own. */
export const sampleReading: Omit<ReadingOptions, 'window'> = {
  timezone: null,
  memberTimezone: 'Europe/Berlin',
  addresses: ['ada@example.com'],
  tentativeBlocks: true,
  allDayBlocks: true,
  isOwn: (uid) => uid.endsWith('@bookbell'),
}

/** Creates the client for a source as the server does, but with a short deadline. */
export function openCalendarClient(): { send: SendToCalendar; close(): Promise<void> } {
  const policy = makeTargetPolicy({ loopback: true, allow: [], inspector: null, onRefused: () => {} })
  const client = createHttpClient({ vet: vetFor(policy), deadline: 3_000, bodyLimit: MOST_BYTES })
  return { send: makeCalendarClient({ client, policy, userAgent: 'Bookbell/tests' }), close: () => client.close() }
}

/** Responds to a request with a fault. */
export function answerFault(response: ServerResponse, fault: Fault): void {
  if ('status' in fault) {
    response.writeHead(fault.status, fault.headers).end(fault.body)
    return
  }
  response.writeHead(207, { 'content-type': 'application/xml' })
  response.write('<?xml version="1.0"?><D:multistatus xmlns:D="DAV:"><D:response>')
  if (fault.kind === 'cut') response.end()
}

/** A server for calendar files, used by the shared reading tests. */
export async function startIcsAccounts(): Promise<OpenedServer<CalendarCase>> {
  const server = await startCalendarServer()
  const { send, close } = openCalendarClient()
  return {
    async open() {
      server.fail(undefined)
      server.set([])
      const lines: string[] = []
      return {
        provider: makeIcsSource({ send, url: server.url, reading: sampleReading }),
        calendar: ICS_CALENDAR,
        async addAppointment(from, to) {
          lines.push(...between(from, to))
          server.set(lines)
        },
        async clear() {
          lines.length = 0
          server.set(lines)
        },
        revoke: async () => server.fail((response) => answerFault(response, { status: 401 })),
        fail: (fault) => server.fail(fault && ((response) => answerIcsFault(response, fault))),
      }
    },
    async stop() {
      await close()
      await server.stop()
    },
  }
}

function answerIcsFault(response: ServerResponse, fault: Fault): void {
  if ('status' in fault) {
    answerFault(response, fault)
    return
  }
  response.writeHead(200, { 'content-type': 'text/calendar' })
  response.write('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n')
  if (fault.kind === 'cut') response.end()
}

/** A real CalDAV server. Every account has its own calendar. */
export async function startDavAccounts(program: DavProgram): Promise<OpenedServer<WritableCase>> {
  const server = await startDavServer(program)
  const { send, close } = openCalendarClient()
  let opened = 0
  return {
    async open() {
      const calendar = await server.makeCalendar(`Work ${++opened} @ home`)
      const { url, username } = server
      const account = { url, username, password: 'the first password' }
      server.setPassword(account.password)
      const files: string[] = []
      const own = async () => {
        const { body } = await server.send('PROPFIND', calendar, '', { depth: '1' })
        return body.match(/[0-9a-f]{32}(?:@|%40)bookbell\.ics<\//g) ?? []
      }
      return {
        provider: makeCalDavSource({ send, account, reading: sampleReading, now: Date.now }),
        calendar: encodeCalendar(calendar),
        async addAppointment(from, to) {
          files.push(await server.put(calendar, `appointment ${files.length}.ics`, between(from, to)))
        },
        async clear() {
          for (const file of files.splice(0)) await server.send('DELETE', file)
        },
        revoke: async () => server.setPassword('another password'),
        fail: (fault) => server.fail(fault && (({ response }) => answerFault(response, fault))),
        async moveEntry({ id }, content) {
          const body = entryFile(content, Date.now())
          const { status } = await server.send('PUT', id, body, { 'content-type': 'text/calendar' })
          if (status >= 300) throw new Error(`PUT: ${status}`)
        },
        removeEntry: async ({ id }) => void (await server.send('DELETE', id)),
        countEntries: async () => (await own()).length,
        loseNextAnswer() {
          server.fail(({ request, pass }) => {
            if (request.method === 'PUT') server.fail(undefined)
            void pass(request.method === 'PUT')
          })
        },
      }
    },
    async stop() {
      await close()
      await server.stop()
    },
  }
}

/** The counterpart of Google. Every account has its own calendar. */
export async function startGoogleAccounts(): Promise<OpenedServer<WritableCase>> {
  const server = await startGoogleServer()
  const { send, close } = openCalendarClient()
  const settings = { google: registration, microsoft: undefined }
  const provider = makeOAuthProviders(settings, { google: server.endpoints }).google
  if (!provider) throw new Error('Google is not configured.')
  let opened = 0
  return {
    async open() {
      const account = `ada${++opened}@example.com`
      const calendar = server.addCalendar(account, { id: account })
      const tokens = tokensInMemory({ send, provider, server, account })
      const times = (from: number, to: number) => {
        const [start, end] = [from, to].map((instant) => ({ dateTime: new Date(instant).toISOString() }))
        return { start: start ?? null, end: end ?? null }
      }
      return {
        provider: makeGoogleSource({ send, tokens, provider, reading: sampleReading }),
        calendar: calendar.id,
        addAppointment: async (from, to) => void server.put(calendar, times(from, to)),
        async clear() {
          for (const { id = '' } of server.list(calendar)) server.remove(calendar, id)
        },
        revoke: async () => server.revoke(account),
        fail: (fault) => server.fail(fault),
        async moveEntry({ id }, content) {
          server.put(calendar, { ...calendar.events.get(id), ...times(content.start, content.end) })
        },
        removeEntry: async ({ id }) => server.remove(calendar, id),
        countEntries: async () => server.list(calendar).filter(({ iCalUID }) => iCalUID?.endsWith('@bookbell')).length,
        loseNextAnswer: () => server.loseNextAnswer(),
      }
    },
    async stop() {
      await close()
      await server.stop()
    },
  }
}

/** The counterpart of Microsoft. Every account has its own calendar. */
export async function startMicrosoftAccounts(): Promise<OpenedServer<WritableCase>> {
  const server = await startMicrosoftServer()
  const { send, close } = openCalendarClient()
  const settings = { google: undefined, microsoft: { ...registration, tenant: 'common' } }
  const provider = makeOAuthProviders(settings, { microsoft: server.endpoints }).microsoft
  if (!provider) throw new Error('Microsoft is not configured.')
  let opened = 0
  return {
    async open() {
      const account = `ada${++opened}@example.com`
      const calendar = server.addCalendar(account, { id: `AAMkAGI2TGuLAAA${opened}=` })
      const tokens = tokensInMemory({ send, provider, server, account })
      const time = (instant: number) => ({ dateTime: new Date(instant).toISOString().slice(0, 19), timeZone: 'UTC' })
      const times = (from: number, to: number) => ({ start: time(from), end: time(to) })
      return {
        provider: makeMicrosoftSource({ send, tokens, provider, reading: sampleReading }),
        calendar: calendar.id,
        addAppointment: async (from, to) => void server.put(calendar, times(from, to)),
        clear: async () => calendar.events.clear(),
        revoke: async () => server.revoke(account),
        fail: (fault) => server.fail(fault),
        async moveEntry({ id }, content) {
          server.put(calendar, { ...calendar.events.get(id), ...times(content.start, content.end) })
        },
        removeEntry: async ({ id }) => server.remove(calendar, id),
        countEntries: async () =>
          [...calendar.events.values()].filter((event) => event.singleValueExtendedProperties !== undefined).length,
        loseNextAnswer: () => server.loseNextAnswer(),
      }
    },
    async stop() {
      await close()
      await server.stop()
    },
  }
}

/** The access tokens of one account, for sources without a database. */
export function tokensInMemory({
  send,
  provider,
  server,
  account,
}: {
  send: SendToCalendar
  provider: OAuthProvider
  server: OAuthServer
  account: string
}): AccessTokens {
  const client = makeOAuthClient(send, provider)
  let { accessToken, refreshToken } = server.grant(account)
  return {
    async get(signal, rejected) {
      if (rejected === undefined) return accessToken
      const granted = await client.refresh(refreshToken, signal)
      accessToken = granted.accessToken
      refreshToken = granted.refreshToken ?? refreshToken
      return accessToken
    },
  }
}

/** Returns a URL in its normal form, because sources normalize URLs. */
function encodeCalendar(url: string): string {
  return url.replace('@', '%40')
}

function between(from: number, to: number): string[] {
  const [start, end] = [from, to].map((instant) => new Date(instant).toISOString().slice(0, 16))
  return appointment(start ?? '', end ?? '')
}
