import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator } from 'playwright-core'
import type { WebhookInput } from '../../src/webhooks/schema.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { bookPublicly, openAdmin } from './admin-story.ts'
import { onEachStage } from './stages.ts'
import { assertAccessible, furnish, type Story, tabTo } from './story.ts'

onEachStage(({ openStory }) => {
  let story: Story
  let receiver: Receiver

  /** A receiver that fails at first. */
  before(async () => {
    story = await openStory()
    await furnish(story, [{ name: 'Intro', slug: 'intro' }])
    receiver = await startReceiver({ answer: { status: 500, body: '{"error":"the disk is full"}' } })
  })

  after(async () => {
    await receiver?.close()
    await story?.stop()
  })

  test('an admin adds a webhook whose receiver fails, sees why, fixes it, replays, and sees it succeed', async () => {
    const page = await openAdmin(story, '/admin/settings/webhooks')
    await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor()
    await page.getByRole('link', { name: 'Add webhook' }).click()

    await page.getByLabel('URL', { exact: true }).fill('http://169.254.169.254/latest')
    await page.getByRole('button', { name: 'Add webhook' }).click()
    await page.locator('.mantine-InputWrapper-error').first().waitFor()
    await assertAccessible(page, 'the form with what the guard says')
    await page.getByLabel('URL', { exact: true }).fill(`${receiver.url}/hook`)
    await page.getByRole('button', { name: 'Add webhook' }).click()
    await page.getByRole('heading', { name: 'Webhook added' }).waitFor()
    const secret = await page.getByRole('region', { name: 'Signing secret' }).locator('code').textContent()
    assert.match(secret!, /^whsec_[A-Za-z0-9+/]{43}=$/)
    await assertAccessible(page, 'the secret')
    await page.getByRole('link', { name: 'View webhook' }).click()

    await bookPublicly(story, 'intro', { name: 'Ada' })
    const rows = page.getByRole('list', { name: 'Deliveries, newest first' })
    await rows.getByText('Meeting.scheduled').waitFor()
    await page.getByText('Failing since').waitFor()
    await rows.getByText('Meeting.scheduled').click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('HTTP 500').first().waitFor()
    await drawer.getByText('"the disk is full"').first().waitFor()
    await drawer.getByText('The receiver returned 500. Check the receiver’s log.').waitFor()
    await drawer.locator('summary').getByText('Details').click()
    await drawer.locator('[lang=en]').getByText("Check the receiver's log.").waitFor()
    const { headers } = receiver.requests[0]!
    const request = drawer.getByRole('region', { name: 'Request' })
    await request.getByText(`POST ${receiver.url}/hook`).first().waitFor()
    await request.getByText(`webhook-signature: ${headers['webhook-signature']}`).first().waitFor()
    await assertAccessible(page, 'a failed delivery')
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Run diagnosis' }).click()
    await page.locator('.step.failed', { hasText: 'Response' }).waitFor()
    assert.equal(await page.locator('.step.ok', { hasText: 'Connection' }).count(), 1)
    await assertAccessible(page, 'the diagnosis')

    // Disabling cancels pending deliveries, and a replay sends them all.
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Disable' }).click()
    await page.getByRole('button', { name: 'Disable webhook', exact: true }).click()
    await page.getByText('Disabled since').waitFor()
    receiver.answer({ status: 204 })
    const before = receiver.requests.length
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByText('Disabled since').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('2 deliveries will be queued').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click()
    await page.getByText('2 of 2 deliveries delivered').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
    const replayed = receiver.requests.slice(before).map(({ headers }) => headers['webhook-id'])
    assert.equal(new Set(replayed).size, 2)

    await page.getByRole('tab', { name: 'Deliveries' }).click()
    await rows.getByText('Delivered').first().waitFor()
    await page.getByRole('region', { name: 'Replays' }).getByText('2 of 2 deliveries delivered').waitFor()
    await assertAccessible(page, 'what was replayed')
    await page.getByText('Failing since').waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'Diagnose' }).click()
    await page.getByRole('button', { name: 'Run diagnosis', exact: true }).click()
    await page.getByText('No problems found').waitFor()
    await page.context().close()
  })

  test('a webhook can be tested, get a new secret, be paused and have other settings changed', async () => {
    const hook = await story.create('webhooks', { url: `${receiver.url}/hook`, description: 'Second' })
    receiver.answer({ status: 204 })
    const page = await openAdmin(story, `/admin/settings/webhooks/${hook.id}`)
    await page.getByRole('heading', { name: 'Second' }).waitFor()
    await page.getByRole('button', { name: 'Send test' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send test', exact: true }).click()
    await page.getByText('Delivered: your receiver returned success.').waitFor()
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Rotate secret' }).click()
    await page.getByRole('button', { name: 'Rotate secret' }).click()
    const secret = await page.getByRole('region', { name: 'Signing secret' }).locator('code').textContent()
    assert.notEqual(secret, hook.secret)
    await page.getByText('Requests are also signed with the old secret until').waitFor()
    await page.getByRole('link', { name: 'View webhook' }).click()

    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused since').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByText('Paused since').waitFor({ state: 'detached' })

    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByLabel('Selected activities').check()
    await page.getByRole('checkbox', { name: 'Meeting.cancelled' }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await assertAccessible(page, 'the settings')
    const { body } = await story.server.request('GET', `/api/v1/webhooks/${hook.id}`)
    assert.deepEqual(body.actions, ['Meeting.cancelled'])
    await page.context().close()
  })

  test('conditions are added to a new webhook, changed and removed', async () => {
    await story.create('tags', { name: 'VIP' })
    const page = await openAdmin(story, '/admin/settings/webhooks/new')
    const choose = async (label: string, option: string) => {
      await page.getByRole('combobox', { name: label }).click()
      await page.getByRole('option', { name: option }).click()
    }
    await page.getByLabel('URL', { exact: true }).fill(`${receiver.url}/filtered`)
    await page.getByRole('button', { name: 'Add condition' }).click()
    await page.getByRole('button', { name: 'Add webhook' }).click()
    await page.getByText('Choose a value.').waitFor()
    await choose('Value of condition 1', 'Intro')
    await page.getByRole('button', { name: 'Add condition' }).click()
    await choose('Field of condition 2', 'Tag')
    await choose('Value of condition 2', 'VIP')
    await assertAccessible(page, 'the conditions')
    await page.getByRole('button', { name: 'Add webhook' }).click()
    await page.getByRole('heading', { name: 'Webhook added' }).waitFor()
    await page.getByRole('link', { name: 'View webhook' }).click()
    await page.getByText('all activities, filtered').waitFor()
    const id = /webhooks\/(\d+)/.exec(page.url())?.[1]
    const filter = async () => (await story.server.request('GET', `/api/v1/webhooks/${id}`)).body.filter
    const [first, tag] = await filter()
    assert.deepEqual(
      [first.path, typeof first.equals, tag],
      ['meeting_type.id', 'number', { path: 'tag', equals: 'VIP' }],
    )

    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Remove condition 2' }).click()
    await choose('Field of condition 1', 'Host')
    await page.getByRole('combobox', { name: 'Value of condition 1' }).click()
    await page.getByRole('option').first().click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    const [host, ...others] = await filter()
    assert.deepEqual([host.path, others], ['host.email', []])
    await page.getByRole('button', { name: 'Send test' }).click()
    await page.getByText('even if the actions or the filter would exclude it').waitFor()
    await page.context().close()
  })

  test('every setting of a webhook can be chosen when it is added, and changed later', async () => {
    const hook = await story.create('webhooks', { url: `${receiver.url}/hook`, description: 'Third' })
    const page = await openAdmin(story, '/admin/settings/webhooks/new')
    const controls: Record<Exclude<keyof WebhookInput, 'state'>, Locator> = {
      url: page.getByLabel('URL', { exact: true }),
      description: page.getByLabel('Description'),
      actions: page.getByLabel('Selected activities'),
      filter: page.getByRole('button', { name: 'Add condition' }),
      headers: page.getByRole('button', { name: 'Add header' }),
      ordering: page.getByLabel('Keep the order within each meeting'),
      concurrency: page.getByLabel('Concurrency'),
      rate_limit_per_second: page.getByLabel('Requests per second'),
      signing: page.getByLabel('Key pair (v1a, Ed25519)'),
    }
    await page.getByText('Order, headers, limits and signature').click()
    for (const control of Object.values(controls)) await control.waitFor()
    await page.goto(`${story.server.url}/admin/settings/webhooks/${hook.id}?tab=settings`)
    const { signing: _, ...changed } = controls
    for (const control of Object.values(changed)) await control.waitFor()
    await page.context().close()
  })

  test('deliveries are found by attendee and result; a failing webhook is retried immediately; Back closes a delivery', async () => {
    receiver.answer({ status: 302, headers: { location: 'https://elsewhere.example/new' }, body: '<b>moved</b>' })
    const hook = await story.create('webhooks', { url: `${receiver.url}/found`, actions: ['Meeting.scheduled'] })
    await bookPublicly(story, 'intro', { name: 'Zoe', at: 3 })
    await bookPublicly(story, 'intro', { name: 'Yan', at: 5 })
    const page = await openAdmin(story, `/admin/settings/webhooks/${hook.id}`)
    const rows = page.getByRole('list', { name: 'Deliveries, newest first' })
    await rows.getByText('HTTP 302').nth(1).waitFor()
    await rows.getByText('Yan Vale').waitFor()

    await page.getByRole('textbox', { name: 'Attendee' }).fill('zoe')
    await rows.getByText('Yan Vale').waitFor({ state: 'detached' })
    await rows.getByText('Zoe Vale').waitFor()
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Delivered')
    await page.getByText('No delivery matches these filters.').waitFor()
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Retrying')
    await page.getByRole('textbox', { name: 'Status code' }).fill('302')
    await rows.getByText('Zoe Vale').waitFor()
    await page.getByRole('combobox', { name: 'Kind of failure' }).selectOption('Timeout')
    await page.getByText('No delivery matches these filters.').waitFor()
    await page.getByRole('combobox', { name: 'Kind of failure' }).selectOption('Redirect')
    await rows.getByText('Zoe Vale').waitFor()
    await page.reload()
    await rows.getByText('Zoe Vale').waitFor()
    assert.equal(await page.getByRole('combobox', { name: 'Kind of failure' }).inputValue(), 'redirect')
    await assertAccessible(page, 'filtered deliveries')

    await rows.getByText('Zoe Vale').click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('Redirects to https://elsewhere.example/new').first().waitFor()
    await drawer.getByRole('button', { name: 'Copy as curl' }).first().waitFor()
    await page.goBack()
    await drawer.waitFor({ state: 'detached' })
    await rows.getByText('Zoe Vale').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await rows.getByText('Yan Vale').waitFor()

    await page.getByRole('tab', { name: 'Diagnose' }).click()
    await page.getByRole('button', { name: 'Run diagnosis', exact: true }).click()
    const returned = page.getByRole('region', { name: 'What the receiver returned' })
    await returned.getByText('<b>moved</b>').waitFor()
    await returned.getByText('Redirects to https://elsewhere.example/new').waitFor()
    await assertAccessible(page, 'the diagnosis of a redirect')

    const before = receiver.requests.length
    receiver.answer({ status: 200 })
    await page.getByRole('button', { name: 'Try again now' }).click()
    await receiver.received(before + 1)
    await drawer.getByText('HTTP 200').first().waitFor()
    await drawer.getByText('Delivered', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.context().close()
  })

  test('with the keyboard alone, a webhook is added and tested, and the focus returns to where it was', async () => {
    receiver.answer({ status: 204 })
    const page = await openAdmin(story, '/admin/settings/webhooks')
    await page.getByRole('list', { name: 'Webhooks' }).waitFor()
    await tabTo(page, 'a', 'Add webhook')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Add webhook', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Show sample: Meeting.tagged' }).waitFor()
    await tabTo(page, 'input[type="url"]')
    await page.keyboard.type(`${receiver.url}/keys`)
    await tabTo(page, 'button', 'Show sample')
    await page.keyboard.press('Enter')
    await page.getByText('"Meeting.scheduled"').waitFor()
    await page.keyboard.press('Shift+Tab')
    await tabTo(page, 'button[type="submit"]')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Webhook added' }).waitFor()
    await tabTo(page, 'button', 'Send test')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Send test', exact: true }).waitFor()
    await tabTo(page, '[role="dialog"] button', 'Send test')
    await page.keyboard.press('Enter')
    await page.getByText('Delivered: your receiver returned success.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Send test')
    await tabTo(page, 'a', 'View webhook')
    await page.keyboard.press('Enter')

    await page.getByText('Ready', { exact: true }).waitFor()
    await tabTo(page, '[role="tab"]', 'Deliveries')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('heading', { name: 'Why am I not receiving webhooks?' }).waitFor()
    await page.context().close()
  })
})
