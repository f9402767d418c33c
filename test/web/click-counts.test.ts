import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { bookPublicly, openAdmin } from './admin-story.ts'
import { furnish, openStory, type Story } from './story.ts'

/*
 * How many clicks the main tasks in the admin take. Typing is not counted. A change that adds a click to a task must change its
 * number in this file, so that it is a decision and not an oversight.
 */

const permissions = ['clipboard-read', 'clipboard-write']

/** Counts the clicks on all pages that are opened from now on. */
const countClicks = (page: Page) =>
  page.addInitScript({
    content: `addEventListener('pointerdown', () =>
      sessionStorage.setItem('clicks', String(Number(sessionStorage.getItem('clicks') ?? 0) + 1)), { capture: true })`,
  })

/** Starts a task on this page, performs it, and returns the number of clicks. */
async function clicksOf(page: Page, path: string, work: () => Promise<void>): Promise<number> {
  await countClicks(page)
  await page.goto(path)
  await page.evaluate("sessionStorage.removeItem('clicks')")
  await work()
  return Number(await page.evaluate("sessionStorage.getItem('clicks')"))
}

const copied = (page: Page) => page.evaluate('navigator.clipboard.readText()')

describe('clicks', () => {
  let story: Story
  let receiver: Receiver

  before(async () => {
    receiver = await startReceiver({ answer: { status: 204 } })
    story = await openStory()
    await furnish(story, [
      { name: 'Intro', slug: 'intro' },
      { name: 'Workshop', slug: 'workshop', approval: 'manual' },
    ])
  })

  after(async () => {
    await receiver?.close()
    await story?.stop()
  })

  const press = (page: Page, role: 'button' | 'link' | 'tab', name: string | RegExp) =>
    page.getByRole(role, { name, exact: true }).first().click()

  test('4 for another meeting type and its link', async () => {
    const page = await openAdmin(story, '/admin/meetings', { permissions })
    const clicks = await clicksOf(page, `${story.server.url}/admin/meetings`, async () => {
      await press(page, 'link', 'Meeting types')
      await press(page, 'link', 'New meeting type')
      await page.getByLabel('Name').fill('Second talk')
      await press(page, 'button', 'Create meeting type')
      await press(page, 'button', 'Copy link')
    })
    assert.equal(await copied(page), `${story.server.url}/studio/second-talk`)
    assert.equal(clicks, 4)
    await page.context().close()
  })

  test('3 and a date for a day off', async () => {
    const page = await openAdmin(story, '/admin/meetings')
    const clicks = await clicksOf(page, `${story.server.url}/admin/meetings`, async () => {
      await press(page, 'link', 'Availability')
      await press(page, 'tab', 'Time off')
      await press(page, 'button', 'Add time off')
      await page.getByLabel('First day').fill('2031-07-02')
      await page.keyboard.press('Enter')
      await page.getByText('Time off added').waitFor()
    })
    assert.equal(clicks, 3)
    await page.context().close()
  })

  test('5 for a webhook and its first delivery', async () => {
    const page = await openAdmin(story, '/admin/meetings')
    const clicks = await clicksOf(page, `${story.server.url}/admin/meetings`, async () => {
      await press(page, 'link', 'Webhooks')
      await press(page, 'link', 'Add webhook')
      await page.getByLabel('URL', { exact: true }).fill(`${receiver.url}/hook`)
      await press(page, 'button', 'Add webhook')
      await press(page, 'button', 'Send test')
      await page.getByRole('dialog').getByRole('button', { name: 'Send test' }).click()
      await page.getByText('Delivered: your receiver returned success.').waitFor()
    })
    assert.equal(clicks, 5)
    assert.equal(receiver.requests.length, 1)
    await page.context().close()
  })

  test('1 to approve a request, from the list of pending requests', async () => {
    const meeting = await bookPublicly(story, 'workshop', { name: 'Ada' })
    const page = await openAdmin(story, '/admin/meetings')
    const clicks = await clicksOf(page, `${story.server.url}/admin/meetings?view=waiting`, async () => {
      await press(page, 'button', 'Approve Ada Vale')
      await page.getByText('Meeting approved').waitFor()
    })
    assert.equal(clicks, 1)
    const { body } = await story.server.request('GET', `/api/v1/meetings/${meeting}`)
    assert.equal(body.confirmed, true)
    await page.context().close()
  })
})

test('1 for the first link, from the end of the setup', async () => {
  const none = { BOOKBELL_OWNER_EMAIL: undefined, BOOKBELL_OWNER_PASSWORD: undefined, BOOKBELL_API_KEY: undefined }
  const story = await openStory({ env: none })
  try {
    const [, path] = /http\S+(\/setup\/\S+)/.exec(story.server.output()) ?? []
    const page = await story.open('/', { permissions })
    const region = page.getByRole('region', { name: 'Your booking link' })
    const clicks = await clicksOf(page, `${story.server.url}${path}`, async () => {
      await page.getByLabel('Organization').fill('Northwind')
      await page.getByLabel('First name').fill('Mara')
      await page.getByLabel('Email').fill('mara@example.com')
      await page.getByLabel('Password').fill('correct horse')
      await page.keyboard.press('Enter')
      await region.getByRole('button').first().click()
    })
    assert.equal(await copied(page), await region.getByRole('link').first().getAttribute('href'))
    assert.equal(clicks, 1)
    await page.context().close()
  } finally {
    await story.stop()
  }
})
