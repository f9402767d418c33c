import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openAdmin } from './admin-story.ts'
import { assertAccessibleInAllColours, furnish, openStory, phone, type Story, tabTo } from './story.ts'

let story: Story

before(async () => {
  story = await openStory()
  await furnish(story, [{ name: 'Intro', slug: 'intro' }])
})
after(() => story?.stop())

const picture = (color: string) =>
  sharp({ create: { width: 600, height: 400, channels: 3, background: color } })
    .png()
    .toBuffer()

/** A phone photo of more than 2 MB. */
async function largePhoto(): Promise<Buffer> {
  const [width, height] = [1800, 1350]
  const noise = sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
  const bytes = await noise.jpeg({ quality: 95 }).toBuffer()
  assert.ok(bytes.length > 2_100_000, String(bytes.length))
  return bytes
}

const choose = (page: Page, label: string, file: { name: string; mimeType: string; buffer: Buffer }) =>
  page.getByLabel(label, { exact: true }).and(page.locator('input[type=file]')).setInputFiles(file)

const png = (buffer: Buffer) => ({ name: 'picture.png', mimeType: 'image/png', buffer })

test('a person uploads a photo, which visitors and colleagues see, and removes it', async () => {
  const page = await openAdmin(story, '/admin/account')
  const field = page.getByRole('group', { name: 'Photo' })
  await field.waitFor()
  await tabTo(page, 'button', 'Upload picture')
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser', { timeout: 60_000 }),
    field.getByRole('button', { name: 'Upload picture' }).press('Enter'),
  ])
  await chooser.setFiles({ name: 'phone.jpg', mimeType: 'image/jpeg', buffer: await largePhoto() })
  await field.getByRole('button', { name: 'Remove picture' }).waitFor()
  const source = String(await field.locator('img').getAttribute('src'))
  assert.match(source, /^\/images\//)
  await page.locator(`.person img[src="${source}"]`).waitFor()
  await assertAccessibleInAllColours(page, 'the account with a photo')

  const visitor = await story.open('/studio/intro', phone)
  await visitor.locator(`img.host-avatar[src="${source}"]`).waitFor()
  await visitor.waitForFunction('document.querySelector("img.host-avatar").naturalWidth === 400')
  await assertAccessibleInAllColours(visitor, 'the booking page with a photo')

  await choose(page, 'Photo', { name: 'x.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') })
  await field.getByText('This file cannot be used.').waitFor()
  await assertAccessibleInAllColours(page, 'a file that is not a picture')
  await field.getByRole('button', { name: 'Remove picture' }).click()
  await field.getByRole('button', { name: 'Upload picture' }).waitFor()
  await visitor.reload()
  assert.equal(await visitor.locator('.host-avatar').innerText(), 'ML')
  await visitor.context().close()
  await page.context().close()
})

test('an admin uploads the logo and the photo of a member', async () => {
  const page = await openAdmin(story, '/admin/settings/organization')
  await choose(page, 'Logo', png(await picture('#c2410c')))
  const field = page.getByRole('group', { name: 'Logo' })
  await field.getByRole('button', { name: 'Remove picture' }).waitFor()
  const source = String(await field.locator('img').getAttribute('src'))
  await page.locator(`.preview img[src="${source}"]`).waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Studio Lindqvist')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Settings saved').or(page.getByText('Saved')).first().waitFor()
  await assertAccessibleInAllColours(page, 'the organization with a logo')

  const visitor = await story.open('/studio/intro')
  await visitor.locator(`img.organization-logo[src="${source}"]`).waitFor()
  const preview = await fetch(`${story.server.url}/previews/studio/intro.png`)
  assert.deepEqual([preview.status, preview.headers.get('content-type')], [200, 'image/png'])
  await visitor.context().close()

  await page.goto(`${story.server.url}/admin/members`)
  await page.getByRole('button', { name: 'More actions for Mara Lindqvist' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await choose(page, 'Photo', png(await picture('#1d4ed8')))
  await page.getByRole('dialog').getByRole('button', { name: 'Remove picture' }).waitFor()
  await assertAccessibleInAllColours(page, 'the dialog of a member with a photo')
  await page.keyboard.press('Escape')
  await page.locator('.row img[src^="/images/"]').waitFor()
  await page.context().close()
})
