import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitFor } from '../support/wait.ts'
import { bookLast, chooseFirstTime, fillPerson, times } from './attendee-story.ts'
import { furnish, openStory, type Story } from './story.ts'

let story: Story

before(async () => {
  story = await openStory()
  await furnish(story, [
    { name: 'Intro', slug: 'intro' },
    { name: 'Secret', slug: 'secret', visibility: 'hidden' },
  ])
})

after(() => story.stop())

const get = (path: string) => fetch(story.server.url + path, { headers: { accept: 'text/html' }, redirect: 'manual' })

test('search engines may list public pages only', async () => {
  const { external_id: link } = await bookLast(story, 'Nora')
  for (const path of ['/studio', '/studio/intro'])
    assert.equal((await get(path)).headers.get('x-robots-tag'), null, path)
  const own = [
    `/m/${link}`,
    `/m/${link}/cancel`,
    '/m/unknown/confirm',
    '/setup/x',
    '/inspect/x',
    '/invitation/x',
    '/admin',
  ]
  for (const path of [...own, '/studio/secret', '/studio/nothing', '/nothing']) {
    const response = await get(path)
    assert.equal(response.headers.get('x-robots-tag'), 'noindex, nofollow', path)
    assert.match(await response.text(), /<meta name="robots" content="noindex, nofollow">/, path)
  }
})

test('the link preview picture, icons, manifest and robots.txt are served', async () => {
  const html = await (await get('/studio/intro')).text()
  const [, picture] = /og:image" content="([^"]*)"/.exec(html) ?? []
  for (const [path, type] of [
    [new URL(picture!).pathname, 'image/png'],
    ['/previews/studio.png', 'image/png'],
    ['/favicon.ico', 'image/x-icon'],
    ['/favicon-512.png', 'image/png'],
    ['/apple-touch-icon.png', 'image/png'],
    ['/site.webmanifest', 'application/manifest+json'],
    ['/robots.txt', 'text/plain; charset=utf-8'],
  ] as const) {
    const response = await fetch(story.server.url + path)
    assert.equal(response.status, 200, path)
    assert.equal(response.headers.get('content-type'), type)
  }
  assert.equal((await fetch(`${story.server.url}/previews/nothing.png`)).status, 404)
})

test('without JavaScript, the page says in five languages that it needs JavaScript', async () => {
  const page = await story.open('/studio', { javaScriptEnabled: false })
  for (const text of ['needs JavaScript', 'benötigt JavaScript', 'besoin de JavaScript', 'necesita', 'precisa'])
    await page.locator('noscript p', { hasText: text }).waitFor()
  await page.context().close()
})

test('every step has its own title, and the confirmation prints without buttons', async () => {
  const page = await story.open('/studio')
  const titles = new Set<string>()
  const note = async (pattern: RegExp) => {
    await waitFor(async () => pattern.test(await page.title()))
    const title = await page.title()
    assert.equal(titles.has(title), false, title)
    titles.add(title)
  }
  await note(/^Studio/)
  await page.goto(`${story.server.url}/studio/intro`)
  await note(/^Intro/)
  await chooseFirstTime(page)
  await note(/^Your details · Intro/)
  await fillPerson(page, 'Tina')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await note(/^You are booked · Intro/)
  await page.emulateMedia({ media: 'print' })
  await page.getByText('Tina').first().waitFor()
  assert.equal(await page.locator('.button:visible, .footer:visible').count(), 0)
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('link', { name: 'Reschedule' }).click()
  await note(/^Choose a new time · Intro/)
  await chooseAnyTime(page)
  await note(/^New time · Intro/)
  await page.goto(page.url().replace('/reschedule', '/cancel'))
  await note(/^Cancel this meeting/)
  await page.goto(`${story.server.url}/nothing`)
  await note(/^Page not found/)
  await page.context().close()
})

const chooseAnyTime = (page: Parameters<typeof times>[0]) => times(page).first().click()

test('the first Tab press offers to skip to the times', async () => {
  const page = await story.open('/studio/intro')
  await times(page).first().waitFor()
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Skip to the available times' }).press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.className'), 'time numeric')
  await page.context().close()
})
