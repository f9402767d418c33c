import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openAdmin } from './admin-story.ts'
import { openStory, type Story } from './story.ts'

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

const api = async (method: string, path: string, body?: object) => {
  const answer = await story.server.request(method, path, body)
  assert.ok(answer.status < 300, answer.text)
  return answer.body
}

test('the admin speaks the language of the member', async () => {
  const [owner] = (await api('GET', '/api/v1/members')).data
  const page = await openAdmin(story, '/admin/members')
  for (const [language, titles] of Object.entries(headings)) {
    await api('PATCH', `/api/v1/members/${owner.id}`, { locale: language })
    for (const [at, path] of paths.entries()) {
      await page.goto(story.server.url + path)
      await page.getByRole('heading', { level: 1, name: titles[at] ?? '', exact: true }).waitFor()
      assert.match(String(await page.evaluate('document.documentElement.lang')), new RegExp(`^${language}`))
    }
  }
  await api('PATCH', `/api/v1/members/${owner.id}`, { locale: null })
  await page.context().close()
})

test('the keyboard reaches the content without the navigation', async () => {
  const page = await openAdmin(story, '/admin/tags')
  await page.getByRole('heading', { level: 1, name: 'Tags' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Tags' }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the content')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'content')
  await page.context().close()
})
