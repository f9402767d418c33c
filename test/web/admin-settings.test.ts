import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import {
  assertAccessible,
  assertAccessibleInAllColours,
  desktop,
  furnish,
  openStory,
  phone,
  type Story,
} from './story.ts'

let story: Story

before(async () => {
  story = await openStory()
  await furnish(story, [{ name: 'Intro', slug: 'intro' }])
})

after(() => story.stop())

/** An admin page, signed in as its owner. */
async function openAdmin(path: string, size: BrowserContextOptions = desktop): Promise<Page> {
  const page = await story.open(path, size)
  await page.getByRole('textbox', { name: 'Email' }).fill('owner@example.com')
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('navigation', { name: 'Main' }).waitFor({ state: 'attached' })
  return page
}

const dark: BrowserContextOptions = { ...phone, colorScheme: 'dark' }

test('tags are created, renamed and deleted', async () => {
  for (const size of [desktop, dark]) {
    const page = await openAdmin('/admin/tags', size)
    await page.getByRole('heading', { name: 'No tags yet' }).waitFor()
    await assertAccessible(page, 'no tags')
    await page.getByRole('button', { name: 'New tag' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('VIP <b>')
    await assertAccessible(page, 'a new tag')
    await page.getByRole('button', { name: 'Create tag' }).click()
    await page.getByRole('list', { name: 'Tags' }).getByText('VIP <b>').waitFor()
    await page.getByRole('button', { name: 'Rename VIP <b>' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('VIP')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Delete VIP' }).click()
    await assertAccessible(page, 'the question before deleting')
    await page.getByRole('button', { name: 'Delete tag' }).click()
    await page.getByRole('heading', { name: 'No tags yet' }).waitFor()
    await page.context().close()
  }
})

test('a tag that a meeting uses is not deleted, and the page says why', async () => {
  const meeting = await book()
  await story.server.request('PUT', `/api/v1/meetings/${meeting}/tags/Regular`)
  const page = await openAdmin('/admin/tags')
  await page.getByRole('button', { name: 'Delete Regular' }).click()
  await page.getByRole('button', { name: 'Delete tag' }).click()
  await page
    .getByRole('alert')
    .getByText(/A meeting uses this tag/)
    .waitFor()
  await page.context().close()
})

test('an API key is shown once, works, and stops working when it is deleted', async () => {
  const page = await openAdmin('/admin/settings/api-keys', phone)
  await page.getByRole('button', { name: 'New API key' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('CRM')
  await page.getByLabel('Last day').fill('2100-01-01')
  await page.getByRole('textbox', { name: 'Allowed networks' }).fill('127.0.0.0/8\nnowhere')
  await page.getByRole('button', { name: 'Create API key' }).click()
  await page.getByText(/Enter IP addresses or ranges/).waitFor()
  await page.getByRole('textbox', { name: 'Allowed networks' }).fill('127.0.0.0/8\n::1')
  await assertAccessible(page, 'the form for a key')
  await page.getByRole('button', { name: 'Create API key' }).click()
  const key = await page.getByRole('region', { name: 'Your API key' }).locator('code').textContent()
  await assertAccessible(page, 'the new key')
  const ask = () => fetch(`${story.server.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } })
  assert.equal((await ask()).status, 200)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.reload()
  await page.getByText('Read-only').waitFor()
  await page.getByText(/expires .*2100.* · only from 127\.0\.0\.0\/8, ::1/).waitFor()
  await page.getByRole('button', { name: 'Delete CRM' }).click()
  assert.equal(await page.getByText(key ?? '').count(), 0)
  await page.getByRole('button', { name: 'Delete API key' }).click()
  await page.getByRole('button', { name: 'Delete CRM' }).waitFor({ state: 'detached' })
  assert.equal((await ask()).status, 401)
  await assertAccessible(page, 'the keys')
  await page.context().close()
})

test('the audit log is filtered by actor, action and time, and downloaded', async () => {
  await story.create('tags', { name: 'Audited tag' })
  for (const size of [phone, desktop]) {
    const page = await openAdmin('/admin/settings/audit-log?object=tag', size)
    const entries = page.getByRole('list', { name: 'Entries, newest first' })
    await entries.getByText('Tag: Audited tag').waitFor()
    await entries
      .getByText(/First key .* from 127\.0\.0\.1/)
      .first()
      .waitFor()
    await assertAccessible(page, 'the audit log')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download CSV' }).click(),
    ])
    assert.match(await readFile(await download.path(), 'utf8'), /,tag\.created,api_key,.*,Audited tag,/)
    await page.getByLabel('To', { exact: true }).fill('2020-01-01')
    await page.getByRole('heading', { name: 'No matching entries' }).waitFor()
    assert.match(page.url(), /object=tag.*to=/)
    await page.context().close()
  }
})

test('an inspector is created, responds with the chosen status, and links to its live page and to a webhook', async () => {
  const page = await openAdmin('/admin/settings/inspectors')
  await page.getByRole('heading', { name: 'No inspectors yet' }).waitFor()
  await page.getByRole('button', { name: 'New inspector' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Trial')
  await page.getByRole('button', { name: 'Create inspector' }).click()
  await page.getByRole('heading', { name: 'Trial' }).waitFor()
  await page.getByLabel('Responds with').selectOption('500')
  await page.getByText('“Trial” now responds with 500').waitFor()
  await assertAccessible(page, 'the inspectors')
  const opening = page.waitForEvent('popup')
  await page.getByRole('link', { name: 'Watch live' }).click()
  const live = await opening
  await live.getByRole('heading', { name: 'Waiting for the first request' }).waitFor()
  await live.close()
  await page.getByRole('link', { name: 'Add webhook' }).click()
  await page.waitForURL(/\/admin\/settings\/webhooks\/new\?url=/)
  await page.goBack()
  await page.getByRole('button', { name: 'Delete Trial' }).click()
  await page.getByRole('button', { name: 'Delete inspector' }).click()
  await page.getByRole('heading', { name: 'No inspectors yet' }).waitFor()
  await page.context().close()
})

test("the organization's name and colour change on its pages immediately; an invalid URL is reported next to its field", async () => {
  const page = await openAdmin('/admin/settings/organization')
  await page.getByRole('textbox', { name: 'Name' }).fill('Lindqvist & Co')
  await page.getByRole('textbox', { name: 'Logo URL' }).fill('nonsense')
  await page.getByRole('textbox', { name: 'Colour' }).fill('#7c3aed')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('[aria-invalid="true"]').waitFor()
  await page.getByRole('textbox', { name: 'Logo URL' }).fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved. Your pages are updated.').waitFor()
  await page.getByRole('link', { name: 'Lindqvist & Co' }).waitFor()
  await assertAccessible(page, 'the organization')
  await page.emulateMedia({ colorScheme: 'dark' })
  await assertAccessible(page, 'the organization in the dark')
  const { body } = await story.server.request('GET', '/api/v1/public/pages/studio')
  assert.deepEqual([body.organization.name, body.organization.brand_color], ['Lindqvist & Co', '#7c3aed'])
  await page.context().close()
})

test('without a mail server, emails are stored in the mailbox, where markup in a name is shown as text', async () => {
  await book('<img src=x onerror=alert(1)>')
  const page = await openAdmin('/admin/settings/mailbox', dark)
  const mails = page.getByRole('list', { name: 'Emails, newest first' })
  await mails
    .getByText(/<img src=x onerror/)
    .first()
    .click()
  const frame = page.frameLocator('iframe[title="Email preview"]')
  await frame
    .getByText(/<img src=x onerror/)
    .first()
    .waitFor()
  assert.equal(await frame.locator('img').count(), 0)
  await page.getByRole('tab', { name: 'Plain text' }).click()
  await page
    .getByText(/<img src=x onerror/)
    .first()
    .waitFor()
  await assertAccessible(page, 'a mail')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByText('Failed', { exact: true }).click()
  await page.getByRole('heading', { name: 'No matching emails' }).waitFor()
  await assertAccessible(page, 'the mailbox')
  await page.context().close()
})

test('an unknown URL under /admin shows a “not found” page', async () => {
  const page = await openAdmin('/admin/nothing/here')
  await page.getByRole('heading', { name: 'Page not found' }).waitFor()
  await assertAccessible(page, 'the unknown page')
  await page.getByRole('link', { name: 'Go to meetings' }).click()
  await page.getByRole('heading', { level: 1, name: 'Meetings' }).waitFor()
  await page.context().close()
})

test('a person is found, exported and erased, and the attendees of past meetings are erased after the chosen number of days', async () => {
  const meeting = await book('Quentin')
  const email = `ada-${booked}@example.com`
  const page = await openAdmin('/admin/settings/privacy')
  const search = async (address: string) => {
    await page.getByRole('textbox', { name: 'Email address' }).fill(address)
    await page.getByRole('button', { name: 'Search' }).click()
  }
  await search('nobody@example.com')
  await page.getByText('Nothing is stored about nobody@example.com.').waitFor()
  await search(email.toUpperCase())
  await page.getByRole('row', { name: 'Meetings 1' }).waitFor()
  await assertAccessibleInAllColours(page, 'what is stored')
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download export' }).click()
  const file = JSON.parse(await readFile(await (await saving).path(), 'utf8'))
  assert.deepEqual([file.type, file.meetings.length], ['PersonExport', 1])

  await page.getByRole('button', { name: 'Erase…' }).click()
  const erase = page.getByRole('button', { name: 'Erase person' })
  assert.ok(await erase.isDisabled())
  await assertAccessible(page, 'the question before erasing')
  await page.getByRole('textbox', { name: /^Type / }).fill(email)
  await erase.click()
  await page
    .getByRole('alert')
    .getByText(/has an upcoming meeting/)
    .waitFor()
  await story.server.request('POST', `/api/v1/meetings/${meeting}/cancel`, {})
  await page.getByRole('button', { name: 'Erase…' }).click()
  await page.getByRole('textbox', { name: /^Type / }).fill(email)
  await erase.click()
  await page.getByText(/^Erased ADA-.*: 1 meetings/).waitFor()
  const { body } = await story.server.request('GET', `/api/v1/meetings/${meeting}`)
  assert.match(body.attendees[0].email, /@erased\.invalid$/)

  await page.getByRole('textbox', { name: 'Erase personal data after (days)' }).fill('90')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  const settings = await story.server.request('GET', '/api/v1/organization')
  assert.equal(settings.body.meeting_retention_days, 90)
  await page.context().close()
})

test('the organization and the account are deleted only after the name is typed', async () => {
  const page = await openAdmin('/admin/settings/organization')
  const { body } = await story.server.request('GET', '/api/v1/organization')
  await page.getByRole('button', { name: 'Delete organization…' }).click()
  const confirm = page.getByRole('textbox', { name: `Type ${body.name} to confirm` })
  const deletion = page.getByRole('button', { name: 'Delete organization', exact: true })
  await confirm.fill('another name')
  assert.ok(await deletion.isDisabled())
  await assertAccessibleInAllColours(page, 'the question before deleting the organization')
  await confirm.fill(body.name)
  await confirm.press('Enter')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByText(`${body.name} was deleted.`).waitFor()
  assert.equal((await story.server.request('GET', '/api/v1/public/pages/studio')).status, 404)
  await page.context().close()
})

let booked = 0

/** Books the next free time. Returns the meeting's id. */
async function book(name = 'Ada'): Promise<number> {
  const today = Temporal.Now.plainDateISO('UTC')
  const base = '/api/v1/public/pages/studio/meeting-types/intro'
  const query = `from=${today}&to=${today.add({ days: 7 })}&timezone=UTC`
  const { body } = await story.server.request('GET', `${base}/slots?${query}`)
  const answer = await story.server.request('POST', `${base}/meetings`, {
    start: body.slots[0].start,
    attendee: { first_name: name, last_name: '', email: `ada-${++booked}@example.com`, timezone: 'Europe/Berlin' },
  })
  assert.equal(answer.status, 201, answer.text)
  return answer.body.meeting.id
}
