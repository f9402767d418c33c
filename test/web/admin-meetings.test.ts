import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator } from 'playwright-core'
import { bookPublicly, openAdmin, readMeeting } from './admin-story.ts'
import { onEachStage } from './stages.ts'
import { assertAccessible, furnish, type Story, tabTo } from './story.ts'

/**
 * Chooses the last time of the first offered day, and returns it. At the end of a month, that day may be in the next month.
 */
async function chooseLastTime(dialog: Locator): Promise<string> {
  const times = dialog.getByRole('group', { name: 'Times' }).getByRole('button')
  const next = dialog.getByRole('button', { name: /^Next available/ })
  await times.or(next).first().waitFor()
  if (await next.isVisible()) await next.click()
  await times.last().click()
  return times.last().innerText()
}

onEachStage(({ openStory }) => {
  let story: Story

  before(async () => {
    story = await openStory()
    await furnish(story, [
      { name: 'Intro', slug: 'intro', approval: 'manual' },
      { name: 'Class', slug: 'class', kind: 'group', seats: 4, duration_minutes: 60, approval: 'manual' },
      { name: 'Review', slug: 'review' },
    ])
  })

  after(() => story.stop())

  test('a host approves one pending attendee and declines another, each with a message', async () => {
    const ada = await bookPublicly(story, 'intro', { name: 'Ada' })
    const ben = await bookPublicly(story, 'intro', { name: 'Ben', at: 3 })
    const page = await openAdmin(story, '/admin/meetings?view=waiting')
    await page.getByRole('button', { name: /Ada Vale/ }).click()
    const drawer = page.getByRole('dialog', { name: 'Meeting', exact: true })
    await drawer.getByText('Ada Vale booked').waitFor()
    await assertAccessible(page, 'the meeting')
    await drawer.getByRole('button', { name: 'Approve' }).click()
    const dialog = page.getByRole('dialog', { name: 'Approve' })
    await dialog.getByLabel('Message').fill('See you then')
    await assertAccessible(page, 'the message')
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await drawer.getByText('See you then').first().waitFor()
    assert.equal((await readMeeting(story, ada)).approved, true)

    await drawer.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: /Ben Vale/ }).click()
    await drawer.getByRole('button', { name: 'Decline' }).click()
    await page.getByRole('dialog', { name: 'Decline' }).getByLabel('Message').fill('Not this week')
    await page.getByRole('dialog', { name: 'Decline' }).getByRole('button', { name: 'Decline' }).click()
    await drawer.getByText('Ben Vale was declined').waitFor()
    const declined = await readMeeting(story, ben)
    assert.deepEqual([declined.approved, declined.confirmed], [false, false])
    await page.context().close()
  })

  test('many meetings are approved and tagged at once, each with its result', async () => {
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

  test('a group fills; one attendee is approved, one removed, and the rest stay pending', async () => {
    const group = await bookPublicly(story, 'class', { name: 'Dora' })
    for (const name of ['Emil', 'Flo', 'Gus']) await bookPublicly(story, 'class', { name })
    const page = await openAdmin(story, `/admin/meetings?meeting=${group}`)
    const drawer = page.getByRole('dialog', { name: 'Meeting', exact: true })
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
    const drawer = page.getByRole('dialog', { name: 'Meeting', exact: true })
    await drawer.getByRole('button', { name: 'Reschedule' }).click()
    const dialog = page.getByRole('dialog', { name: 'Reschedule' })
    const time = await chooseLastTime(dialog)
    await dialog.getByLabel('Message').fill('The train is late')
    await assertAccessible(page, 'choosing another time')
    await dialog.getByRole('button', { name: /^Reschedule to/ }).click()
    await drawer.getByText('The train is late').waitFor()
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
    await dialog.getByRole('combobox', { name: 'Meeting type' }).click()
    await page.getByRole('option', { name: 'Review' }).click()
    await dialog.getByText('Any time').click()
    const date = Temporal.Now.plainDateISO('Europe/Berlin').add({ days: 3 })
    await dialog.getByLabel('Date').fill(date.toString())
    await dialog.getByLabel('Time', { exact: true }).fill('05:30')
    await dialog.getByLabel('First name').fill('Ivo')
    await dialog.getByLabel('E-mail').fill('ivo@')
    await dialog.getByRole('button', { name: 'Book', exact: true }).click()
    await dialog.locator('.mantine-InputWrapper-error').first().waitFor()
    await assertAccessible(page, 'the errors')
    await dialog.getByLabel('E-mail').fill('ivo@example.com')
    await dialog.getByRole('button', { name: 'Book', exact: true }).click()
    await page.getByRole('dialog', { name: 'Meeting', exact: true }).getByRole('heading', { name: 'Ivo' }).waitFor()
    const start = date.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: '05:30' }).toInstant().toString()
    const { body } = await story.server.request('GET', '/api/v1/meetings?attendee_email=ivo@example.com')
    assert.equal(body.data[0].start, start)
    await page.context().close()
  })

  test('search and filters are in the URL and narrow the list', async () => {
    await bookPublicly(story, 'review', { name: 'Juno', at: 9 })
    const page = await openAdmin(story, '/admin/meetings')
    await page.getByLabel('Search by name or e-mail').fill('juno')
    await page.getByRole('button', { name: /Ivo/ }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /Juno Vale/ }).waitFor()
    await page.waitForURL(/q=juno/)
    await page.getByRole('combobox', { name: 'Meeting type' }).click()
    await page.getByRole('option', { name: 'Class' }).click()
    await page.getByRole('heading', { name: 'No matching meetings' }).waitFor()
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await page.getByRole('button', { name: /Ivo/ }).waitFor()
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
    await page.getByRole('button', { name: /Kim Vale/ }).waitFor()

    await tabTo(page, '.meeting-open')
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'Meeting', exact: true })
    await drawer.getByText('Kim Vale booked').waitFor()
    await tabTo(page, '[role="dialog"] button', 'Approve')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Approve' }).getByLabel('Message').waitFor()
    await page.locator('textarea:focus').waitFor()
    await page.keyboard.type('Welcome')
    await tabTo(page, 'button', 'Approve meeting')
    await page.keyboard.press('Enter')
    await drawer.getByText('Welcome').first().waitFor()
    assert.equal((await readMeeting(story, id)).approved, true)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await page.context().close()
  })

  test('an admin cancels all meetings of an attendee together and blocks the address', async () => {
    const ids = [
      await bookPublicly(story, 'review', { name: 'Mallory', at: 6 }),
      await bookPublicly(story, 'review', { name: 'Mallory', at: 8 }),
    ]
    const page = await openAdmin(story, `/admin/meetings?meeting=${ids[0]}`)
    const drawer = page.getByRole('dialog', { name: 'Meeting', exact: true })
    await drawer.getByRole('button', { name: 'Cancel all and block' }).click()
    const dialog = page.getByRole('dialog', { name: 'Cancel all and block' })
    await dialog.getByText('2 upcoming meetings of mallory@example.com will be cancelled.').waitFor()
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
