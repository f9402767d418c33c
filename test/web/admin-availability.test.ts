import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openAdmin } from './admin-story.ts'
import { assertAccessible, assertAccessibleInAllColours, furnish, openStory, phone, type Story } from './story.ts'

let story: Story
let host: number

before(async () => {
  story = await openStory()
  host = (await furnish(story, [{ name: 'Intro', slug: 'intro' }])).host
  await story.server.request('PATCH', `/api/v1/members/${host}`, { timezone: 'Europe/Berlin' })
})

after(() => story.stop())

const toast = (page: Page, text: string | RegExp) =>
  page.getByRole('region', { name: 'Messages' }).getByText(text).waitFor()

/** An admin in a distant time zone, who changes a member's availability. */
const inNewYork = { timezoneId: 'America/New_York' }

const listTimeOff = async () =>
  (await story.server.request('GET', `/api/v1/members/${host}/time-off`)).body.data as { from: string; to: string }[]

async function bookAt(start: string): Promise<void> {
  const { body } = await story.server.request('GET', '/api/v1/meeting-types')
  const attendee = { first_name: 'Ada', last_name: 'Vale', email: 'ada@example.com', timezone: 'UTC' }
  await story.create('meetings', { meeting_type: body.data[0].id, start, attendee })
}

test('time off uses the member’s time zone on each day, and names the meetings that are already booked then', async () => {
  await bookAt('2032-03-03T09:00:00Z')
  const page = await openAdmin(story, '/admin/availability?tab=time-off', inNewYork)
  await page.getByRole('button', { name: 'Add time off' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add time off' })
  await dialog.getByText('Times are in the time zone of Berlin.').waitFor()
  await dialog.getByLabel('First day').fill('2032-03-02')
  await dialog.getByLabel('Last day').fill('2032-03-03')
  await dialog.getByRole('switch', { name: 'Only some hours' }).click()
  await dialog.getByText('The same hours apply on each day.').waitFor()
  await dialog.getByLabel('From', { exact: true }).fill('13:00')
  await dialog.getByRole('button', { name: 'Add time off' }).click()
  await dialog.getByText('The end must not be before the start.').waitFor()
  await dialog.getByLabel('From', { exact: true }).fill('09:00')
  await dialog.getByText('1 meeting is booked at this time').waitFor()
  await dialog.getByRole('link', { name: /Wednesday,? 3 March 2032, 10:00–10:30/ }).waitFor()
  await assertAccessible(page, 'time off with a meeting in it')
  await dialog.getByRole('button', { name: 'Add time off' }).click()
  await toast(page, 'Time off added')
  const hours = (date: string) => ({ from: `${date}T08:00:00Z`, to: `${date}T11:00:00Z` })
  const stored = (await listTimeOff()).map(({ from, to }) => ({ from, to }))
  assert.deepEqual(stored, [hours('2032-03-02'), hours('2032-03-03')], 'nine to twelve in Berlin')
  const list = page.getByRole('list', { name: 'Time off' })
  await list.getByText(/Tuesday,? 2 March 2032, 09:00–12:00/).waitFor()
  await list.getByRole('link', { name: '1 meeting is booked at this time' }).waitFor()
  await page.context().close()
})

test('unsaved hours are not lost by leaving, by Back or by a reload', async () => {
  const page = await openAdmin(story, '/admin/availability', phone)
  await page.getByRole('link', { name: /Office/ }).click()
  await page.getByLabel('Tuesday: to').fill('18:00')
  await page.goBack()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await assertAccessible(page, 'the question before leaving')
  await question.getByRole('button', { name: 'Cancel' }).click()
  assert.equal(await page.getByLabel('Tuesday: to').inputValue(), '18:00')
  const asked = new Promise<string>((resolve) =>
    page.once('dialog', (dialog) => {
      resolve(dialog.type())
      void dialog.dismiss()
    }),
  )
  await page.evaluate('location.reload()')
  assert.equal(await asked, 'beforeunload')
  assert.equal(await page.getByLabel('Tuesday: to').inputValue(), '18:00')
  await page.getByRole('link', { name: 'Availability' }).last().click()
  await question.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('heading', { name: 'Availability', level: 1 }).waitFor()
  await page.context().close()
})

test('a day’s hours are copied to other days, and several dates get the same hours together', async () => {
  const past = { date: '2020-05-04', hours: [] }
  const member = { name: 'Winter', timezone: 'Europe/Berlin', member: host, weekly: [], overrides: [past] }
  const { id } = await story.create('schedules', { ...member, weekly: [{ day: 'mo', from: '10:00', to: '16:00' }] })
  const page = await openAdmin(story, `/admin/availability/${id}`)
  await page.getByRole('button', { name: 'Copy Monday’s hours', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Wednesday' }).check()
  await page.getByRole('checkbox', { name: 'Sunday' }).check()
  await assertAccessible(page, 'copying hours')
  await page
    .getByRole('dialog', { name: 'Copy Monday’s hours' })
    .getByRole('button', { name: 'Apply', exact: true })
    .click()
  await page.getByRole('button', { name: 'Next month' }).click()
  const first = Temporal.Now.plainDateISO('Europe/Berlin').with({ day: 1 }).add({ months: 1 })
  const name = first.toLocaleString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  await page.getByRole('button', { name: new RegExp(`^${name},`) }).click()
  await page.getByText('Day off', { exact: true }).first().click()
  await page.getByLabel('Apply through').fill(first.add({ days: 4 }).toString())
  await page.getByRole('button', { name: 'Apply to 5 days' }).click()
  await page.getByText('1 past date').click()
  await page.getByRole('button', { name: /^Monday,? 4 May 2020/ }).waitFor()
  await assertAccessibleInAllColours(page, 'several dates')
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Saved')
  const { body } = await story.server.request('GET', `/api/v1/schedules/${id}`)
  const hours = { from: '10:00', to: '16:00' }
  assert.deepEqual(
    body.weekly,
    ['mo', 'we', 'su'].map((day) => ({ day, ...hours })),
  )
  const dates = [0, 1, 2, 3, 4].map((days) => ({ date: first.add({ days }).toString(), hours: [] }))
  assert.deepEqual(body.overrides, [past, ...dates])
  await page.context().close()
})

test('“Troubleshoot” describes each rule in the member’s time zone, with a link to change it', async () => {
  await bookAt('2032-05-04T08:00:00Z')
  const page = await openAdmin(story, '/admin/availability?tab=why-not', inNewYork)
  const ask = async (date: string, time: string) => {
    await page.getByLabel('Date').fill(date)
    await page.getByLabel('Time', { exact: true }).fill(time)
    await page.getByRole('button', { name: 'Explain' }).click()
  }
  await page.getByText('Times are in the time zone of Berlin.').waitFor()
  await page.getByRole('combobox', { name: 'Meeting type' }).click()
  await page.getByRole('option', { name: 'Intro', exact: true }).click()
  await ask('2032-05-04', '10:00')
  await page.getByText(/Tuesday,? 4 May 2032, 10:00 \(Berlin\) is not offered\./).waitFor()
  await page.getByText('Another meeting: 10:00–10:30').waitFor()
  await ask('2032-05-04', '20:00')
  await page.getByText(/Outside the hours: Tuesday,? 4 May 2032, 09:00 – 17:00 \(Berlin\)/).waitFor()
  await ask('2020-05-04', '10:00')
  await page.getByText('In the past').waitFor()
  await ask('2032-05-04', '10:00')
  await page.getByRole('link', { name: 'Show the meeting' }).click()
  await page.getByRole('heading', { name: 'Meetings', level: 1 }).waitFor()
  await page.context().close()
})

test('a member creates the secret URL of their meetings, which is shown once, and revokes it', async () => {
  const page = await openAdmin(story, '/admin/availability?tab=feed')
  await page.getByText('There is no URL.').waitFor()
  await page.getByRole('button', { name: 'Create URL' }).click()
  const shown = page.getByRole('region', { name: 'Your calendar URL' })
  const url = String(await shown.locator('code').textContent())
  await page.getByText('It has not been read yet.').waitFor()
  await assertAccessible(page, 'a new calendar URL')
  const read = () => fetch(story.server.url + new URL(url).pathname)
  assert.match(await (await read()).text(), /^BEGIN:VCALENDAR/)
  await page.reload()
  await page.getByText('It was last read on').waitFor()
  assert.equal(await shown.count(), 0, 'shown only once')
  await page.getByRole('button', { name: 'Revoke URL' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke URL' }).click()
  await toast(page, 'URL revoked')
  await page.getByText('There is no URL.').waitFor()
  assert.equal((await read()).status, 404)
  await page.context().close()
})
