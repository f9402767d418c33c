import { after, before } from 'node:test'
import { type ManualClock, manualClock } from '../../src/platform/clock.ts'
import { openTestApp, type TestApp } from './app.ts'
import type { OpenDatabase } from './databases.ts'

/** The initial time on a suite's clock, a Saturday. */
export const SUITE_NOW = '2027-02-20T08:00:00Z'

/** A suite's program, which is open in hooks and tests, but not while the suite is being declared. */
export interface SuiteApp {
  app: TestApp
  clock: ManualClock
}

/** Opens the program before the tests of the enclosing suite, and stops it after them. */
export function declareApp(open: OpenDatabase): SuiteApp {
  const { apps, clock } = declareApps(open, 1, {})
  return { app: apps[0]!, clock }
}

/** Does the same with two processes on one database, behind a proxy on loopback, with a mail server that cannot be reached. */
export function declareTwoProcesses(open: OpenDatabase): SuiteApp & { processes: [TestApp, TestApp] } {
  const { apps, clock } = declareApps(open, 2, {
    BOOKBELL_URL: 'https://book.example.com',
    BOOKBELL_TRUST_PROXY: '127.0.0.1',
    SMTP_URL: 'smtp://127.0.0.1:9',
  })
  const processes: [TestApp, TestApp] = [apps[0]!, apps[1]!]
  return { app: processes[0], processes, clock }
}

function declareApps(open: OpenDatabase, count: number, env: Record<string, string>) {
  const clock = manualClock(Date.parse(SUITE_NOW))
  const opened: TestApp[] = []
  before(async () => {
    const database = await open()
    while (opened.length < count) opened.push(await openTestApp(database, { clock, env }))
  })
  after(async () => {
    for (const each of opened) await each.stop()
  })
  return { apps: Array.from({ length: count }, (_, index) => lookedUp(() => opened[index]!)), clock }
}

/** An app that is looked up when it is used. */
function lookedUp(find: () => TestApp): TestApp {
  return {
    get bookbell() {
      return find().bookbell
    },
    get database() {
      return find().database
    },
    get secrets() {
      return find().secrets
    },
    get url() {
      return find().url
    },
    get organization() {
      return find().organization
    },
    get apiKey() {
      return find().apiKey
    },
    api: (...call) => find().api(...call),
    stop: () => find().stop(),
  }
}

type Person = { id: number; status: string; timezone: string }

/** The calls that meeting tests often make. */
export function callsOf(app: Pick<TestApp, 'api'>) {
  return {
    post: (path: string, body: unknown = {}) => app.api('POST', path, body),
    /** The path of an attendee's link, or of a page below it. */
    link: (externalId: string, rest = '') => `/api/v1/public/attendees/${externalId}${rest}`,
    meetingOf: async (id: number) => (await app.api('GET', `/api/v1/meetings/${id}`)).body,
    bookerOf: (meeting: { attendees: Person[] }, index = 0): Person => meeting.attendees[index]!,
  }
}
