import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { bookLast, chooseFirstTime, chooseTime, fillPerson, listMeetings, times } from './attendee-story.ts'
import { onEachStage } from './stages.ts'
import { assertAccessibleInAllColours, desktop, furnish, phone, type Story, tabTo } from './story.ts'

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata']

onEachStage(({ openStory }) => {
  let story: Story

  before(async () => {
    story = await openStory()
    await furnish(story, [
      { name: 'Intro', slug: 'intro' },
      {
        name: 'Workshop',
        slug: 'workshop',
        approval: 'manual',
        fields: [{ name: 'Terms', field_type: 'toggle', required: true }],
      },
      { name: 'Class', slug: 'class', kind: 'group', seats: 2 },
      { name: 'Over', slug: 'over', booking_until: '2020-01-01' },
      { name: 'At our place', slug: 'at-our-place', locked_timezone: 'Europe/Berlin' },
    ])
  })

  after(() => story.stop())

  test('people in three time zones book before a clock change, reschedule to after it and cancel, each in their local time', async () => {
    const change = nextClockChange('Europe/Berlin')
    const [eve, morrow] = [-1, 1].map((days) => change.toPlainDate().add({ days })) as [
      Temporal.PlainDate,
      Temporal.PlainDate,
    ]
    for (const [at, zone] of zones.entries()) {
      const name = `Ada${at}`
      const meeting = async () => (await listMeetings(story, `attendee_email=${name}@example.com`))[0]
      const page = await story.open('/studio', { timezoneId: zone })
      await page.getByRole('link', { name: /Intro/ }).click()
      await page.getByRole('heading', { name: 'Intro', level: 1 }).waitFor()
      await page.goto(`${page.url()}?date=${eve}`)
      assert.deepEqual(await readTimes(page), officeHours(eve, zone))
      const start = await chooseTime(page, at)
      await fillPerson(page, name)
      await page.getByLabel('Last name').fill('Lovelace')
      await page.getByRole('button', { name: 'Confirm' }).click()
      await page.getByRole('heading', { name: 'You are booked' }).waitFor()
      await page.locator('.summary-time', { hasText: timeIn(zone, start) }).waitFor()
      if (at === 0) await assertAccessibleInAllColours(page, 'the confirmation')
      const { confirmed, id, attendees } = await meeting()
      assert.deepEqual([(await meeting()).start, confirmed], [start, true])
      assert.equal(canonical(attendees[0].timezone), canonical(zone))

      await page.getByRole('link', { name: 'Reschedule' }).click()
      await page.getByRole('heading', { name: 'Choose a new time' }).waitFor()
      await page.goto(`${page.url().split('?')[0]}?date=${morrow}`)
      assert.deepEqual(await readTimes(page), officeHours(morrow, zone))
      const moved = await chooseTime(page, at)
      await page.getByLabel(/Message/).fill('The train is late.')
      await page.getByRole('button', { name: 'Reschedule meeting' }).click()
      await page.getByRole('heading', { name: 'The meeting has been rescheduled' }).waitFor()
      await page.locator('.summary-time', { hasText: timeIn(zone, moved) }).waitFor()
      if (at === 0) await assertAccessibleInAllColours(page, 'the moved meeting')
      assert.deepEqual([(await meeting()).start, (await meeting()).id], [moved, id])
      const shift = Temporal.Instant.from(start).until(moved, { largestUnit: 'hours' }).hours
      assert.equal(shift % 24 === 0, false, 'the same hour of the office, another distance')

      await page.getByRole('button', { name: 'Cancel meeting' }).click()
      await page.getByRole('heading', { name: 'Cancel this meeting?' }).waitFor()
      await page.getByRole('button', { name: 'Cancel meeting' }).click()
      await page.getByRole('heading', { name: 'This meeting is cancelled' }).waitFor()
      if (at === 0) await assertAccessibleInAllColours(page, 'the cancelled meeting')
      assert.equal((await meeting()).cancelled, true)
      await page.context().close()
    }
  })

  test('if two browsers choose the same time, the slower one loses only the time', async () => {
    const pages = await Promise.all([story.open('/studio/intro', desktop), story.open('/studio/intro', phone)])
    const starts = await Promise.all(pages.map(chooseFirstTime))
    assert.equal(starts[0], starts[1])
    await Promise.all(pages.map((page, at) => fillPerson(page, `Racer${at}`)))
    await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Confirm' }).click()))
    const outcomes = await Promise.all(
      pages.map(async (page) => {
        const won = page.getByRole('heading', { name: 'You are booked' })
        await won.or(page.locator('.taken')).waitFor()
        return won.isVisible()
      }),
    )
    assert.deepEqual(outcomes.toSorted(), [false, true])
    const loser = pages[outcomes.indexOf(false)]!
    await loser.locator(`.time:not([data-start="${starts[0]}"])`).first().waitFor()
    await loser.locator(`.time[data-start="${starts[0]}"]`).waitFor({ state: 'detached' })
    await chooseFirstTime(loser)
    assert.equal(await loser.getByLabel('First name').inputValue(), `Racer${outcomes.indexOf(false)}`)
    await loser.getByRole('button', { name: 'Confirm' }).click()
    await loser.getByRole('heading', { name: 'You are booked' }).waitFor()
    await Promise.all(pages.map((page) => page.context().close()))
  })

  test('a group shows how many seats are left, and a full time disappears', async () => {
    const first = await story.open('/studio/class')
    await first.getByText('2 seats left').first().waitFor()
    const start = await chooseFirstTime(first)
    await fillPerson(first, 'Seat1')
    await first.getByRole('button', { name: 'Confirm' }).click()
    await first.getByRole('heading', { name: 'You are booked' }).waitFor()

    const second = await story.open('/studio/class')
    await second.locator(`.time[data-start="${start}"]`, { hasText: '1 seat left' }).click()
    await fillPerson(second, 'Seat1')
    await second.getByRole('button', { name: 'Confirm' }).click()
    // A stranger does not learn that this person has a seat, and no second seat is taken.
    await second.getByRole('heading', { name: 'You are booked' }).waitFor()

    const other = await story.open('/studio/class')
    await other.locator(`.time[data-start="${start}"]`, { hasText: '1 seat left' }).click()
    await fillPerson(other, 'Seat2')
    await other.getByRole('button', { name: 'Confirm' }).click()
    await other.getByRole('heading', { name: 'You are booked' }).waitFor()

    const third = await story.open('/studio/class')
    await times(third).first().waitFor()
    assert.equal(await third.locator(`.time[data-start="${start}"]`).count(), 0)
    for (const page of [first, second, other, third]) await page.context().close()
  })

  test('a meeting whose place locks its time zone shows the same times to everyone', async () => {
    const page = await story.open('/studio/at-our-place?timezone=Asia/Kolkata', { timezoneId: 'America/New_York' })
    await times(page).first().waitFor()
    const [first] = await readTimes(page)
    await page.getByText('Times are in the location’s time zone: Berlin').waitFor()
    assert.equal(await page.getByRole('button', { name: /Change the time zone/ }).count(), 0)
    await assertAccessibleInAllColours(page, 'locked times')
    const start = await chooseFirstTime(page)
    assert.equal(first, `${start} ${timeIn('Europe/Berlin', start)}`)
    await fillPerson(page, 'Locky')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.locator('.summary-time', { hasText: timeIn('Europe/Berlin', start) }).waitFor()
    const [meeting] = await listMeetings(story, 'attendee_email=locky@example.com')
    assert.deepEqual([meeting.start, meeting.attendees[0].timezone], [start, 'Europe/Berlin'])
    await page.reload()
    await page.locator('.summary-time', { hasText: timeIn('Europe/Berlin', start) }).waitFor()
    await page.getByRole('button', { name: 'Reschedule', exact: true }).click()
    await page.getByText('Times are in the location’s time zone: Berlin').waitFor()
  })

  test('with the keyboard alone, a meeting is booked, rescheduled and cancelled', async () => {
    const page = await story.open('/studio')
    await page.getByRole('link', { name: /Intro/ }).waitFor()
    await tabTo(page, 'a[href^="/studio/intro"]')
    await page.keyboard.press('Enter')
    await times(page).first().waitFor()
    await tabTo(page, 'button.rdp-day_button')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await tabTo(page, '.time')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Your details' }).waitFor()
    await tabTo(page, 'input')
    await page.keyboard.type('Kay')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('kay@example.com')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'You are booked' }).waitFor()

    await tabTo(page, 'a[href$="/reschedule"]')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Choose a new time' }).waitFor()
    await times(page).first().waitFor()
    await tabTo(page, 'button.rdp-day_button')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await tabTo(page, '.time')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'New time', exact: true }).waitFor()
    await tabTo(page, 'textarea')
    await page.keyboard.type('Rather then')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'The meeting has been rescheduled' }).waitFor()

    await tabTo(page, '.manage-actions button:last-child')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Cancel this meeting?' }).waitFor()
    await tabTo(page, '.button.danger')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'This meeting is cancelled' }).waitFor()
    assert.equal((await listMeetings(story, 'attendee_email=kay@example.com'))[0].cancelled, true)
    await tabTo(page, 'a', 'Book another time')
    await page.keyboard.press('Enter')
    await times(page).first().waitFor()
    await page.context().close()
  })

  test('axe finds no violation on any attendee page, in light and dark mode', async () => {
    const page = await story.open('/studio')
    const show = (path: string) => page.goto(`${story.server.url}${path}`)
    await page.getByRole('link', { name: /Intro/ }).waitFor()
    await assertAccessibleInAllColours(page, 'the page of a team')
    for (const slug of ['class', 'over']) {
      await show(`/studio/${slug}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await assertAccessibleInAllColours(page, `the booking page of ${slug}`)
    }
    await show('/studio/workshop')
    await chooseFirstTime(page)
    await page.getByRole('button', { name: 'Request this time' }).click()
    await page.getByText('Please accept to continue.').waitFor()
    await assertAccessibleInAllColours(page, 'the form with errors')
    const { external_id: link } = await bookLast(story, 'Axel')
    for (const step of ['', '/cancel', '/reschedule']) {
      await show(`/m/${link}${step}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await assertAccessibleInAllColours(page, `the manage page ${step}`)
    }
    await page.getByRole('button', { name: /Change the time zone/ }).click()
    await page.getByRole('listbox').waitFor()
    await assertAccessibleInAllColours(page, 'the zone picker')
    await show('/no-such-page')
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await assertAccessibleInAllColours(page, 'the page that is not there')
    await page.context().close()
  })
})

/** Returns the next clock change that still has a bookable day before it. */
function nextClockChange(zone: string): Temporal.ZonedDateTime {
  return Temporal.Now.zonedDateTimeISO(zone).add({ days: 3 }).getTimeZoneTransition('next')!
}

/** Returns every start time on a day of office hours in Berlin, with its local time in the zone. */
function officeHours(date: Temporal.PlainDate, zone: string): string[] {
  const opening = date.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: '09:00' })
  return Array.from({ length: 16 }, (_, at) => {
    const start = opening
      .add({ minutes: 30 * at })
      .toInstant()
      .toString()
    return `${start} ${timeIn(zone, start)}`
  })
}

/** Returns each offered start time, with the time that the page shows for it. */
async function readTimes(page: Page): Promise<string[]> {
  await times(page).first().waitFor()
  const all = '[...document.querySelectorAll(".time")].map((time) => time.dataset.start + " " + time.textContent)'
  return (await page.evaluate(all)) as string[]
}

const timeIn = (zone: string, start: string) =>
  Temporal.Instant.from(start).toZonedDateTimeISO(zone).toPlainTime().toString().slice(0, 5)

/** Chromium knows some zones by an older name. */
const canonical = (timeZone: string) => new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
