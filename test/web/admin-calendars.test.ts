import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type DavServer, startDavServer } from '../support/dav-servers.ts'
import { waitFor } from '../support/wait.ts'
import { bookPublicly, openAdmin, readMeeting } from './admin-story.ts'
import { onEachStage } from './stages.ts'
import { assertAccessible, assertAccessibleInAllColours, furnish, type Story } from './story.ts'

const TAB = '/admin/availability/calendars'
/** Messages appear without an animation that the checks would wait for. */
const still = { reducedMotion: 'reduce' } as const
const DAY = 86_400_000
const HALF_HOUR = 1_800_000

onEachStage(({ openStory }) => {
  let story: Story
  let server: DavServer
  let calendar: string
  let host: number

  before(async () => {
    server = await startDavServer('radicale')
    calendar = await server.makeCalendar('Work')
    story = await openStory()
    host = (await furnish(story, [{ name: 'Intro', slug: 'intro' }])).host
  })

  after(async () => {
    await story?.stop()
    await server?.stop()
  })

  const toast = (page: Page, text: string | RegExp) =>
    page.getByRole('region', { name: 'Messages' }).getByText(text).last().waitFor()

  const compact = (instant: number) => `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

  /** The files in the calendar, with their text. */
  async function entries(): Promise<{ file: string; text: string }[]> {
    const { body } = await server.send('PROPFIND', calendar, '', { depth: '1' })
    const files = [...body.matchAll(/<href>([^<]+\.ics)<\/href>/g)].map(
      ([, path]) => new URL(path ?? '', calendar).href,
    )
    return Promise.all(files.map(async (file) => ({ file, text: (await server.send('GET', file)).body })))
  }

  /** Moves a meeting's entry to the next day, as the host's own calendar program does. */
  async function moveToNextDay(start: number): Promise<void> {
    const entry = (await entries()).find(({ text }) => text.includes(compact(start)))
    assert.ok(entry, 'the entry is in the calendar')
    const moved = entry.text
      .replace(compact(start), compact(start + DAY))
      .replace(compact(start + HALF_HOUR), compact(start + DAY + HALF_HOUR))
    const { status } = await server.send('PUT', entry.file, moved, { 'content-type': 'text/calendar' })
    assert.ok(status < 300)
  }

  async function fillAccount(page: Page, password: string): Promise<void> {
    const dialog = page.getByRole('dialog', { name: 'Connect a calendar' })
    await dialog.getByLabel('Server address').fill(server.url)
    await dialog.getByLabel('User name').fill(server.username)
    await dialog.getByLabel('Password', { exact: true }).fill(password)
    await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  }

  test('a host connects an account, chooses calendars, decides about a moved meeting, and disconnects', async () => {
    const page = await openAdmin(story, TAB, still)
    await page.getByRole('heading', { name: 'No calendar connected' }).waitFor()
    assert.match(page.url(), /tab=calendars/)
    await page.getByRole('button', { name: 'Connect a calendar' }).click()
    const dialog = page.getByRole('dialog', { name: 'Connect a calendar' })
    await dialog.getByRole('link', { name: 'Create an app password' }).waitFor()
    assert.equal(await dialog.getByLabel('Server address').inputValue(), 'https://caldav.icloud.com')
    await assertAccessibleInAllColours(page, 'the form that connects an account')
    await dialog.getByRole('combobox', { name: 'Provider' }).click()
    await page.getByRole('option', { name: 'Another CalDAV server' }).click()
    await fillAccount(page, 'wrong')
    await dialog.getByText(/^Access was refused\./).waitFor()
    await assertAccessible(page, 'a wrong password')
    const { body: none } = await story.server.request('GET', '/api/v1/connections')
    assert.deepEqual(none.data, [], 'an account that cannot be read is not kept')
    await fillAccount(page, server.password)
    await toast(page, 'Account connected. Choose its calendars.')
    await page.getByText(/^Choose at least one calendar to read\./).waitFor()
    const group = page.getByRole('group', { name: 'Work' })
    await assertAccessibleInAllColours(page, 'an account without a chosen calendar')
    await group.getByRole('switch', { name: 'Blocks my availability' }).click()
    await page.getByText(/^Choose at least one calendar to read\./).waitFor({ state: 'detached' })
    await group.getByRole('switch', { name: 'Add my meetings here' }).click()
    await waitFor(async () => (await shown()).calendars[0].writes)

    const meeting = await bookPublicly(story, 'intro', { name: 'Ada' })
    const start = Date.parse((await readMeeting(story, meeting)).start)
    await waitFor(async () => (await entries()).length === 1, { what: 'the entry of the meeting' })
    await moveToNextDay(start)
    await page.getByRole('button', { name: /^Sync now: / }).click()
    await page.getByText(/^You moved “Intro with Ada Vale” in your calendar from .*09:00 to .*09:00\.$/).waitFor()
    await page.getByText('Times are in the time zone of Berlin.').waitFor()
    await assertAccessibleInAllColours(page, 'a moved meeting')
    await page.getByRole('button', { name: 'Move the meeting' }).click()
    await toast(page, '1 meeting changed')
    await page.getByRole('button', { name: 'Move the meeting' }).waitFor({ state: 'detached' })
    assert.equal(Date.parse((await readMeeting(story, meeting)).start), start + DAY)

    await moveToNextDay(start + DAY)
    await page.getByRole('button', { name: /^Sync now: / }).click()
    await page.getByRole('button', { name: 'Restore in calendar' }).click()
    await toast(page, '1 meeting restored in the calendar')
    await waitFor(async () => (await entries()).some(({ text }) => text.includes(compact(start + DAY))))
    assert.equal(Date.parse((await readMeeting(story, meeting)).start), start + DAY)

    await page.getByRole('button', { name: 'Disconnect' }).click()
    const question = page.getByRole('dialog', { name: /^Disconnect “/ })
    await question.getByRole('radio', { name: 'Remove them from the calendar' }).click()
    await assertAccessible(page, 'the question before disconnecting')
    await question.getByRole('button', { name: 'Disconnect' }).click()
    await toast(page, 'Calendar disconnected')
    await page.getByRole('heading', { name: 'No calendar connected' }).waitFor()
    await waitFor(async () => (await entries()).length === 0, { what: 'the removal of the entry' })
    await page.context().close()
  })

  async function shown() {
    return (await story.server.request('GET', `/api/v1/connections?member=${host}`)).body.data[0]
  }

  /** Connects the account over the API, and reads its calendar. */
  async function connect(): Promise<number> {
    const { url, username, password } = server
    const account = { provider: 'caldav', member: host, url, username, password, name: 'Quxley' }
    const { id } = await story.create('connections', account)
    const found = await waitFor(async () => (await shown())?.calendars[0])
    await story.server.request('PATCH', `/api/v1/connections/${id}/calendars/${found.id}`, { reads: true })
    await waitFor(async () => (await shown()).calendars[0].read_at !== null)
    return id
  }

  test('the week shows busy times in the calendar, meetings and time off, in the member’s time zone', async () => {
    const tomorrow = Temporal.Now.plainDateISO('Europe/Berlin').add({ days: 1 })
    const on = (time: string) =>
      tomorrow.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: time }).epochMilliseconds
    const event = [`DTSTART:${compact(on('11:00'))}`, `DTEND:${compact(on('12:30'))}`, 'SUMMARY:Secret dentist']
    const lines = ['BEGIN:VEVENT', 'UID:own', `DTSTAMP:${compact(on('08:00'))}`, ...event, 'END:VEVENT']
    await server.put(calendar, 'own.ics', lines)
    await connect()
    const off = { from: `${tomorrow.add({ days: 1 })}`, to: `${tomorrow.add({ days: 1 })}` }
    await story.create(`members/${host}/time-off`, off)
    const page = await openAdmin(story, '/admin/availability?tab=week', { ...still, timezoneId: 'America/New_York' })
    await page.getByText(/Times are in the time zone of Berlin\.$/).waitFor()
    const dayOf = ({ day }: Temporal.PlainDate) => page.getByRole('region', { name: new RegExp(`day,? ${day} `) })
    const next = page.getByRole('button', { name: 'Next week' })
    if (tomorrow.dayOfWeek === 1) await next.press('Enter')
    await dayOf(tomorrow).getByText('Busy: Work').waitFor()
    await dayOf(tomorrow).getByText('11:00–12:30').waitFor()
    await dayOf(tomorrow).getByText('Hours: 09:00–17:00').waitFor({ state: 'attached' })
    assert.equal(await page.getByText('Secret dentist').count(), 0)
    await assertAccessibleInAllColours(page, 'the week')
    if (tomorrow.dayOfWeek === 7) await next.press('Enter')
    await dayOf(tomorrow.add({ days: 1 }))
      .getByText('Time off')
      .waitFor()
    await page.context().close()
  })

  test('a changed password is said in plain words, and a new one repairs the connection', async (t) => {
    t.after(() => server.setPassword('the first password'))
    server.setPassword('the second password')
    const page = await openAdmin(story, TAB, still)
    await page.getByRole('button', { name: 'Sync now: Quxley' }).click()
    await page.getByText(/^The provider no longer accepts the password\./).waitFor()
    await page.getByText('Access refused', { exact: true }).waitFor()
    await assertAccessibleInAllColours(page, 'a revoked connection')
    await page.getByRole('button', { name: 'Enter new password' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change “Quxley”' })
    await dialog.getByLabel('New password').fill('not this one')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText(/^Access was refused\./).waitFor()
    await dialog.getByLabel('New password').fill('the second password')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await toast(page, 'Saved')
    await page.getByText('Access refused', { exact: true }).waitFor({ state: 'detached' })
    await page.context().close()
  })

  test('a member chooses what happens after changes in the calendar, and when it cannot be read', async () => {
    const page = await openAdmin(story, TAB, still)
    await page.getByRole('radio', { name: 'Change the meeting too' }).click()
    await page.getByRole('radio', { name: 'Offer no times' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await toast(page, 'Saved')
    const { body } = await story.server.request('GET', `/api/v1/members/${host}`)
    assert.deepEqual([body.calendar_changes, body.calendar_failure], ['follow', 'closed'])
    await page.context().close()
  })
})
