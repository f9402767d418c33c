import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { assertEachAccessible, openAdmin } from './admin-story.ts'
import { assertAccessible, assertAccessibleInAllColours, furnish, openStory, phone, type Story } from './story.ts'

const TYPES = 60
let story: Story
let types: number[]

before(async () => {
  story = await openStory()
  const names = Array.from({ length: TYPES }, (_, at) => `Talk ${at + 1}`)
  const fields = ['Company', 'Topic', 'Budget'].map((name) => ({ name }))
  const made = names.map((name, at) => ({ name, slug: `talk-${at + 1}`, fields: at === 0 ? fields : [] }))
  types = (await furnish(story, made)).types
  await story.create('pages', { name: 'Consulting', slug: 'consulting', meeting_types: types.slice(0, 3) })
})

after(() => story.stop())

const toast = (page: Page, text: string | RegExp) =>
  page.getByRole('region', { name: 'Messages' }).getByText(text).waitFor()

const typesOf = async (name: string): Promise<number[]> => {
  const { body } = await story.server.request('GET', '/api/v1/pages')
  return body.data.find((page: { name: string }) => page.name === name).meeting_types
}

/** Drags an item's handle onto another item, with the mouse. */
async function drag(page: Page, handle: Locator, onto: Locator): Promise<void> {
  const [from, to] = [await handle.boundingBox(), await onto.boundingBox()]
  assert.ok(from && to)
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await page.mouse.down()
  await page.mouse.move(from.x + from.width / 2, to.y + to.height / 2, { steps: 8 })
  await page.mouse.move(from.x + from.width / 2, to.y + to.height * 0.8, { steps: 2 })
  await page.mouse.up()
}

test('many meeting types are counted, searched, grouped by page or host, and not all listed', async () => {
  const page = await openAdmin(story, '/admin/meeting-types', phone)
  await page.getByRole('status').getByText('60 meeting types').waitFor()
  await page.getByRole('heading', { name: 'Consulting' }).waitFor()
  const rows = page.locator('.type-row')
  assert.equal(await rows.count(), 13, 'the first ten of a page, and the three of the other')
  await page.getByRole('button', { name: 'Show 50 more' }).click()
  assert.ok((await rows.count()) > 30)
  await page.getByRole('searchbox', { name: 'Search meeting types' }).fill('lindqvist 42')
  await page.getByRole('status').getByText('1 meeting type', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Talk 42' }).waitFor()
  await page.getByText('By host').click()
  await page.getByRole('heading', { name: 'Mara Lindqvist' }).waitFor()
  await assertAccessibleInAllColours(page, 'meeting types that are searched')
  await page.getByRole('searchbox').fill('nothing of this name')
  await page.getByText('No matching meeting types').waitFor()
  await page.context().close()
})

test('the editor has a meeting type’s pages with their links, the code to embed it and a QR code', async () => {
  const permissions = ['clipboard-read', 'clipboard-write']
  const page = await openAdmin(story, `/admin/meeting-types/${types[0]}`, { permissions })
  const copied = () => page.evaluate('navigator.clipboard.readText()')
  await page.getByRole('checkbox', { name: 'Consulting' }).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Saved')
  assert.deepEqual(await typesOf('Consulting'), types.slice(1, 3))
  await page.getByRole('checkbox', { name: 'Consulting' }).check()
  const added = page.waitForResponse((response) => response.request().method() === 'PUT')
  await page.getByRole('button', { name: 'Save' }).click()
  await added
  assert.deepEqual(await typesOf('Consulting'), [...types.slice(1, 3), types[0]], 'as the last one of the page')
  await page.locator('.page-choice', { hasText: 'Consulting' }).getByRole('button', { name: 'Copy' }).click()
  assert.equal(await copied(), `${story.server.url}/consulting/talk-1`)

  await page.getByRole('button', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('img', { name: `QR code for ${story.server.url}/studio/talk-1` }).waitFor()
  for (const [tab, code] of [
    ['Inline', /<div data-bookbell="studio\/talk-1"><\/div>\n<script src="http.*\/embed\.js" async>/],
    ['Pop-up', /<button data-bookbell-popup="studio\/talk-1">Book a meeting<\/button>/],
    ['Floating button', /data-floating="studio\/talk-1" data-label="Book a meeting"/],
  ] as const) {
    await dialog.getByRole('tab', { name: tab }).click()
    await dialog.getByRole('button', { name: 'Copy code' }).click()
    assert.match(String(await copied()), code)
  }
  await assertAccessibleInAllColours(page, 'sharing a meeting type')
  await page.goBack()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'Talk 1', level: 1 }).waitFor()
  await page.context().close()
})

test('a page’s order is changed by dragging, by arrow keys and by buttons, and is not lost silently', async () => {
  await story.create('pages', { name: 'Order', slug: 'order', meeting_types: types.slice(0, 4) })
  const page = await openAdmin(story, '/admin/pages')
  await page.getByRole('button', { name: 'Edit Order' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit page' })
  const row = (name: string) =>
    dialog
      .getByRole('list', { name: 'On this page', exact: true })
      .getByRole('listitem')
      .filter({ has: page.getByRole('checkbox', { name, exact: true }) })
  const handle = (name: string) => dialog.getByRole('button', { name: `Reorder ${name} (arrow keys)` })
  await drag(page, handle('Talk 1'), row('Talk 3'))
  await handle('Talk 4').press('ArrowUp')
  await dialog.getByRole('button', { name: 'Move Talk 2 down' }).click()
  await assertAccessible(page, 'the order of a page')
  await page.goBack()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await dialog.getByRole('searchbox', { name: 'Search meeting types' }).fill('Talk 59')
  await dialog.getByRole('checkbox', { name: 'Talk 59' }).check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Saved')
  const [one, two, three, four] = types
  assert.deepEqual(await typesOf('Order'), [three, two, four, one, types[58]])
  await page.context().close()
})

test('questions are closed until they are opened, and keep the entered text when they move', async () => {
  const page = await openAdmin(story, `/admin/meeting-types/${types[0]}?tab=form`)
  await page.getByRole('button', { name: 'Company' }).first().waitFor()
  assert.equal(await page.getByLabel('Question', { exact: true }).count(), 0)
  const title = (name: RegExp) => page.locator('.question-title').filter({ hasText: name })
  await title(/Topic/).click()
  await page.getByLabel('Help text').fill('What should we talk about?')
  await page.getByRole('button', { name: 'Reorder Topic (arrow keys)' }).press('Home')
  assert.equal(await page.getByLabel('Help text').inputValue(), 'What should we talk about?')
  await assertAccessibleInAllColours(page, 'questions')
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Saved')
  const { body } = await story.server.request('GET', `/api/v1/meeting-types/${types[0]}`)
  assert.deepEqual(
    body.fields.map(({ name, help_text }: { name: string; help_text: string | null }) => [name, help_text]),
    [
      ['Topic', 'What should we talk about?'],
      ['Company', null],
      ['Budget', null],
    ],
  )
  await page.context().close()
})

test('deleting a meeting type says how many upcoming meetings it has', async () => {
  const attendee = { first_name: 'Ada', last_name: 'Vale', email: 'ada@example.com', timezone: 'UTC' }
  for (const start of ['2032-05-04T08:00:00Z', '2032-05-05T08:00:00Z'])
    await story.create('meetings', { meeting_type: types[5], start, attendee })
  const page = await openAdmin(story, '/admin/meeting-types')
  await page.getByRole('button', { name: 'More actions for Talk 6', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete “Talk 6”?' })
  await dialog.getByText('2 upcoming meetings are booked.').waitFor()
  await assertAccessible(page, 'the question before a meeting type is deleted')
  await dialog.getByRole('button', { name: 'Delete meeting type' }).click()
  await toast(page, '“Talk 6” deleted')
  await page.context().close()
})

test('on the smallest phones, the lists and editors fit the screen', async () => {
  const page = await openAdmin(story, '/admin/meeting-types', { ...phone, viewport: { width: 320, height: 640 } })
  await assertEachAccessible(page, story.server.url, [
    ['/admin/meeting-types', 'Meeting types'],
    [`/admin/meeting-types/${types[0]}`, 'Talk 1'],
    [`/admin/meeting-types/${types[0]}?tab=form`, 'Talk 1'],
    ['/admin/pages', 'Pages'],
    ['/admin/availability', 'Availability'],
  ])
  await page.context().close()
})
