import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { waitFor } from '../support/wait.ts'
import { bookPublicly, openAdmin } from './admin-story.ts'
import { furnish, openStory, type Story } from './story.ts'

let story: Story
let webhook: number
let meeting: number

before(async () => {
  story = await openStory()
  await furnish(story, [{ name: 'Intro', slug: 'intro' }])
  await story.create('tags', { name: 'VIP' })
  await story.create('pages', { name: 'Second', slug: 'second', meeting_types: [] })
  const inspector = await story.create('inspectors', { name: 'Receiver' })
  webhook = (await story.create('webhooks', { url: inspector.url })).id
  meeting = await bookPublicly(story, 'intro', { name: 'Ada' })
})

after(() => story.stop())

type Form = {
  path: string
  /** The label of the button that opens the form's dialog, or of the tab that contains the form. */
  open?: string
  /** The invalid values to enter, by label. */
  wrong: Record<string, string>
  submit: string
  /** A valid value for the first of these fields. */
  right: string
}

const forms: Form[] = [
  { path: 'tags', open: 'New tag', wrong: { Name: 'VIP' }, submit: 'Create tag', right: 'New' },
  {
    path: 'members',
    open: 'Invite member',
    wrong: { Email: 'no address' },
    submit: 'Invite',
    right: 'a@example.com',
  },
  {
    path: 'pages',
    open: 'New page',
    wrong: { Name: 'Third', 'URL path': 'second' },
    submit: 'Create page',
    right: 'Third page',
  },
  {
    path: 'settings/api-keys',
    open: 'New API key',
    wrong: { 'Allowed networks': 'home', Name: 'x' },
    submit: 'Create API key',
    right: '10.0.0.0/8',
  },
  { path: 'settings/webhooks/new', wrong: { URL: 'nowhere' }, submit: 'Add webhook', right: 'https://example.com/' },
  { path: 'settings/organization', wrong: { 'Logo URL': 'logo' }, submit: 'Save', right: '' },
  {
    path: 'meeting-types/new',
    wrong: { Name: 'Intro', 'URL path': 'intro link!' },
    submit: 'Create meeting type',
    right: 'B',
  },
  {
    path: 'account',
    wrong: { 'Current password': 'x', 'New password': 'short' },
    submit: 'Change password',
    right: 'y',
  },
  { path: 'settings/inspectors', open: 'New inspector', wrong: { Name: '' }, submit: 'Create inspector', right: 'CRM' },
  {
    path: 'settings/blocked',
    open: 'Block',
    wrong: { 'Email address or domain': 'no address!' },
    submit: 'Block',
    right: 'example.com',
  },
  { path: 'settings/privacy', wrong: { 'Email address': 'no address' }, submit: 'Search', right: 'ada@example.com' },
  {
    path: 'availability?tab=time-off',
    open: 'Add time off',
    wrong: { 'Last day': '2032-05-03', 'First day': '2032-05-04' },
    submit: 'Add time off',
    right: '2032-05-05',
  },
  { path: 'availability/1', wrong: { Name: '' }, submit: 'Save', right: 'Hours' },
]

/** Checks whether the focus is on an invalid field or message that is visible on the screen. */
const isShown = `(() => {
  const active = document.activeElement
  const { top, bottom } = active.getBoundingClientRect()
  const isWrong = active.matches('[aria-invalid="true"], :invalid, [role="alert"]') ||
    active.closest('.mantine-InputWrapper-root')?.querySelector('.mantine-InputWrapper-error') !== null
  return isWrong && top >= 0 && bottom <= innerHeight
})()`

const field = (page: Page, label: string) =>
  page.getByRole('dialog').or(page.locator('main')).last().getByLabel(label, { exact: true }).first()

for (const { path, open, wrong, submit, right } of forms)
  test(`the first error of the form at ${path} gets the focus on a small screen, and goes once it is right`, async () => {
    const page = await openAdmin(story, `/admin/${path}`, { viewport: { width: 360, height: 480 } })
    if (open) await page.getByRole('button', { name: open }).first().click()
    for (const [label, value] of Object.entries(wrong)) await field(page, label).fill(value)
    await page.getByRole('button', { name: submit, exact: true }).last().click()
    await waitFor(() => page.evaluate<boolean>(isShown), { what: `the error at ${path}` })
    const first = field(page, Object.keys(wrong)[0] ?? '')
    await first.fill(right)
    assert.notEqual(await first.getAttribute('aria-invalid'), 'true')
    await page.context().close()
  })

type Refused = { path: () => string; steps: (page: Page) => Promise<void>; submit: string }

/** Forms whose fields cannot be wrong. Their request fails because there is no connection. */
const unsent: Record<string, Refused> = {
  limits: {
    path: () => '/admin/availability?tab=limits',
    steps: (page) => page.getByLabel('Meetings per day').fill('3'),
    submit: 'Save',
  },
  privacy: {
    path: () => '/admin/settings/privacy',
    steps: (page) => page.getByLabel('Erase personal data after (days)').fill('90'),
    submit: 'Save',
  },
  block: {
    path: () => `/admin/meetings?meeting=${meeting}`,
    steps: async (page) => {
      await page.getByRole('button', { name: 'Cancel all and block' }).click()
      await page.getByText(/meeting.* will be cancelled/).waitFor()
    },
    submit: 'Cancel meetings and block',
  },
  replay: {
    path: () => `/admin/settings/webhooks/${webhook}`,
    steps: async (page) => {
      await page.getByRole('button', { name: 'Replay' }).click()
      await page.getByRole('radio', { name: /^All deliveries/ }).check()
      await page.getByText(/deliver.* will be queued/).waitFor()
    },
    submit: 'Replay',
  },
}

for (const [name, { path, steps, submit }] of Object.entries(unsent))
  test(`an error of the form for ${name} that belongs to no field gets the focus on a small screen`, async () => {
    const page = await openAdmin(story, path(), { viewport: { width: 360, height: 480 } })
    await steps(page)
    await page.context().setOffline(true)
    await page.getByRole('button', { name: submit, exact: true }).last().click()
    await waitFor(() => page.evaluate<boolean>(isShown), { what: `the error of ${name}` })
    await page.context().close()
  })

test('a refusal that belongs to no field comes into view', async () => {
  const page = await story.open('/admin', { viewport: { width: 360, height: 300 } })
  await page.getByLabel(/^E-?mail/).fill('owner@example.com')
  await page.getByRole('textbox', { name: 'Password' }).fill('a wrong guess')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await waitFor(() => page.evaluate<boolean>(isShown), { what: 'the error of the sign-in' })
  await page.context().close()
})
