import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { languageCodes } from '../../src/i18n/languages.ts'
import { loadAdminTexts } from '../../web/admin/i18n/load.ts'
import { findFreePort } from '../support/free-port.ts'
import { waitFor } from '../support/wait.ts'
import { openAdmin } from './admin-story.ts'
import { assertAccessible, openStory, type Story } from './story.ts'

let story: Story

before(async () => {
  story = await openStory({})
})

after(() => story.stop())

const headings = {
  en: ['Members', 'Organization', 'Your account'],
  de: ['Mitglieder', 'Organisation', 'Ihr Konto'],
  fr: ['Membres', 'Organisation', 'Votre compte'],
  es: ['Miembros', 'Organización', 'Tu cuenta'],
  pt: ['Membros', 'Organização', 'A sua conta'],
}
const paths = ['/admin/members', '/admin/settings/organization', '/admin/account']

/** Returns the elements that are wider than the screen. */
const findWide = `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *')]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map((part) => part.outerHTML.slice(0, 200))`

const api = async (method: string, path: string, body?: object) => {
  const answer = await story.server.request(method, path, body)
  assert.ok(answer.status < 300, answer.text)
  return answer.body
}

test('the admin is shown in the member’s language, on a phone and on a desktop', async () => {
  const [owner] = (await api('GET', '/api/v1/members')).data
  const page = await openAdmin(story, '/admin/members', { viewport: { width: 320, height: 700 } })
  for (const [language, titles] of Object.entries(headings)) {
    await api('PATCH', `/api/v1/members/${owner.id}`, { locale: language })
    for (const [at, path] of paths.entries()) {
      await page.goto(story.server.url + path)
      await page.getByRole('heading', { level: 1, name: titles[at] ?? '', exact: true }).waitFor()
      assert.match(String(await page.evaluate('document.documentElement.lang')), new RegExp(`^${language}`))
      for (const width of [320, 390, 1440]) {
        await page.setViewportSize({ width, height: 800 })
        // The navigation's width changes in a transition.
        await waitFor(async () => (await page.evaluate<string[]>(findWide)).length === 0)
      }
    }
    await assertAccessible(page, `the account in ${language}`)
  }
  await api('PATCH', `/api/v1/members/${owner.id}`, { locale: null })
  await page.context().close()
})

test('a diagnosis describes its findings in the member’s language', async () => {
  const [owner] = (await api('GET', '/api/v1/members')).data
  const address = `127.0.0.1:${await findFreePort()}`
  const webhook = await api('POST', '/api/v1/webhooks', { url: `http://${address}/hook` })
  const page = await openAdmin(story, '/admin/tags')
  for (const language of languageCodes) {
    await api('PATCH', `/api/v1/members/${owner.id}`, { locale: language })
    const texts = await loadAdminTexts(language)
    await page.goto(`${story.server.url}/admin/settings/webhooks/${webhook.id}?tab=diagnose`)
    await page.getByRole('tab', { selected: true, name: String(texts['webhooks.diagnose']) }).waitFor()
    await page.getByRole('button', { name: String(texts['webhooks.run_diagnosis']) }).click()
    const failed = page.locator('.step.failed')
    await failed.getByText(String(texts['findings.connection_refused_remedy'])).waitFor()
    await failed.getByText(new RegExp(`${address}.*\\(ECONNREFUSED\\)`)).waitFor()
    await assertAccessible(page, `a diagnosis in ${language}`)
  }
  await api('PATCH', `/api/v1/members/${owner.id}`, { locale: null })
  await page.context().close()
})

/** One page of each kind: lists, filters, forms, dialogs, tabs. */
const kindsOfPages = [
  'meetings',
  'availability',
  'meeting-types/new',
  'members',
  'settings/webhooks/new',
  'settings/audit-log',
  'settings/api-keys',
  'settings/privacy',
]

test('the admin is accessible in each language', async () => {
  const [owner] = (await api('GET', '/api/v1/members')).data
  const page = await openAdmin(story, '/admin/tags', { viewport: { width: 390, height: 800 } })
  for (const language of languageCodes.filter((code) => code !== 'en')) {
    await api('PATCH', `/api/v1/members/${owner.id}`, { locale: language })
    for (const path of kindsOfPages) {
      await page.goto(`${story.server.url}/admin/${path}`)
      await page.locator('h1').waitFor()
      await page.waitForLoadState('networkidle')
      await assertAccessible(page, `${path} in ${language}`)
    }
  }
  await api('PATCH', `/api/v1/members/${owner.id}`, { locale: null })
  await page.context().close()
})

test('members without their own language read the organization’s language', async () => {
  await api('PATCH', '/api/v1/organization', { default_language: 'fr', default_timezone: 'Europe/Paris' })
  const page = await openAdmin(story, '/admin/tags')
  await page.getByRole('heading', { level: 1, name: 'Étiquettes' }).waitFor()
  const added = await api('POST', '/api/v1/members', { email: 'lou@example.com' })
  assert.equal(added.timezone, 'Europe/Paris')
  await page.getByRole('button', { name: 'Nouvelle étiquette' }).first().click()
  await page.getByRole('textbox', { name: 'Nom' }).fill('VIP')
  await api('POST', '/api/v1/tags', { name: 'VIP' })
  await page.getByRole('button', { name: 'Créer l’étiquette' }).click()
  await page.getByText('Déjà utilisé. Choisissez autre chose.').waitFor()
  await page.context().close()
  await api('PATCH', '/api/v1/organization', { default_language: null })
})

test('when the session ends, a sign-in over the page keeps the entered text, and repeats the change', async () => {
  const page = await openAdmin(story, '/admin/tags')
  await page.getByRole('button', { name: 'New tag' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Kept')
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Create tag' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sign in to continue' })
  await dialog.getByRole('textbox', { name: 'Password' }).fill('correct horse battery staple')
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('Tag “Kept” created').waitFor()
  await dialog.waitFor({ state: 'detached' })
  await page.context().close()
})

test('keyboard users can skip the navigation', async () => {
  const page = await openAdmin(story, '/admin/tags')
  await page.getByRole('heading', { level: 1, name: 'Tags' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Tags' }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to content')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'content')
  await page.context().close()
})
