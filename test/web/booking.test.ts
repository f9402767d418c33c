import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bookLast, chooseFirstTime, fillPerson, listMeetings, times } from './attendee-story.ts'
import { furnish, openStory, type Story } from './story.ts'

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

/** A date at least two months away, which is not in a page's first request. */
function farDate(): string {
  return Temporal.Now.plainDateISO('UTC').add({ days: 70 }).toString()
}

test('a stranger’s markup is shown as text', async () => {
  const page = await story.open('/studio/intro')
  await page.getByText(hostile).waitFor()
  assert.notEqual(await page.title(), '1')
  await page.context().close()
})

test('a booking answers all eight kinds of question, some prefilled from the URL', async () => {
  const page = await story.open(
    '/studio/workshop?first_name=Grace&last_name=H&field__Company=Navy&field__ref=42&utm_source=mail',
  )
  await chooseFirstTime(page)
  await page.getByRole('button', { name: 'Request this time' }).click()
  await page.getByText('Please accept to continue.').waitFor()
  assert.equal(await page.getByText('Please fill in this field.').count(), 3)
  assert.equal(await page.evaluate('document.activeElement.type'), 'email', 'the first wrong answer has the focus')

  await page.getByLabel('Email', { exact: true }).fill('grace@example.com')
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

  const [meeting] = await listMeetings(story, 'attendee_email=grace@example.com')
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

test('a month without start times leads to the next month that has some, and the URL shows it', async () => {
  const page = await story.open('/studio/far', { timezoneId: 'America/Los_Angeles' })
  await times(page).first().waitFor()
  assert.match((await times(page).first().getAttribute('data-start'))!, new RegExp(`^${farDate().slice(0, 7)}`))
  await page.getByRole('button', { name: 'Next month' }).click()
  await page.waitForURL(/month=\d{4}-\d{2}/)
  const { searchParams } = new URL(page.url())
  assert.equal(searchParams.get('timezone'), 'America/Los_Angeles')
  await page.goto(`${story.server.url}/studio/over`)
  await page.getByText('There are no available times at the moment.').waitFor()
  await page.context().close()
})

test('a time zone is found by typing, and the times change without a request to the server', async () => {
  const page = await story.open('/studio/intro')
  await times(page).first().waitFor()
  const calls: string[] = []
  page.on('request', (request) => calls.push(request.url()))
  await page.getByRole('button', { name: /Change the time zone/ }).click()
  await page.locator('.zone-search input').waitFor()
  await page.keyboard.type('honolulu')
  await page.getByRole('option', { name: /Honolulu/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /Honolulu/ }).waitFor()
  assert.equal(
    await page.evaluate('document.activeElement.className'),
    'zone-button',
    'the focus is where it was before the list',
  )
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

test('a zone is found by a city or a country in the viewer’s language, and the focus returns', async () => {
  for (const [locale, button, typed, option, city] of [
    ['en-GB', /Change the time zone/, 'Munich', /^Munich \(Berlin\)/, 'Berlin'],
    ['de-DE', /Zeitzone/, 'Indien', /^Kalkutta/, 'Kalkutta'],
    ['de-DE', /Zeitzone/, 'Genf', /^Genf \(Zürich\)/, 'Zürich'],
    ['fr-FR', /fuseau/, 'Brésil', /^São Paulo/, 'São Paulo'],
    ['es-ES', /zona horaria/, 'moscu', /^Moscú/, 'Moscú'],
    ['pt-PT', /fuso/, 'UTC-5', /^Nova Iorque/, 'Nova Iorque'],
  ] as const) {
    const page = await story.open('/studio/intro', { locale, timezoneId: 'Pacific/Auckland' })
    await times(page).first().waitFor()
    await page.getByRole('button', { name: button }).click()
    await page.locator('.zone-search input').fill(typed)
    await page.getByRole('option', { name: option }).first().click()
    await page.getByRole('listbox').waitFor({ state: 'detached' })
    await page.locator('.zone-button').getByText(city, { exact: true }).waitFor()
    assert.equal(await page.evaluate('document.activeElement.className'), 'zone-button', locale)
    await page.context().close()
  }
})

/** The page fetches the next month in advance. That call is unrelated to the zone. */
function nextMonthMargin(): string {
  const month = Temporal.Now.plainDateISO('UTC').toPlainYearMonth().add({ months: 1 })
  return `from=${month.toPlainDate({ day: 1 }).subtract({ days: 1 })}`
}

test('a reload after booking shows the meeting, and Back shows the calendar', async () => {
  const page = await story.open('/studio/intro?email=rita%40example.com')
  await chooseFirstTime(page)
  await page.getByLabel('First name').fill('Rita')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'You are booked' }).waitFor()
  await page.waitForURL(/\/m\/\w+$/)
  await page.reload()
  await page.getByText('Rita').first().waitFor()
  assert.match(page.url(), /\/m\/\w+$/)
  await page.goBack()
  await times(page).first().waitFor()
  await page.context().close()
})

test('a link to a start that is not offered leads to the calendar', async () => {
  for (const start of ['2020-01-01T09:00:00Z', '2027-03-01']) {
    const page = await story.open(`/studio/intro?slot=${encodeURIComponent(start)}`)
    await page.getByText(/can no longer be booked/).waitFor()
    await page.waitForURL((url) => !url.searchParams.has('slot'))
    await page.context().close()
  }
})

test('a meeting type’s redirect is followed, with the attendee’s id', async () => {
  const page = await story.open('/studio/left')
  await chooseFirstTime(page)
  await fillPerson(page, 'Lea')
  await page.route('http://127.0.0.1:9/**', (route) => route.fulfill({ body: 'thanks' }))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.waitForURL(/thanks$/)
  await page.context().close()
})

test('the page is in the viewer’s language', async () => {
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

test('the booking page works after at most 130 kB of compressed JavaScript, without a request for its slots', async () => {
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

test('an attendee’s page does not contain the host’s own link', async () => {
  const { external_id: link, meeting } = await bookLast(story, 'Nora')
  const { body } = await story.server.request('GET', `/api/v1/meetings/${meeting.id}`)
  const page = await story.open(`/m/${link}`)
  await page.getByRole('heading', { name: 'Your meeting' }).waitFor()
  assert.equal((await page.content()).includes(body.host.external_id), false)
  await page.context().close()
})
