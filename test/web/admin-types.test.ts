import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openAdmin } from './admin-story.ts'
import { assertAccessible, furnish, openStory, phone, type Story } from './story.ts'

let story: Story

before(async () => {
  story = await openStory()
  await furnish(story, [{ name: 'Intro', slug: 'intro' }])
})

after(() => story.stop())

const toast = (page: Page, text: string | RegExp) =>
  page.getByRole('region', { name: 'Messages' }).getByText(text).waitFor()

test('an admin creates a meeting type, corrects invalid input, and it is on the page and can be booked', async () => {
  const page = await openAdmin(story, '/admin/meeting-types', { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.getByRole('link', { name: 'New meeting type' }).click()
  await page.getByLabel('Name').fill('First talk')
  await page.getByRole('combobox', { name: 'Location' }).click()
  await page.getByRole('option', { name: 'In person', exact: true }).click()
  await page.getByRole('tab', { name: 'Form' }).click()
  await page.getByRole('button', { name: 'Add question' }).click()
  await page.getByLabel('Question', { exact: true }).fill('What is it about?')
  await page.getByRole('complementary', { name: 'Preview' }).getByText('What is it about?').waitFor()
  await page.getByRole('button', { name: 'Create meeting type' }).click()
  // The place is missing, so the editor switches to its tab and shows an error at its field.
  await page.getByRole('tab', { name: 'General', selected: true }).waitFor()
  await page.locator('.mantine-InputWrapper-error').first().waitFor()
  await assertAccessible(page, 'the editor with what is to be corrected')
  await page.getByRole('textbox', { name: 'Address' }).last().fill('5 Quay Lane')
  await page.getByRole('button', { name: 'Create meeting type' }).click()
  await toast(page, 'Meeting type created')

  // It is added to the only page from the start, so that its link can be copied immediately.
  await page.getByRole('button', { name: 'Copy link' }).click()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), `${story.server.url}/studio/first-talk`)
  await page.getByRole('link', { name: 'Pages' }).click()
  await page.getByRole('button', { name: 'Edit Studio' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit page' })
  await dialog.getByRole('button', { name: 'Move First talk up' }).click()
  await assertAccessible(page, 'the page that is changed')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Saved')
  await page.goto(`${story.server.url}/studio/first-talk`)
  await page.getByText('5 Quay Lane').first().waitFor()
  await page.context().close()
})

test('a duplicate starts as a copy without a page, and a type can be disabled from the list', async () => {
  const page = await openAdmin(story, '/admin/meeting-types')
  await page.getByRole('button', { name: 'More actions for Intro', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await page.getByRole('heading', { name: 'Intro (copy)', level: 1 }).waitFor()
  await page.getByRole('link', { name: 'Meeting types' }).last().click()
  await page.getByRole('button', { name: 'More actions for Intro (copy)' }).click()
  await page.getByRole('menuitemradio', { name: /Disabled/ }).click()
  await toast(page, 'Saved')
  const { body } = await story.server.request('GET', '/api/v1/meeting-types')
  const copy = body.data.find((type: { name: string }) => type.name === 'Intro (copy)')
  assert.deepEqual([copy.visibility, copy.location], ['disabled', '123 Address Street'])
  await page.context().close()
})

test('a day off on the calendar removes its times, and “Troubleshoot” names the rule', async () => {
  const page = await openAdmin(story, '/admin/availability', phone)
  await page.getByRole('link', { name: /Office/ }).click()
  await page.getByRole('heading', { name: 'Office', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Next month' }).click()
  const date = Temporal.Now.plainDateISO('Europe/Berlin').with({ day: 1 }).add({ months: 1, days: 14 })
  const day = date.toLocaleString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  await page.getByRole('button', { name: new RegExp(`^${day}, 09:00`) }).click()
  await page.getByText('Day off').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Saved')
  const { body } = await story.server.request('GET', '/api/v1/schedules')
  assert.deepEqual(body.data[0].overrides, [{ date: date.toString(), hours: [] }])

  await page.goto(`${story.server.url}/admin/availability?tab=why-not`)
  await page.getByRole('combobox', { name: 'Meeting type' }).click()
  await page.getByRole('option', { name: 'Intro', exact: true }).click()
  await page.getByLabel('Date').fill(date.toString())
  await page.getByRole('button', { name: 'Explain' }).click()
  await page.getByText(/is not offered/).waitFor()
  await page.getByText(new RegExp(`Outside the hours: ${day.replace(' ', ',? ')} is a day off`)).waitFor()
  await page.getByRole('link', { name: 'Change the hours' }).waitFor()
  await assertAccessible(page, 'why not')
  await page.context().close()
})

test('time off is added in a dialog, and deleted after a confirmation', async () => {
  const page = await openAdmin(story, '/admin/availability?tab=time-off', phone)
  await page.getByText('No time off planned').waitFor()
  await page.getByRole('button', { name: 'Add time off' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add time off' })
  await dialog.getByLabel('First day').fill('2031-07-02')
  await dialog.getByLabel('Last day').fill('2031-07-01')
  await dialog.getByRole('button', { name: 'Add time off' }).click()
  await dialog.locator('[aria-invalid="true"]').waitFor()
  await dialog.getByLabel('Last day').fill('2031-07-05')
  await dialog.getByLabel('Reason').fill('Holidays')
  await dialog.getByRole('button', { name: 'Add time off' }).click()
  await toast(page, 'Time off added')
  await page.getByRole('list', { name: 'Time off' }).getByText('Holidays').waitFor()
  await page.getByRole('button', { name: /^Delete .*2031/ }).click()
  await assertAccessible(page, 'the question before time off is deleted')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete time off' }).click()
  await page.getByText('No time off planned').waitFor()
  await page.context().close()
})

test('weekly hours that end before they start are rejected, next to their day', async () => {
  const page = await openAdmin(story, '/admin/availability')
  await page.getByRole('link', { name: /Office/ }).click()
  await page.getByLabel('Tuesday: to').fill('08:00')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The end must be later than the start.').waitFor()
  await assertAccessible(page, 'hours that run backwards')
  await page.context().close()
})

test('an admin invites a member, who receives an email and is listed as not joined yet', async () => {
  const page = await openAdmin(story, '/admin/members')
  await page.getByRole('button', { name: 'Invite member' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite member' })
  await dialog.getByLabel('First name').fill('Noor')
  await dialog.getByRole('textbox', { name: 'Email' }).fill('noor@example.com')
  await assertAccessible(page, 'inviting a member')
  await dialog.getByRole('button', { name: 'Invite' }).click()
  await page.getByText('Not joined yet').waitFor()
  const { body } = await story.server.request('GET', '/api/v1/mailbox')
  const { body: mail } = await story.server.request('GET', `/api/v1/mailbox/${body.data[0].id}`)
  assert.match(JSON.stringify(mail), /noor@example\.com/)
  await page.context().close()
})
