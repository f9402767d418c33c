import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Locator, Page } from 'playwright-core'
import { openPostgres } from '../../src/platform/database.ts'
import { growOrganization } from '../support/growing-organization.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { waitFor } from '../support/wait.ts'
import { openAdmin } from './admin-story.ts'
import { assertAccessible, furnish, openStory, phone, type Story } from './story.ts'

/* An organization with 500 members, 60 meeting types, 300 tags and 500 upcoming meetings. No list is loaded completely. */

let story: Story
let database: Awaited<ReturnType<typeof createTestDatabase>>

before(async () => {
  database = await createTestDatabase()
  story = await openStory({ env: { DATABASE_URL: database.url } })
  await furnish(story, [{ name: 'Intro', slug: 'intro' }])
  await seed()
})
after(async () => {
  await story?.stop()
  await database?.drop()
})

async function seed() {
  const opened = await openPostgres(database.url)
  const { executor } = opened
  const { organization } = await growOrganization(opened, { to: 500 })
  await sql`
    with spread as (select id, now() + make_interval(hours => 24 + id::int % 400) as at from meetings)
    update meetings m set starts_at = at, ends_at = at + interval '30 minutes' from spread where spread.id = m.id`.execute(
    executor,
  )
  await sql`
    update attendees set first_name = 'Guest', last_name = 'No. ' || meeting_id, utm_source = '' where role = 'booker'`.execute(
    executor,
  )
  await sql`
    update members set last_name = substr(email, 7, position('@' in email) - 7) where first_name = 'Grown'`.execute(
    executor,
  )
  await sql`
    insert into meeting_types (organization_id, name, slug, kind, duration_minutes, location_type, assignment, seats,
      approval, visibility, cancellation, rescheduling, created_at)
    select organization_id, 'Type ' || number, 'type-' || number, kind, duration_minutes, location_type, assignment, seats,
      approval, visibility, cancellation, rescheduling, created_at
    from meeting_types, generate_series(1, 58) as number
    where organization_id = ${organization} and slug = 'grown'`.execute(executor)
  await sql`
    with made as (
      insert into pages (organization_id, name, slug, created_at)
      select ${organization}, 'Page ' || number, 'page-' || number, now() from generate_series(1, 200) as number
      returning organization_id, id, slug
    ), named as (
      insert into page_slugs (slug, organization_id, page_id) select slug, organization_id, id from made
    )
    insert into page_meeting_types (organization_id, page_id, meeting_type_id, position)
    select made.organization_id, made.id, types.id, row_number() over (partition by made.id order by types.id)
    from made join meeting_types types on types.organization_id = made.organization_id
    where types.slug like 'type-%'`.execute(executor)
  await sql`
    insert into tags (organization_id, name, created_at)
    select ${organization}, 'tag-' || number, now() from generate_series(1, 300) as number`.execute(executor)
  await opened.close()
}

/** The requests that a page makes to the server: the API paths, and the bytes on the wire. */
async function watch(page: Page) {
  const paths: string[] = []
  let bytes = 0
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname.startsWith('/api/')) paths.push(pathname.slice('/api/v1'.length) + search)
  })
  return { paths, bytes: () => bytes }
}

/** The lists that were requested with more rows than a screen shows. */
const wholeLists = (paths: string[]) => paths.filter((path) => Number(/[?&]limit=(\d+)/.exec(path)?.[1] ?? 0) > 50)

test('the first screen is small, and no list is loaded completely', async () => {
  const page = await openAdmin(story, '/admin/meetings')
  await page.locator('.meeting-row').first().waitFor()
  const seen = await watch(page)
  await page.reload()
  await page.locator('.meeting-row').first().waitFor()
  await page.getByLabel('500 meetings').waitFor()
  await page.waitForLoadState('networkidle')
  assert.ok(seen.bytes() < 300_000, `${seen.bytes()} bytes`)
  assert.deepEqual(wholeLists(seen.paths), [])
  assert.ok(seen.paths.length <= 8, seen.paths.join('\n'))
  assert.equal(await page.locator('.meeting-row').count(), 50)
  await page.context().close()
})

test('the list is read page by page, forwards and backwards, and is never endless on a phone', async () => {
  const page = await openAdmin(story, '/admin/meetings', phone)
  const pages = page.getByRole('navigation', { name: 'Pagination' })
  const first = page.locator('.meeting-title').first()
  const names: string[] = []
  for (let number = 0; number < 3; number++) {
    await page.locator('.meeting-row').nth(49).waitFor()
    names.push(await first.innerText())
    await pages.getByRole('link', { name: 'Next' }).click()
    await page
      .locator('.meeting-title')
      .first()
      .filter({ hasNotText: names.at(-1)! })
      .waitFor()
  }
  assert.equal(new Set(names).size, 3)
  const height: number = await page.evaluate('document.documentElement.scrollHeight')
  assert.ok(height < 15_000, `${height} pixels`)
  await page.reload()
  await page.locator('.meeting-row').first().waitFor()
  await pages.getByRole('link', { name: 'Previous' }).click()
  await first.filter({ hasText: names[2]! }).waitFor()
  await page.goBack()
  await page.goBack()
  await first.filter({ hasText: names[2]! }).waitFor()
  await page.context().close()
})

test('hosts, meeting types and tags are found by typing', async () => {
  const page = await openAdmin(story, '/admin/meetings')
  await page.locator('.meeting-row').first().waitFor()
  const seen = await watch(page)
  for (const [label, typed, found] of [
    ['Host', 'grown 377', 'Grown 377'],
    ['Meeting type', 'type 57', 'Type 57'],
    ['Tag', 'tag-299', 'tag-299'],
  ] as const) {
    const input = page.getByRole('combobox', { name: label })
    await input.click()
    await page.getByRole('option').nth(19).waitFor()
    assert.equal(await page.getByRole('option').count(), 20)
    await input.fill(typed)
    await page.getByRole('option', { name: found, exact: true }).click()
    await page.waitForURL(/[?&](host|type|tag)=/)
  }
  await page.reload()
  const host = page.getByRole('combobox', { name: 'Host' })
  await waitFor(async () => (await host.inputValue()) === 'Grown 377', { what: 'the name of the chosen host' })
  await page.getByRole('heading', { name: 'No matching meetings' }).waitFor()
  assert.deepEqual(wholeLists(seen.paths), [])
  await page.context().close()
})

test('members and tags are listed in pages, and searched', async () => {
  const page = await openAdmin(story, '/admin/members')
  const seen = await watch(page)
  for (const [path, list, typed, found] of [
    ['members', 'Members', 'grown-451@', 'Grown 451'],
    ['tags', 'Tags', 'tag-298', 'tag-298'],
  ] as const) {
    await page.goto(`${story.server.url}/admin/${path}`)
    const rows = page.getByRole('list', { name: list }).getByRole('listitem')
    await rows.nth(49).waitFor()
    assert.equal(await rows.count(), 50)
    await assertAccessible(page, `${path} of a large organization`)
    await page.getByRole('button', { name: 'Load more' }).click()
    await rows.nth(99).waitFor()
    await page.getByRole('searchbox').fill(typed)
    await rows.nth(1).waitFor({ state: 'detached' })
    await rows.getByText(found, { exact: true }).waitFor()
    await page.getByRole('searchbox').fill('no such name')
    await page.getByText('Nothing found').waitFor()
  }
  assert.deepEqual(wholeLists(seen.paths), [])
  await page.context().close()
})

test('200 pages of 58 meeting types each are shown in parts', async () => {
  const page = await openAdmin(story, '/admin/pages')
  const seen = await watch(page)
  await page.reload()
  const rows = page.locator('.page-row')
  await rows.nth(49).waitFor()
  assert.equal(await rows.count(), 50)
  assert.deepEqual(
    wholeLists(seen.paths).filter((path) => path.startsWith('/pages')),
    [],
  )
  await page.getByRole('button', { name: 'Load more' }).click()
  await rows.nth(99).waitFor()

  await page.goto(`${story.server.url}/admin/meeting-types`)
  const groups = page.locator('.type-group')
  await groups.nth(9).waitFor()
  assert.equal(await groups.count(), 10)
  assert.ok((await page.locator('.type-row').count()) <= 120)
  await page.getByRole('button', { name: /^Show 19\d more/ }).click()
  await groups.nth(34).waitFor()
  await page.getByRole('searchbox').fill('Type 57')
  await groups.nth(10).waitFor({ state: 'detached' })
  assert.equal(await groups.count(), 10)
  await page.context().close()
})

test('forms and filters search members, meeting types and tags on the server', async () => {
  const page = await openAdmin(story, '/admin/members')
  const seen = await watch(page)
  const choose = async (input: Locator, typed: string, found: string) => {
    await input.click()
    await page.getByRole('option').nth(1).waitFor()
    assert.ok((await page.getByRole('option').count()) <= 30)
    await input.fill(typed)
    await page.getByRole('option', { name: found, exact: true }).click()
  }
  const open = (path: string) => page.goto(`${story.server.url}/admin/${path}`)
  const combobox = (name: string) => page.getByRole('combobox', { name })

  await open('availability')
  await choose(combobox('Member'), 'grown 377', 'Grown 377')
  await page.getByText('When Grown 377 can be booked.').waitFor()

  await open('settings/api-keys')
  await page.getByRole('button', { name: 'New API key' }).first().click()
  await combobox('Role').click()
  await page.getByRole('option', { name: 'Member' }).click()
  await choose(combobox('Acts as'), 'grown 388', 'Grown 388')

  await open('settings/audit-log')
  await choose(combobox('Who'), 'grown 412', 'Grown 412')
  await page.waitForURL(/who=member/)

  await open('settings/webhooks/new')
  await page.getByRole('button', { name: 'Add condition' }).click()
  await choose(combobox('Value of condition 1'), 'type 41', 'Type 41')

  await open('meeting-types/new')
  await page.getByRole('tab', { name: 'Hosts' }).click()
  await choose(combobox('Hosts'), 'grown 99', 'Grown 99')
  await page.waitForLoadState('networkidle')
  assert.deepEqual(
    wholeLists(seen.paths).filter((path) => /members|tags/.test(path)),
    [],
  )
  await page.context().close()
})
