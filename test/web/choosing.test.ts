import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitFor } from '../support/wait.ts'
import { chooseFirstTime, times } from './attendee-story.ts'
import { furnish, openStory, phone, type Story } from './story.ts'

let story: Story

before(async () => {
  story = await openStory()
  const fields = [{ name: 'Topics', field_type: 'multichoice', required: true, choices: ['web', 'film'] }]
  await furnish(story, [
    { name: 'Intro', slug: 'intro', fields },
    { name: 'Class', slug: 'class' },
    { name: 'Paused', slug: 'paused', visibility: 'disabled' },
  ])
})

after(() => story.stop())

test('on a phone, the times scroll into view after a day is tapped, and receive the focus', async () => {
  for (const viewport of [phone.viewport, { width: 320, height: 568 }]) {
    const page = await story.open('/studio/intro', { ...phone, viewport, reducedMotion: 'reduce' })
    await times(page).first().waitFor()
    await page.locator('.rdp-available .rdp-day_button').last().tap()
    await waitFor(() => isInView(), { what: 'the first time in view' })
    assert.equal(await page.evaluate('document.activeElement.id'), 'times-heading')
    await page.context().close()

    async function isInView(): Promise<boolean> {
      const box = await times(page).first().boundingBox()
      return box !== null && box.y >= 0 && box.y + box.height <= viewport.height
    }
  }
})

test('an error disappears as soon as the answer is correct, and the first error is shown', async () => {
  const page = await story.open('/studio/intro?first_name=Ada&email=ada', phone)
  await chooseFirstTime(page)
  const submit = page.getByRole('button', { name: 'Confirm' })
  await submit.click()
  const email = page.getByLabel('Email', { exact: true })
  await page.getByText('Please enter a valid email address.').waitFor()
  assert.equal(await email.evaluate('document.activeElement.type'), 'email')
  const box = (await email.boundingBox())!
  assert.ok(box.y > 0 && box.y < phone.viewport.height, 'the first error is in view')
  await email.fill('ada@')
  await page.getByText('Please enter a valid email address.').waitFor()
  await email.fill('ada@example.com')
  await page.getByText('Please enter a valid email address.').waitFor({ state: 'detached' })
  await page.getByText('Please choose an option.').waitFor()
  await submit.click()
  assert.equal(await email.evaluate('document.activeElement.type'), 'checkbox')
  await page.getByLabel('film').check()
  await page.getByText('Please choose an option.').waitFor({ state: 'detached' })
  await submit.click()
  await page.getByRole('heading', { name: 'You are booked' }).waitFor()
  await page.context().close()
})

test('a meeting type links back to the others on its page, and keeps the prefilled answers', async () => {
  const page = await story.open('/studio/intro?first_name=Ada&date=2027-01-01&utm_source=mail')
  await page.getByRole('link', { name: 'Other meeting types' }).click()
  await page.getByRole('link', { name: /Class/ }).click()
  await page.waitForURL('**/studio/class**')
  const query = new URL(page.url()).searchParams
  assert.deepEqual([query.get('first_name'), query.get('utm_source'), query.get('slot')], ['Ada', 'mail', null])
  await page.context().close()
})

test('the chosen language is kept after a reload and on the next page', async () => {
  const page = await story.open('/studio/intro')
  await page.getByLabel('Language').selectOption('fr')
  await page.getByText('30 minutes').waitFor()
  await page.getByLabel('Langue').waitFor()
  await page.reload()
  await page.getByLabel('Langue').waitFor()
  await page.goto(`${story.server.url}/studio?lang=de`)
  await page.getByLabel('Sprache').selectOption('es')
  await page.getByLabel('Idioma').waitFor()
  await page.reload()
  await page.getByLabel('Idioma').waitFor()
  await page.context().close()
})

test('at the end of a month, the next month is shown below the remaining days', async () => {
  const page = await story.open('/healthz')
  const lastDay = Temporal.Now.plainDateISO('UTC').with({ day: 31 })
  await page.clock.setFixedTime(`${lastDay}T12:00:00Z`)
  await page.goto(`${story.server.url}/studio/intro`)
  await times(page).first().waitFor()
  assert.equal(await page.getByRole('grid').count(), 2)
  const weeks = page.getByRole('grid').first().locator('.rdp-week')
  assert.equal((await weeks.all()).length - (await hiddenWeeks()), 1)
  const next = lastDay.add({ days: 3 })
  await page.locator(`[data-day="${next}"] button`).click()
  await page.waitForURL((url) => url.searchParams.get('date') === String(next))
  await page.locator(`.time[data-start^="${next}"]`).first().waitFor()
  assert.equal(await page.getByRole('grid').count(), 2)
  await page.reload()
  await page.locator(`.time[data-start^="${next}"]`).first().waitFor()
  await page.context().close()

  async function hiddenWeeks(): Promise<number> {
    const shown = await Promise.all((await weeks.all()).map((week) => week.isVisible()))
    return shown.filter((isShown) => !isShown).length
  }
})

test('a disabled meeting type says so in the viewer’s language, and links to the others', async () => {
  for (const [locale, text] of [
    ['en-GB', 'This cannot be booked at the moment'],
    ['de-DE', 'Dieser Termin ist derzeit nicht buchbar'],
    ['fr-FR', 'Ce rendez-vous ne peut pas être réservé en ce moment'],
    ['es-ES', 'Esta reunión no se puede reservar en este momento'],
    ['pt-PT', 'Esta reunião não pode ser reservada de momento'],
  ] as const) {
    const page = await story.open('/studio/paused', { ...phone, locale })
    await page.getByRole('heading', { name: text }).waitFor()
    await page.locator('main a').click()
    await page.getByRole('link', { name: /Class/ }).waitFor()
    await page.context().close()
  }
})
