import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { bookPublicly, openAdmin } from './admin-story.ts'
import { furnish, openStory, type Story } from './story.ts'

/** Part of every text that users entered in this story, so that the check finds each of them on a page. */
const MARK = 'Quxley'

let story: Story
const ids = { meeting: 0, type: 0, schedule: 0, webhook: 0 }

before(async () => {
  story = await openStory()
  const fields = [{ name: `${MARK} company`, field_type: 'text' }]
  const { host, types } = await furnish(story, [
    { name: `${MARK} intro`, slug: 'intro', location: `${MARK} street`, fields, approval: 'manual' },
  ])
  const change = (path: string, body: object) => story.server.request('PATCH', `/api/v1/${path}`, body)
  await change(`members/${host}`, { first_name: MARK, last_name: MARK })
  await change('organization', { name: `${MARK} organization` })
  const [page] = (await story.server.request('GET', '/api/v1/pages')).body.data
  await change(`pages/${page.id}`, { name: `${MARK} page` })
  const [schedule] = (await story.server.request('GET', '/api/v1/schedules')).body.data
  await change(`schedules/${schedule.id}`, { name: `${MARK} hours` })
  await story.create('tags', { name: `${MARK} tag` })
  await story.create('api-keys', { name: `${MARK} key`, role: 'read_only' })
  await story.create('inspectors', { name: `${MARK} inspector` })
  const webhook = await story.create('webhooks', { url: 'http://127.0.0.1:4999/', description: `${MARK} hook` })
  Object.assign(ids, { meeting: await bookPublicly(story, 'intro', { name: MARK }) })
  await story.server.request('PUT', `/api/v1/meetings/${ids.meeting}/tags/${MARK} tag`)
  Object.assign(ids, { type: types[0], schedule: schedule.id, webhook: webhook.id })
})

after(() => story.stop())

/** Finds user texts without their own text direction. An Arabic name, for example, would reverse the rest of its line. */
async function findFaults(page: Page): Promise<string[]> {
  await page.waitForLoadState('networkidle')
  return page.evaluate(`(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const faults = []
    while (walker.nextNode()) {
      const { data, parentElement: parent } = walker.currentNode
      if (!/${MARK}/i.test(data) || parent.closest('script, [dir="auto"], bdi, .mono, code, .visually-hidden, option')
        || getComputedStyle(parent).unicodeBidi === 'plaintext') continue
      faults.push(parent.tagName + '.' + parent.className + ': ' + data)
    }
    return faults
  })()`)
}

test('each text of a user in the admin has its own direction', async () => {
  const page = await openAdmin(story, '/admin/meetings?view=waiting')
  const faults: string[] = []
  for (const path of [
    'meetings?view=waiting',
    `meetings?view=waiting&meeting=${ids.meeting}`,
    'availability',
    `availability/${ids.schedule}`,
    'meeting-types',
    `meeting-types/${ids.type}`,
    `meeting-types/${ids.type}?tab=hosts`,
    'pages',
    'members',
    'tags',
    'settings/webhooks',
    `settings/webhooks/${ids.webhook}`,
    'settings/inspectors',
    'settings/api-keys',
    'settings/organization',
    'settings/audit-log',
    'settings/mailbox',
    'account',
  ]) {
    await page.goto(`${story.server.url}/admin/${path}`)
    await page.locator('h1').first().waitFor()
    faults.push(...(await findFaults(page)).map((fault) => `${path}: ${fault}`))
  }
  assert.deepEqual(faults, [])
  await page.context().close()
})
