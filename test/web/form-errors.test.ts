import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { waitFor } from '../support/wait.ts'
import { openAdmin } from './admin-story.ts'
import { furnish, openStory, type Story } from './story.ts'

let story: Story

before(async () => {
  story = await openStory()
  await furnish(story, [{ name: 'Intro', slug: 'intro' }])
  await story.create('tags', { name: 'VIP' })
  await story.create('pages', { name: 'Second', slug: 'second', meeting_types: [] })
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

test('a refusal that belongs to no field comes into view', async () => {
  const page = await story.open('/admin', { viewport: { width: 360, height: 300 } })
  await page.getByLabel(/^E-?mail/).fill('owner@example.com')
  await page.getByRole('textbox', { name: 'Password' }).fill('a wrong guess')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await waitFor(() => page.evaluate<boolean>(isShown), { what: 'the error of the sign-in' })
  await page.context().close()
})
