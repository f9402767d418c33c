/**
 * Takes the screenshots in the README and the guide for hosts from the demo: `node scripts/run.mjs --web scripts/screenshots.ts`.
 * The data, the time and the browser's settings are fixed. Apart from response times, the images therefore change only when the
 * pages do. It uses the ports 3000 and 4000.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { createBookbell } from '../src/app.ts'
import { parseConfig } from '../src/config.ts'
import { type Demo, fillDemo } from '../src/demo.ts'
import { type Clock, toTimestamp } from '../src/platform/clock.ts'
import { openPglite } from '../src/platform/database.ts'
import { createLogger } from '../src/platform/log.ts'
import { migrate } from '../src/platform/migrations.ts'
import { makeSecrets } from '../src/platform/secrets.ts'
import { launchBrowser } from '../test/support/browser.ts'
import { takeHostGuide } from './host-screenshots.ts'
import { provideChromium } from './neighbours.ts'

const ZONE = 'Europe/Berlin'
/** A Monday morning, as the server and the browser see it. */
const START = Date.parse('2027-03-01T06:10:00Z')
const SECOND = 1_000
const MINUTE = 60_000

process.env.TZ = ZONE
const folder = fileURLToPath(new URL('../docs/images/', import.meta.url))

/** A running clock that starts at `START` and can be moved forward. */
function createDemoClock(): Clock & { advance(milliseconds: number): void } {
  let offset = START - Date.now()
  const now = () => Date.now() + offset
  return {
    now,
    timestamp: () => toTimestamp(now()),
    advance: (milliseconds) => {
      offset += milliseconds
    },
  }
}

/** The demo server on a temporary database, with its own clock. */
async function startDemo(directory: string) {
  const url = 'http://localhost:3000'
  // No mail server runs at this address, but without the setting, each page would say that no emails are sent.
  const mail = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'bookings@example.com' }
  const config = parseConfig({ BOOKBELL_DATA: directory, BOOKBELL_URL: url, BOOKBELL_LOG_LEVEL: 'silent', ...mail })
  const clock = createDemoClock()
  const database = await openPglite(directory)
  await migrate(database)
  const secrets = makeSecrets(['a secret for screenshots'])
  const bookbell = await createBookbell({ config, url, database, clock, secrets, logger: createLogger('silent') })
  await bookbell.app.listen({ port: 3000 })
  await bookbell.start()
  const stop = async () => {
    await bookbell.stop()
    await database.close()
  }
  const demo = await fillDemo({ bookbell, database, url, setupUrl: undefined, stop })
  const api = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT', path: string, payload?: object) => {
    const headers = { authorization: `Bearer ${demo.apiKey}` }
    const response = await bookbell.app.inject({
      method,
      url: `/api/v1/${path}`,
      headers,
      ...(payload ? { payload } : {}),
    })
    if (response.statusCode >= 400) throw new Error(`${method} ${path}: ${response.body}`)
    return response.json()
  }
  return { demo, clock, api, stop }
}

type RunningDemo = Awaited<ReturnType<typeof startDemo>>

/** A receiver that returns a configurable status. */
async function startReceiver() {
  const state = { status: 204 }
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(state.status).end())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(4000, '127.0.0.1', resolve))
  return { state, server }
}

const people = [
  ['Ada', 'Lovelace'],
  ['Grace', 'Hopper'],
  ['Alan', 'Turing'],
  ['Katherine', 'Johnson'],
  ['Edsger', 'Dijkstra'],
  ['Barbara', 'Liskov'],
] as const

/** Books the first free start at or after `from`, as a visitor would. Returns the meeting's id. */
async function book({ api, clock }: RunningDemo, type: string, from: string, person: number): Promise<number> {
  const [first_name, last_name] = people[person % people.length] ?? people[0]
  const path = `public/pages/juniper/meeting-types/${type}`
  const date = from.slice(0, 10)
  const { slots } = await api('GET', `${path}/slots?from=${date}&to=${date}&timezone=UTC`)
  const slot = slots.find(({ start }: { start: string }) => start >= from)
  const email = `${first_name}.${last_name}@example.com`.toLowerCase()
  const location = type === 'home-visit' ? { location: '7 Garden Lane' } : {}
  const attendee = { first_name, last_name, email, timezone: ZONE }
  await api('POST', `${path}/meetings`, { start: slot.start, attendee, ...location })
  clock.advance(25 * MINUTE)
  const { data } = await api('GET', 'meetings?limit=200')
  return Math.max(...data.map(({ id }: { id: number }) => id))
}

/** Fills a webhook's log with deliveries in every status. Returns the webhook's id. */
async function fillDeliveries(running: RunningDemo, receiver: { status: number }): Promise<number> {
  const { api, clock } = running
  const { id: webhook } = await api('POST', 'webhooks', { url: 'http://localhost:4000/bookbell', description: 'CRM' })
  const attempted = (times: number) => waitForAttempts(running, webhook, times)
  const first = await book(running, 'intro', '2027-03-02T08:00', 0)
  const visit = await book(running, 'home-visit', '2027-03-05T08:00', 3)
  await attempted(1)
  receiver.status = 500
  await book(running, 'open-studio', '2027-03-04T09:00', 2)
  await attempted(1)
  await api('PATCH', `webhooks/${webhook}`, { state: 'disabled' })
  await api('PATCH', `webhooks/${webhook}`, { state: 'enabled' })
  receiver.status = 204
  await book(running, 'intro', '2027-03-02T12:00', 4)
  await attempted(1)
  receiver.status = 503
  await api('PUT', `meetings/${first}/tags/VIP`)
  await attempted(1)
  clock.advance(10 * SECOND)
  await attempted(2)
  receiver.status = 204
  await api('POST', `meetings/${visit}/approve`)
  await attempted(1)
  clock.advance(MINUTE)
  return webhook
}

/** Waits until every pending delivery has been attempted this many times. */
async function waitForAttempts({ api }: RunningDemo, webhook: number, times: number): Promise<void> {
  type Shown = { status: string; attempts: number }
  for (let tries = 0; tries < 300; tries++) {
    const { data }: { data: Shown[] } = await api('GET', `webhooks/${webhook}/deliveries?limit=100`)
    if (data.every(({ status, attempts }) => (status === 'pending' ? attempts >= times : true))) return
    await pause(100)
  }
  throw new Error('The webhook was not attempted within 30 s.')
}

async function openPage(browser: Browser, clock: Clock, size: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({
    viewport: size,
    locale: 'en-US',
    timezoneId: ZONE,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  await page.clock.setFixedTime(clock.now())
  return page
}

async function takeBookingPage(page: Page, { bookingUrl }: Demo): Promise<void> {
  await page.goto(`${bookingUrl}?date=2027-03-02`)
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(folder, 'booking-page.png') })
}

async function signIn(page: Page, demo: Demo): Promise<void> {
  await page.goto(demo.adminUrl)
  await page.getByLabel(/^E-?mail/).fill(demo.email)
  await page.getByLabel('Password', { exact: true }).fill(demo.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor({ state: 'detached' })
}

async function takeDeliveries(page: Page, demo: Demo, webhook: number): Promise<void> {
  await signIn(page, demo)
  await page.goto(`${demo.adminUrl}/settings/webhooks/${webhook}`)
  await page.waitForLoadState('networkidle')
  await page.getByRole('tab', { name: 'Deliveries' }).evaluate('(tab) => tab.scrollIntoView()')
  await page.mouse.wheel(0, -16)
  await pause(200)
  await page.screenshot({ path: join(folder, 'deliveries.png') })
}

/** Takes the pictures for `docs/host-guide.md`, with two additional requests waiting for approval. */
async function takeGuide(page: Page, running: RunningDemo): Promise<void> {
  const { api, demo } = running
  await book(running, 'home-visit', '2027-03-08T09:00', 1)
  await book(running, 'home-visit', '2027-03-09T13:00', 5)
  const [types, schedules, meetings] = await Promise.all(
    ['meeting-types', 'schedules', 'meetings?status=confirmed'].map((path) => api('GET', path)),
  )
  await signIn(page, demo)
  const ids = { meetingType: types.data[0].id, schedule: schedules.data[0].id, meeting: meetings.data[0].id }
  await takeHostGuide(page, { folder, adminUrl: demo.adminUrl, ...ids })
}

async function takeScreenshots(directory: string, receiver: { status: number }): Promise<void> {
  const running = await startDemo(directory)
  const browser = await launchBrowser()
  try {
    const webhook = await fillDeliveries(running, receiver)
    await takeBookingPage(await openPage(browser, running.clock, { width: 1280, height: 760 }), running.demo)
    await takeDeliveries(await openPage(browser, running.clock, { width: 1280, height: 890 }), running.demo, webhook)
    await takeGuide(await openPage(browser, running.clock, { width: 1000, height: 620 }), running)
  } finally {
    await browser.close()
    await running.stop()
  }
}

provideChromium()
mkdirSync(folder, { recursive: true })
const directory = mkdtempSync(join(tmpdir(), 'bookbell-screenshots-'))
const { state, server }: { state: { status: number }; server: Server } = await startReceiver()
try {
  await takeScreenshots(directory, state)
} finally {
  server.close()
  rmSync(directory, { recursive: true, force: true })
}
