import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { bookPublicly, openAdmin, readMeeting } from './admin-story.ts'
import { onEachStage } from './stages.ts'
import { assertAccessible, furnish, type Story, tabTo } from './story.ts'

/** Chooses the last time on the first offered day, and returns it. At the end of a month, that day may be in the next month. */
async function chooseLastTime(dialog: Locator): Promise<string> {
  const times = dialog.getByRole('group', { name: 'Times' }).getByRole('button')
  const next = dialog.getByRole('button', { name: /^Next available/ })
  await times.or(next).first().waitFor()
  if (await next.isVisible()) await next.click()
  await times.last().click()
  return times.last().innerText()
}

/** The part of a row that opens the meeting. */
const rowOf = (page: Page, name: string) => page.locator('.meeting-open', { hasText: name })

/** Returns the last Sunday of a month next year, when clocks change in Europe. */
function lastSunday(month: number): Temporal.PlainDate {
  const { year } = Temporal.Now.plainDateISO('UTC').add({ years: 1 })
  const last = Temporal.PlainDate.from({ year, month, day: 31 })
  return last.subtract({ days: last.dayOfWeek % 7 })
}

onEachStage(({ openStory }) => {
  let story: Story
  let types: { host: number; review: number }

  before(async () => {
    story = await openStory()
    const made = await furnish(story, [
      { name: 'Intro', slug: 'intro', approval: 'manual' },
      { name: 'Class', slug: 'class', kind: 'group', seats: 4, duration_minutes: 60, approval: 'manual' },
      { name: 'Review', slug: 'review' },
    ])
    types = { host: made.host, review: made.types[2]! }
  })

  after(() => story.stop())

  test('a host approves one pending attendee and declines another in the drawer, each with a message', async () => {
    const ada = await bookPublicly(story, 'intro', { name: 'Ada' })
    const ben = await bookPublicly(story, 'intro', { name: 'Ben', at: 3 })
    const page = await openAdmin(story, '/admin/meetings?view=waiting')
    await rowOf(page, 'Ada Vale').click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('Ada Vale booked').waitFor()
    await drawer.getByRole('heading', { name: 'Ada Vale', level: 2 }).waitFor()
    await assertAccessible(page, 'the meeting')
    await drawer.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('dialog', { name: 'Approve meeting' }).getByLabel('Message').fill('See you then')
    await assertAccessible(page, 'the message')
    await drawer.getByRole('button', { name: 'Approve meeting' }).click()
    await drawer.locator('.said', { hasText: 'See you then' }).first().waitFor()
    assert.equal((await readMeeting(story, ada)).approved, true)

    await drawer.getByRole('button', { name: 'Close' }).click()
    await rowOf(page, 'Ben Vale').click()
    await drawer.getByRole('button', { name: 'Decline' }).click()
    await page.getByRole('dialog', { name: 'Decline' }).getByLabel('Message').fill('Not this week')
    await page.getByRole('dialog', { name: 'Decline' }).getByRole('button', { name: 'Decline' }).click()
    await drawer.getByText('Ben Vale was declined').waitFor()
    const declined = await readMeeting(story, ben)
    assert.deepEqual([declined.approved, declined.confirmed], [false, false])
    await page.context().close()
  })

  test('many meetings are approved and tagged together, each with its result', async () => {
    const ids = [
      await bookPublicly(story, 'intro', { name: 'Cleo', at: 5 }),
      await bookPublicly(story, 'intro', { name: 'Cosmo', at: 6 }),
    ]
    const page = await openAdmin(story, '/admin/meetings?view=waiting')
    for (const name of ['Cleo', 'Cosmo']) await page.getByRole('checkbox', { name: new RegExp(`${name} Vale`) }).check()
    const bar = page.getByRole('region', { name: 'Selected meetings' })
    await assertAccessible(page, 'selected meetings')
    await bar.getByRole('button', { name: 'Tag', exact: true }).click()
    await page.getByRole('dialog').getByLabel('Tag').fill('autumn')
    await page.getByRole('button', { name: 'Tag 2' }).click()
    await page.getByText('2 tagged.').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()

    for (const name of ['Cleo', 'Cosmo']) await page.getByRole('checkbox', { name: new RegExp(`${name} Vale`) }).check()
    await bar.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('button', { name: 'Approve 2' }).click()
    await page.getByText('2 approved.').waitFor()
    await assertAccessible(page, 'how it went')
    for (const id of ids) {
      const meeting = await readMeeting(story, id)
      assert.deepEqual([meeting.approved, meeting.tags], [true, ['autumn']])
    }
    await page.context().close()
  })

  test('a group fills; one attendee is approved, one is removed, and the rest stay pending', async () => {
    const group = await bookPublicly(story, 'class', { name: 'Dora' })
    for (const name of ['Emil', 'Flo', 'Gus']) await bookPublicly(story, 'class', { name })
    const page = await openAdmin(story, `/admin/meetings?meeting=${group}`)
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('heading', { name: '4 attendees' }).waitFor()
    await drawer.getByRole('button', { name: 'Approve Emil Vale' }).click()
    await page.getByRole('dialog', { name: 'Approve Emil Vale' }).getByRole('button', { name: 'Approve' }).click()
    await drawer.getByText('Emil Vale was approved').waitFor()
    await drawer.getByRole('button', { name: 'Remove Flo Vale' }).click()
    await page.getByRole('dialog', { name: 'Remove Flo Vale' }).getByRole('button', { name: 'Remove' }).click()
    await drawer.getByText('Flo Vale was removed by a host').waitFor()
    const { attendees } = await readMeeting(story, group)
    const statuses = attendees.map(
      (person: { first_name: string; status: string }) => `${person.first_name} ${person.status}`,
    )
    assert.deepEqual(statuses.slice(0, 4), ['Dora requested', 'Emil confirmed', 'Flo cancelled', 'Gus requested'])
    await page.context().close()
  })

  test('a host reschedules a meeting to an offered time, then cancels it', async () => {
    const id = await bookPublicly(story, 'review', { name: 'Hana', at: 2 })
    const { start } = await readMeeting(story, id)
    const page = await openAdmin(story, `/admin/meetings?meeting=${id}`)
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('button', { name: 'Reschedule' }).click()
    const dialog = page.getByRole('dialog', { name: 'Reschedule' })
    await dialog.getByText('Times are in Berlin').waitFor()
    const time = await chooseLastTime(dialog)
    await dialog.getByText(/^For the attendee: .*UTC/).waitFor()
    await dialog.getByLabel('Message').fill('The train is late')
    await assertAccessible(page, 'choosing another time')
    await dialog.getByRole('button', { name: /^Reschedule to/ }).click()
    await drawer.locator('.said', { hasText: 'The train is late' }).first().waitFor()
    const moved = await readMeeting(story, id)
    assert.notEqual(moved.start, start)
    const local = Temporal.Instant.from(moved.start).toZonedDateTimeISO('Europe/Berlin').toPlainTime().toString()
    assert.equal(local, `${time}:00`)

    await drawer.getByRole('button', { name: 'Cancel meeting' }).click()
    await page.getByRole('dialog', { name: 'Cancel meeting' }).getByRole('button', { name: 'Cancel meeting' }).click()
    await drawer.getByText('The meeting was cancelled by a host').waitFor()
    assert.equal((await readMeeting(story, id)).cancelled, true)
    await page.context().close()
  })

  test('a host books for an attendee at any time, and corrects invalid input', async () => {
    const page = await openAdmin(story, '/admin/meetings')
    await page.getByRole('button', { name: 'Book a meeting' }).click()
    const dialog = page.getByRole('dialog', { name: 'Book a meeting' })
    await dialog.getByRole('combobox', { name: 'Meeting type' }).fill('revi')
    await page.getByRole('option', { name: 'Review' }).click()
    await dialog.getByText('Any time').click()
    const date = Temporal.Now.plainDateISO('Europe/Berlin').add({ days: 3 })
    await dialog.getByLabel('Date').fill(date.toString())
    await dialog.getByLabel('Time', { exact: true }).fill('05:30')
    await dialog.getByLabel('First name').fill('Ivo')
    await dialog.getByLabel('Email').fill('ivo@')
    await dialog.getByRole('button', { name: 'Book', exact: true }).click()
    await dialog.locator('.mantine-InputWrapper-error').first().waitFor()
    await assertAccessible(page, 'the errors')
    await dialog.getByLabel('Email').fill('ivo@example.com')
    await dialog.getByRole('button', { name: 'Book', exact: true }).click()
    await page.getByRole('dialog', { name: 'Ivo' }).getByText('Copy attendee link').waitFor()
    const start = date.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: '05:30' }).toInstant().toString()
    const { body } = await story.server.request('GET', '/api/v1/meetings?attendee_email=ivo@example.com')
    assert.equal(body.data[0].start, start)
    await page.context().close()
  })

  test('search and filters are in the URL and narrow the list', async () => {
    await bookPublicly(story, 'review', { name: 'Juno', at: 9 })
    const page = await openAdmin(story, '/admin/meetings')
    await page.getByLabel('Search by name or email').fill('juno')
    await rowOf(page, 'Ivo').waitFor({ state: 'detached' })
    await rowOf(page, 'Juno').waitFor()
    await page.waitForURL(/q=juno/)
    await page.getByRole('combobox', { name: 'Meeting type' }).click()
    await page.getByRole('option', { name: 'Class' }).click()
    await page.getByRole('heading', { name: 'No matching meetings' }).waitFor()
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await rowOf(page, 'Ivo').waitFor()
    await page.context().close()
  })

  test('a request is handled in its row: approved with one click, declined after a question, with a note if wanted', async () => {
    const lea = await bookPublicly(story, 'intro', { name: 'Lea', at: 10 })
    const max = await bookPublicly(story, 'intro', { name: 'Max', at: 11 })
    const page = await openAdmin(story, '/admin/meetings?view=waiting')
    await page.getByRole('button', { name: 'Approve Lea Vale' }).click()
    await rowOf(page, 'Lea Vale').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Decline Max Vale' }).click()
    await page.getByRole('button', { name: 'Add a note' }).click()
    await page.getByRole('textbox', { name: 'Note' }).fill('On holiday')
    await assertAccessible(page, 'answering in the row')
    await page.getByRole('group', { name: 'Max Vale' }).getByRole('button', { name: 'Decline' }).click()
    await rowOf(page, 'Max Vale').waitFor({ state: 'detached' })
    assert.equal((await readMeeting(story, lea)).approved, true)
    assert.equal((await readMeeting(story, max)).approved, false)
    const { body } = await story.server.request('GET', `/api/v1/activities?meeting=${max}&limit=200`)
    assert.equal(body.data.at(-1).message, 'On holiday')
    await page.context().close()
  })

  test('days are filtered in the member’s zone, which is named; each view has its count; Back undoes a filter', async () => {
    const start = Temporal.Now.plainDateISO('Europe/Berlin')
      .add({ days: 20 })
      .toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: '23:30' })
    const date = start.toPlainDate()
    const attendee = { first_name: 'Night', last_name: 'Owl', email: 'owl@example.com', timezone: 'Asia/Tokyo' }
    await story.create('meetings', { meeting_type: types.review, start: start.toInstant().toString(), attendee })
    // The device is in another time zone, but the page uses the member's time zone.
    const page = await openAdmin(story, '/admin/meetings?q=owl', { timezoneId: 'America/New_York' })
    const views = page.getByRole('navigation', { name: 'Views' })
    await views
      .getByRole('link', { name: /Upcoming/ })
      .getByLabel('1 meeting', { exact: true })
      .waitFor()
    await page.getByText('Times are in Berlin').waitFor()
    await rowOf(page, 'Night Owl').getByText('23:30').waitFor()
    await page.getByLabel('From', { exact: true }).fill(String(date))
    await page.getByLabel('To', { exact: true }).fill(String(date))
    await page.waitForURL(new RegExp(`from=${date}&to=${date}`))
    await rowOf(page, 'Night Owl').waitFor()
    await assertAccessible(page, 'the filtered list')
    await page.getByLabel('From', { exact: true }).fill('')
    await page.getByLabel('To', { exact: true }).fill(String(date.subtract({ days: 1 })))
    await page.getByRole('heading', { name: 'No matching meetings' }).waitFor()
    await views.getByLabel('1 meeting', { exact: true }).waitFor({ state: 'detached' })
    await page.goBack()
    await rowOf(page, 'Night Owl').waitFor()
    await page.context().close()
  })

  test('Back closes open dialogs step by step, and then leaves the page', async () => {
    const id = await bookPublicly(story, 'review', { name: 'Nora', at: 11 })
    const page = await openAdmin(story, '/admin/tags')
    await page.goto(`${story.server.url}/admin/meetings?q=nora`)
    await rowOf(page, 'Nora Vale').click()
    await page.waitForURL(new RegExp(`meeting=${id}`))
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('button', { name: 'Cancel meeting' }).click()
    await drawer.getByLabel('Message').waitFor()
    await page.goBack()
    await drawer.getByRole('button', { name: 'Reschedule' }).waitFor()
    await page.goBack()
    await drawer.waitFor({ state: 'detached' })
    assert.ok(!page.url().includes('meeting='))
    await page.goForward()
    await drawer.getByText('Nora Vale booked').waitFor()
    await drawer.getByRole('button', { name: 'Close' }).click()
    await drawer.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Book a meeting' }).click()
    await page.getByRole('dialog', { name: 'Book a meeting' }).waitFor()
    await page.goBack()
    await drawer.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Past' }).click()
    await page.waitForURL(/view=past/)
    await page.goBack()
    await rowOf(page, 'Nora Vale').waitFor()
    // A link to a meeting opens it, and closing it stays on the page.
    await page.goto(`${story.server.url}/admin/meetings?meeting=${id}`)
    await drawer.getByRole('button', { name: 'Close' }).click()
    await drawer.waitFor({ state: 'detached' })
    assert.match(page.url(), /admin.meetings$/)
    await page.context().close()
  })

  test('the booking form marks required fields, and shows the attendee’s local time and the effect of a clock change', async () => {
    const fields = [
      { name: 'Company', field_type: 'text', required: true },
      { name: 'Terms', field_type: 'toggle', required: true },
      { name: 'Wishes', field_type: 'text', required: false },
    ]
    await story.create('meeting-types', {
      name: 'Asking',
      slug: 'asking',
      kind: 'one_on_one',
      duration_minutes: 30,
      hosts: [types.host],
      location_type: 'place',
      location: '123 Address Street',
      fields,
    })
    const page = await openAdmin(story, '/admin/meetings', { timezoneId: 'Asia/Tokyo' })
    await page.getByRole('button', { name: 'Book a meeting' }).click()
    const dialog = page.getByRole('dialog', { name: 'Book a meeting' })
    await dialog.getByRole('combobox', { name: 'Meeting type' }).click()
    await page.getByRole('option', { name: 'Asking' }).click()
    await dialog.getByText('Fields with * are required.').waitFor()
    const marked = await dialog.locator('label', { hasText: '*' }).allInnerTexts()
    assert.deepEqual(marked.map((label) => label.replace(/\s*\*$/, '')).sort(), [
      'Company',
      'Email',
      'First name',
      'Terms',
    ])
    await dialog.getByRole('group', { name: 'Times' }).getByRole('button').first().waitFor()
    await assertAccessible(page, 'booking with questions')
    await dialog.getByText('Any time').click()
    const night = (month: number) => lastSunday(month).toString()
    await dialog.getByLabel('Date').fill(night(3))
    await dialog.getByLabel('Time', { exact: true }).fill('02:30')
    await dialog.getByText(/The clocks skip this time/).waitFor()
    await dialog.getByLabel('Date').fill(night(10))
    await dialog.getByRole('radio', { name: /^02:30 (CET|GMT\+1)$/ }).check()
    await dialog.getByText(/^For the attendee: .*10:30.*Tokyo/).waitFor()
    await page.context().close()
  })

  test('with the keyboard alone, a host signs in and approves with a message', async () => {
    const id = await bookPublicly(story, 'intro', { name: 'Kim', at: 8 })
    const page = await story.open('/admin/meetings?view=waiting&q=kim')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await tabTo(page, 'input[type="email"]')
    await page.keyboard.type('owner@example.com')
    await tabTo(page, 'input[type="password"]')
    await page.keyboard.type('correct horse battery staple')
    await page.keyboard.press('Enter')
    await rowOf(page, 'Kim').waitFor()

    await tabTo(page, '.meeting-open')
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog')
    await drawer.getByText('Kim Vale booked').waitFor()
    await tabTo(page, '[role="dialog"] button', 'Approve')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Approve' }).getByLabel('Message').waitFor()
    await page.locator('textarea:focus').waitFor()
    await page.keyboard.type('Welcome')
    await tabTo(page, 'button', 'Approve meeting')
    await page.keyboard.press('Enter')
    await drawer.locator('.said', { hasText: 'Welcome' }).first().waitFor()
    assert.equal((await readMeeting(story, id)).approved, true)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await page.context().close()
  })

  test('an admin cancels all of an attendee’s meetings together and blocks the address', async () => {
    const ids = [
      await bookPublicly(story, 'review', { name: 'Mallory', at: 6 }),
      await bookPublicly(story, 'review', { name: 'Mallory', at: 8 }),
    ]
    const page = await openAdmin(story, `/admin/meetings?meeting=${ids[0]}`)
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('button', { name: 'Cancel all and block' }).click()
    const dialog = page.getByRole('dialog', { name: 'Cancel all and block' })
    await dialog.getByText('2 upcoming meetings with mallory@example.com will be cancelled.').waitFor()
    assert.equal(await page.getByRole('dialog').count(), 1, 'the form is in the drawer, not over it')
    await assertAccessible(page, 'cancel all and block')
    await dialog.getByRole('button', { name: 'Cancel meetings and block' }).click()
    await page.getByText('2 meetings cancelled').waitFor()
    for (const id of ids) assert.equal((await readMeeting(story, id)).cancelled, true)
    await page.goto(`${story.server.url}/admin/settings/blocked`)
    const blocked = page.getByRole('list', { name: 'Blocked attendees' })
    await blocked.getByText('mallory@example.com').waitFor()
    await assertAccessible(page, 'the blocked attendees')
    await page.getByRole('button', { name: 'Unblock mallory@example.com' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click()
    await page.getByText('No one is blocked').waitFor()
    await page.context().close()
  })
})
