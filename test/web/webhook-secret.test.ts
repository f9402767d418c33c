import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openPostgres } from '../../src/platform/database.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { openAdmin } from './admin-story.ts'
import { assertAccessibleInAllColours, openStory, type Story } from './story.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let story: Story

before(async () => {
  database = await createTestDatabase()
  story = await openStory({ env: { DATABASE_URL: database.url } })
})
after(async () => {
  await story?.stop()
  await database?.drop()
})

/** Makes every sign-in an hour older. */
async function letAnHourPass() {
  const opened = await openPostgres(database.url)
  await sql`update "session" set "createdAt" = "createdAt" - interval '1 hour', "confirmedAt" = "confirmedAt" - interval '1 hour'`.execute(
    opened.executor,
  )
  await opened.close()
}

test('the secret of a webhook has its own page, which asks for the password if the sign-in is not recent', async () => {
  const hook = await story.create('webhooks', { url: 'http://127.0.0.1:4000/secret' })
  const page = await openAdmin(story, `/admin/settings/webhooks/${hook.id}`)
  const shown = page.getByRole('region', { name: 'Signing secret' }).locator('code')
  const password = page.getByLabel('Your password', { exact: true })
  const showSecret = page.getByRole('button', { name: 'Show secret' })

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Show secret' }).click()
  assert.equal(await shown.textContent(), hook.secret)
  await assertAccessibleInAllColours(page, 'the secret')

  await letAnHourPass()
  await page.reload()
  await page.getByRole('heading', { name: 'Confirm your identity' }).waitFor()
  assert.equal(await shown.count(), 0)
  await assertAccessibleInAllColours(page, 'the confirmation')
  await password.fill('not the password')
  await showSecret.click()
  await page.locator('.mantine-InputWrapper-error').waitFor()
  await password.fill('correct horse battery staple')
  await showSecret.click()
  assert.equal(await shown.textContent(), hook.secret)

  await page.getByRole('link', { name: 'View webhook' }).click()
  await page.getByRole('tab', { name: 'Deliveries' }).waitFor()
  await page.goBack()
  assert.equal(await shown.textContent(), hook.secret)

  await page.getByRole('link', { name: 'View webhook' }).click()
  await page.getByRole('tab', { name: 'Deliveries' }).waitFor()
  await letAnHourPass()
  await page.goBack()
  await page.getByRole('heading', { name: 'Confirm your identity' }).waitFor()
  await page.context().close()
})

test('a webhook that was just added shows its secret even long after the sign-in', async () => {
  const page = await openAdmin(story, '/admin/settings/webhooks/new')
  await letAnHourPass()
  await page.getByLabel('URL', { exact: true }).fill('http://127.0.0.1:4000/added')
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await page.getByRole('heading', { name: 'Webhook added' }).waitFor()
  assert.match(
    String(await page.getByRole('region', { name: 'Signing secret' }).locator('code').textContent()),
    /^whsec_/,
  )
  assert.match(page.url(), /\/webhooks\/\d+\/secret\?added=true$/)
  await page.goBack()
  assert.equal(await page.getByRole('heading', { name: 'Webhook added' }).count(), 0, 'Back does not lead to the form')
  await page.context().close()
})
