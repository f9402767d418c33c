import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { assertAccessible, desktop, furnish, openStory, phone, type Story } from './story.ts'

const questions = [
  { name: 'Company' },
  { name: 'What about?', field_type: 'multitext', required: true, help_text: 'A sentence will do.' },
  { name: 'Colleague', field_type: 'email' },
  { name: 'Launch', field_type: 'date' },
  { name: 'Call at', field_type: 'time' },
  { name: 'Size', field_type: 'choice', choices: ['small', 'large'], required: true },
  { name: 'Topics', field_type: 'multichoice', choices: ['web', 'print', 'film'] },
  { name: 'Terms', field_type: 'toggle', required: true },
  { name: 'ref', visible: false },
]

const hostile = '<img src=x onerror="document.title=1">'

let story: Story

before(async () => {
  story = await openStory()
  await furnish(story, [
    { name: 'Intro', slug: 'intro', description: hostile },
    {
      name: 'Workshop',
      slug: 'workshop',
      approval: 'manual',
      fields: questions,
      location_type: 'phone_user',
      location: null,
    },
    { name: 'Class', slug: 'class', kind: 'group', seats: 2 },
    { name: 'Far', slug: 'far', booking_from: farDate() },
    { name: 'Over', slug: 'over', booking_until: '2020-01-01' },
    { name: 'Left', slug: 'left', redirect_url: 'http://127.0.0.1:9/thanks' },
  ])
})

after(() => story.stop())

/** A date at least two months away: not in what a page asks for first. */
function farDate(): string {
  return Temporal.Now.plainDateISO('UTC').add({ days: 70 }).toString()
}

const times = (page: Page) => page.locator('.time')

async function chooseFirstTime(page: Page): Promise<string> {
  const time = times(page).first()
  const start = await time.getAttribute('data-start')
  await time.click()
  await page.getByRole('heading', { name: 'Your details' }).waitFor()
  return start!
}

async function fillPerson(page: Page, first: string): Promise<void> {
  await page.getByLabel('First name').fill(first)
  await page.getByLabel('E-mail', { exact: true }).fill(`${first.toLowerCase()}@example.com`)
}

async function listMeetings(query: string) {
  const { body } = await story.server.request('GET', `/api/v1/meetings?limit=50&${query}`)
  return body.data
}

for (const [size, settings] of Object.entries({ phone, desktop })) {
  test(`somebody books a meeting, moves it and cancels it on a ${size}`, async () => {
    const page = await story.open('/studio', settings)
    await page.getByRole('link', { name: /Intro/ }).click()
    await page.getByRole('heading', { name: 'Intro', level: 1 }).waitFor()
    assert.equal(await page.getByText(hostile).isVisible(), true, 'a stranger’s text is only text')
    const start = await chooseFirstTime(page)
    const name = `Ada${size}`
    await fillPerson(page, name)
    await page.getByLabel('Last name').fill('Lovelace')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('heading', { name: 'You are booked' }).waitFor()
    const [meeting] = await listMeetings(`attendee_email=${name.toLowerCase()}@example.com`)
    assert.equal(meeting.start, start)
    assert.equal(meeting.confirmed, true)

    await page.getByRole('link', { name: 'Reschedule' }).click()
    await page.getByRole('heading', { name: 'Choose a new time' }).waitFor()
    const later = times(page).nth(2)
    const moved = await later.getAttribute('data-start')
    await later.click()
    await page.getByLabel(/Message/).fill('The train is late.')
    await page.getByRole('button', { name: 'Move the meeting' }).click()
    await page.getByRole('heading', { name: 'The meeting has been moved' }).waitFor()
    assert.equal((await listMeetings(`attendee_email=${name.toLowerCase()}@example.com`))[0].start, moved)

    await page.getByRole('button', { name: 'Cancel the meeting' }).click()
    await page.getByRole('heading', { name: 'Cancel this meeting?' }).waitFor()
    await page.getByRole('button', { name: 'Cancel the meeting' }).click()
    await page.getByRole('heading', { name: 'The meeting is cancelled' }).waitFor()
    assert.equal((await listMeetings(`attendee_email=${name.toLowerCase()}@example.com`))[0].cancelled, true)
    await page.context().close()
  })
}

test('a request answers all eight kinds of question, and what the address prefilled', async () => {
  const page = await story.open(
    '/studio/workshop?first_name=Grace&last_name=H&field__Company=Navy&field__ref=42&utm_source=mail',
  )
  await chooseFirstTime(page)
  await page.getByRole('button', { name: 'Request this time' }).click()
  await page.getByText('This has to be accepted.').waitFor()
  assert.equal(await page.getByText('Please fill this in.').count(), 3)
  assert.equal(await page.evaluate('document.activeElement.type'), 'email', 'the first wrong answer has the focus')

  await page.getByLabel('E-mail', { exact: true }).fill('grace@example.com')
  await page.getByLabel('Your phone number').fill('+49 30 901820')
  await page.getByLabel('What about?').fill('Ships\nand compilers')
  await page.getByLabel(/Launch/).fill('2030-05-01')
  await page.getByLabel(/Call at/).fill('15:30')
  await page.getByLabel('large').check()
  await page.getByLabel('film').check()
  await page.getByLabel('web').check()
  await page.getByLabel('Terms').check()
  await page.getByRole('button', { name: 'Request this time' }).click()
  await page.getByRole('heading', { name: 'Your request has been sent' }).waitFor()

  const [meeting] = await listMeetings('attendee_email=grace@example.com')
  const [attendee] = meeting.attendees
  assert.equal(attendee.status, 'requested')
  assert.equal(attendee.utm_source, 'mail')
  const answers = attendee.field_submissions.map((answer: { name: string; value: unknown }) => [
    answer.name,
    answer.value,
  ])
  assert.deepEqual(Object.fromEntries(answers), {
    Company: 'Navy',
    'What about?': 'Ships\nand compilers',
    Launch: '2030-05-01',
    'Call at': '15:30',
    Size: 'large',
    Topics: ['web', 'film'],
    Terms: true,
    ref: '42',
  })
  await page.context().close()
})

test('of two browsers that want the same time, the slower one loses nothing but the time', async () => {
  const pages = await Promise.all([story.open('/studio/intro'), story.open('/studio/intro', phone)])
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

test('everybody is offered the same instants over a clock change, each at their own time', async () => {
  const change = nextClockChange('Europe/Berlin')
  const date = change.toPlainDate().toString()
  const seen: { start: string; text: string; timezoneId: string }[] = []
  for (const timezoneId of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata']) {
    const page = await story.open(`/studio/intro?date=${date}&timezone=${timezoneId}`, { timezoneId })
    await times(page).first().waitFor()
    for (const time of await times(page).all()) {
      seen.push({ start: (await time.getAttribute('data-start'))!, text: (await time.textContent())!, timezoneId })
    }
    await page.context().close()
  }
  for (const { start, text, timezoneId } of seen) {
    const local = Temporal.Instant.from(start).toZonedDateTimeISO(timezoneId)
    assert.equal(text, local.toPlainTime().toString().slice(0, 5))
    assert.equal(local.toPlainDate().toString(), date)
  }
  const startsIn = (zone: string) => seen.filter(({ timezoneId }) => timezoneId === zone).map(({ start }) => start)
  assert.deepEqual(startsIn('America/New_York'), startsIn('Europe/Berlin'))
  assert.equal(startsIn('Europe/Berlin')[0], `${date}T${change.offset === '+02:00' ? '07' : '08'}:00:00Z`)
  await bookInZone(date)
})

function nextClockChange(zone: string): Temporal.ZonedDateTime {
  return Temporal.Now.zonedDateTimeISO(zone).getTimeZoneTransition('next')!
}

async function bookInZone(date: string): Promise<void> {
  const page = await story.open(`/studio/intro?date=${date}`, { timezoneId: 'Asia/Kolkata' })
  const start = await chooseFirstTime(page)
  await fillPerson(page, 'Indira')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('Asia/Kolkata (GMT+5:30)').or(page.getByText('Asia/Calcutta (GMT+5:30)')).waitFor()
  assert.equal((await listMeetings('attendee_email=indira@example.com'))[0].start, start)
  await page.context().close()
}

test('a month without starts leads on to the first that has one, and the address says which', async () => {
  const page = await story.open('/studio/far', { timezoneId: 'America/Los_Angeles' })
  await times(page).first().waitFor()
  assert.match((await times(page).first().getAttribute('data-start'))!, new RegExp(`^${farDate().slice(0, 7)}`))
  await page.getByRole('button', { name: 'Go to the next month' }).click()
  await page.waitForURL(/month=\d{4}-\d{2}/)
  const { searchParams } = new URL(page.url())
  assert.equal(searchParams.get('timezone'), 'America/Los_Angeles')
  await page.goto(`${story.server.url}/studio/over`)
  await page.getByText('There are no times to book at the moment.').waitFor()
  await page.context().close()
})

test('a zone is found by typing, and times move with it without a word to the server', async () => {
  const page = await story.open('/studio/intro')
  await times(page).first().waitFor()
  const calls: string[] = []
  page.on('request', (request) => calls.push(request.url()))
  await page.getByRole('button', { name: /Change the time zone/ }).click()
  await page.keyboard.type('honolulu')
  await page.getByRole('option', { name: /Honolulu/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /Honolulu/ }).waitFor()
  await page.getByRole('radio', { name: '12h' }).check()
  await page
    .getByText(/^\d+:\d\d [ap]m$/i)
    .first()
    .waitFor()
  assert.equal(new URL(page.url()).searchParams.get('timezone'), 'Pacific/Honolulu')
  assert.deepEqual(
    calls.filter((url) => url.includes('/slots?') && !url.includes(nextMonthMargin())),
    [],
  )
  await page.context().close()
})

/** The page fetches the next month ahead; that call has nothing to do with the zone. */
function nextMonthMargin(): string {
  const month = Temporal.Now.plainDateISO('UTC').toPlainYearMonth().add({ months: 1 })
  return `from=${month.toPlainDate({ day: 1 }).subtract({ days: 1 })}`
}

test('a group shows the seats that are left, and a full time is gone', async () => {
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
  await second.getByText('You have already booked this meeting').waitFor()
  await fillPerson(second, 'Seat2')
  await second.getByRole('button', { name: 'Confirm' }).click()
  await second.getByRole('heading', { name: 'You are booked' }).waitFor()

  const third = await story.open('/studio/class')
  await times(third).first().waitFor()
  assert.equal(await third.locator(`.time[data-start="${start}"]`).count(), 0)
  for (const page of [first, second, third]) await page.context().close()
})

test('a meeting type’s redirect is followed, with the attendee’s id', async () => {
  const page = await story.open('/studio/left')
  await chooseFirstTime(page)
  await fillPerson(page, 'Lea')
  await page.route('http://127.0.0.1:9/**', (route) => route.fulfill({ body: 'thanks' }))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.waitForURL(/thanks\?external_id=\w+/)
  await page.context().close()
})

test('a meeting can be booked with the keyboard alone', async () => {
  const page = await story.open('/studio/intro')
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
  await page.context().close()
})

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
  }
  assert.fail(`${selector} cannot be reached by Tab`)
}

test('the page speaks the viewer’s language', async () => {
  for (const [locale, text] of [
    ['de-AT', 'Zurück'],
    ['fr-FR', 'Retour'],
    ['es-MX', 'Atrás'],
    ['pt-BR', 'Voltar'],
  ]) {
    const page = await story.open('/studio/intro', { locale })
    await times(page).first().click()
    await page.getByRole('button', { name: text! }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), locale)
    await page.context().close()
  }
  const page = await story.open('/studio/intro?lang=de')
  await page.getByText('30 Minuten').waitFor()
  await page.getByLabel('Sprache').selectOption('en')
  await page.getByText('30 minutes').waitFor()
  await page.context().close()
})

for (const [size, colorScheme, settings] of [
  ['phone', 'light', phone],
  ['desktop', 'dark', desktop],
] as const) {
  test(`axe finds nothing to complain about on a ${size} in ${colorScheme} colours`, async () => {
    const page = await story.open('/studio', { ...settings, colorScheme })
    await page.getByRole('link', { name: /Intro/ }).waitFor()
    await assertAccessible(page, 'the page of a team')
    for (const slug of ['class', 'over']) {
      await page.goto(`${story.server.url}/studio/${slug}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await assertAccessible(page, `the booking page of ${slug}`)
    }
    await page.goto(`${story.server.url}/studio/workshop`)
    await chooseFirstTime(page)
    await page.getByRole('button', { name: 'Request this time' }).click()
    await page.getByText('This has to be accepted.').waitFor()
    await assertAccessible(page, 'the form with errors')
    const { external_id: link } = await bookLast(`Axel${size}`)
    for (const step of ['', '/cancel', '/reschedule']) {
      await page.goto(`${story.server.url}/m/${link}${step}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await assertAccessible(page, `the manage page ${step}`)
    }
    await page.getByRole('button', { name: /Change the time zone/ }).click()
    await page.getByRole('listbox').waitFor()
    await assertAccessible(page, 'the zone picker')
    await page.goto(`${story.server.url}/nobody`)
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    await assertAccessible(page, 'the page that is not there')
    await page.context().close()
  })
}

/** Books the last free start of the next days, so that nobody who takes the first ones is disturbed. */
async function bookLast(name: string) {
  const today = Temporal.Now.plainDateISO('UTC')
  const base = '/api/v1/public/pages/studio/meeting-types/intro'
  const query = `from=${today}&to=${today.add({ days: 30 })}&timezone=UTC`
  const { body } = await story.server.request('GET', `${base}/slots?${query}`)
  const booked = await story.server.request('POST', `${base}/meetings`, {
    start: body.slots.at(-1).start,
    attendee: { first_name: name, last_name: '', email: `${name}@example.com`, timezone: 'Europe/Berlin' },
  })
  assert.equal(booked.status, 201, booked.text)
  return booked.body
}

test('the booking page works after at most 130 kB of compressed JavaScript, without asking for its slots', async () => {
  const page = await story.open('/healthz')
  const scripts: { url: string; body: Promise<Buffer> }[] = []
  const calls: string[] = []
  page.on('response', (response) => {
    const url = response.url()
    if (url.endsWith('.js')) scripts.push({ url, body: response.body() })
    if (url.includes('/api/') && !url.includes(nextMonthMargin())) calls.push(url)
  })
  await page.goto(`${story.server.url}/studio/intro`)
  await times(page).first().waitFor()
  assert.deepEqual(calls, [], 'page, meeting type and slots came with the first answer')
  const sizes = await Promise.all(scripts.map(async ({ body }) => gzipSync(await body).length))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  assert.ok(total <= 130_000, `${total} bytes in ${scripts.length} files`)
  await page.context().close()
})

test('an attendee’s page tells nothing of the host’s own link', async () => {
  const { external_id: link, meeting } = await bookLast('Nora')
  const { body } = await story.server.request('GET', `/api/v1/meetings/${meeting.id}`)
  const page = await story.open(`/m/${link}`)
  await page.getByRole('heading', { name: 'Your meeting' }).waitFor()
  assert.equal((await page.content()).includes(body.host.external_id), false)
  await page.context().close()
})
