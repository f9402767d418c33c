import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { FrameLocator, Page } from 'playwright-core'
import { waitFor } from '../support/wait.ts'
import { furnish, openStory, phone, type Story } from './story.ts'

let story: Story
let site: Server
let body = ''
let policy = ''

/** A site with another origin and a policy that allows our script and frames, but no inline styles. */
before(async () => {
  story = await openStory()
  await furnish(story, [{ name: 'Intro', slug: 'intro' }])
  site = createServer((_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': policy,
    })
    response.end(`<!doctype html><html lang="en"><title>A site</title><body>${body}</body></html>`)
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
})

after(async () => {
  site.closeAllConnections()
  site.close()
  await story.stop()
})

async function openSite(
  markup: string,
  options = {},
  further: { scripts?: string; query?: string } = {},
): Promise<Page> {
  const { scripts = '', query = '' } = further
  body = markup
  policy = `default-src 'none'; script-src ${story.server.url} ${scripts}; frame-src ${story.server.url}; style-src 'unsafe-inline'`
  const page = await story.open('/healthz', options)
  const { port } = site.address() as AddressInfo
  await page.goto(`http://127.0.0.1:${port}/${query}`)
  await page.evaluate('window.heard = []; addEventListener("bookbell:booked", (event) => heard.push(event.detail))')
  return page
}

async function book(frame: FrameLocator, name: string): Promise<void> {
  await frame.locator('.time').first().click()
  await frame.getByLabel('First name').fill(name)
  await frame.getByLabel('Email').fill(`${name}@example.com`)
  await frame.getByRole('button', { name: 'Confirm' }).click()
  await frame.getByRole('heading', { name: 'You are booked' }).waitFor()
}

test('a page embedded in another site is as high as its content, and notifies the site of a booking', async () => {
  const page = await openSite(
    `<div data-bookbell="studio/intro?utm_source=site"></div><script src="${story.server.url}/embed.js"></script>`,
    phone,
  )
  const frame = page.frameLocator('iframe')
  await frame.locator('.time').first().waitFor()
  const heightOfContent = () =>
    frame.locator('body').evaluate('Math.ceil(document.body.getBoundingClientRect().height)')
  const heightOfFrame = () => page.evaluate('document.querySelector("iframe").offsetHeight')
  await waitFor(async () => (await heightOfFrame()) === (await heightOfContent()), {
    what: 'the height of the content',
  })
  await book(frame, 'inline')
  const [message] = (await page.evaluate('window.heard')) as Record<string, unknown>[]
  assert.equal(message?.page, 'studio')
  assert.equal(message?.meeting_type, 'intro')
  assert.equal(message?.status, 'confirmed')
  assert.equal('external_id' in message!, false, 'a site that frames the page gets no link to change the meeting')
  const { body: found } = await story.server.request('GET', '/api/v1/meetings?attendee_email=inline@example.com')
  assert.equal(found.data[0].attendees[0].utm_source, 'site')
  await page.context().close()
})

test('elements that an application adds later work, and removed elements leave nothing behind', async () => {
  const page = await openSite(`<main></main><script src="${story.server.url}/embed.js"></script>`)
  await page.evaluate(
    `document.querySelector('main').innerHTML = '<div data-bookbell="studio"></div><a href="#" data-bookbell-popup="studio/intro">Book</a>'`,
  )
  await page.frameLocator('main iframe').getByRole('link', { name: /Intro/ }).waitFor()
  await page.evaluate(`document.querySelector('main div').remove()`)
  assert.equal(await page.locator('iframe').count(), 0)

  await page.getByRole('link', { name: 'Book' }).click()
  await book(page.frameLocator('dialog iframe'), 'popup')
  assert.equal(((await page.evaluate('window.heard')) as unknown[]).length, 1)
  await page.getByRole('button', { name: 'Close' }).click()
  await page.locator('dialog').waitFor({ state: 'detached' })
  await page.context().close()
})

test('a floating button opens the pop-up once, even though the script is loaded twice', async () => {
  const tag = `<script src="${story.server.url}/embed.js" data-floating="studio/intro" data-label="Meet us"></script>`
  const page = await openSite(tag + tag)
  await page.getByRole('button', { name: 'Meet us' }).click()
  await page.frameLocator('dialog iframe').locator('.time').first().waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  await page.context().close()
})

test('an embed is light or dark like its site, whatever the visitor prefers, unless its attribute overrides this', async () => {
  const embed = `<div data-bookbell="studio/intro"></div><script src="${story.server.url}/embed.js"></script>`
  const dark = '<style>:root { color-scheme: dark }</style>'
  const both = '<style>:root { color-scheme: light dark }</style>'
  for (const [markup, theme] of [
    [embed, 'light'],
    [dark + embed, 'dark'],
    [both + embed, 'dark'],
    [`<meta name="color-scheme" content="dark">${embed}`, 'dark'],
    [dark + embed.replace('<div', '<div data-theme="light"'), 'light'],
    [embed.replace('<div', '<div data-theme="auto"'), 'dark'],
  ] as const) {
    const page = await openSite(markup, { colorScheme: 'dark' })
    const frame = page.frameLocator('iframe')
    await frame.locator('.time').first().waitFor()
    const shown = frame.locator('html')
    assert.equal(await shown.getAttribute('data-theme'), theme, markup)
    const read =
      '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.documentElement).colorScheme]'
    assert.deepEqual(await shown.evaluate(read), ['rgba(0, 0, 0, 0)', theme], 'the site shows through')
    assert.equal(await page.locator('iframe').evaluate('document.querySelector("iframe").style.colorScheme'), theme)
    await page.context().close()
  }
})

test('the button that closes the pop-up does not cover the page, and is in the site’s language', async () => {
  for (const size of [phone, { viewport: { width: 1440, height: 900 } }]) {
    const page = await openSite(
      `<button data-bookbell-popup="studio/intro" data-lang="de">Open</button><script src="${story.server.url}/embed.js"></script>`,
      size,
    )
    await page.getByRole('button', { name: 'Open' }).click()
    await page.frameLocator('dialog iframe').locator('.time').first().waitFor()
    const button = (await page.getByRole('button', { name: 'Schließen' }).boundingBox())!
    const frame = (await page.locator('dialog iframe').boundingBox())!
    assert.ok(button.y + button.height <= frame.y, `${button.y + button.height} above ${frame.y}`)
    assert.ok(frame.x >= 0 && frame.y + frame.height <= size.viewport.height)
    await page.context().close()
  }
})

test('an invalid embed does not affect any other', async () => {
  const page = await openSite(
    `<div data-bookbell="https://other.example.com/x"></div><div data-bookbell="http://["></div>
    <button data-bookbell-popup="https://other.example.com">Wrong</button>
    <div data-bookbell="studio/intro"></div><button data-bookbell-popup="studio/intro">Right</button>
    <script src="${story.server.url}/embed.js" data-floating="https://other.example.com/"></script>`,
  )
  await page.frameLocator('iframe').locator('.time').first().waitFor()
  await page.getByRole('button', { name: 'Wrong' }).click()
  await page.getByRole('button', { name: 'Right' }).click()
  await page.frameLocator('dialog iframe').locator('.time').first().waitFor()
  assert.equal(await page.locator('[data-bookbell] iframe').count(), 1)
  await page.context().close()
})

test('the site’s campaign parameters are passed on if requested, except those that the embed sets itself', async () => {
  const markup = (attribute: string) =>
    `<div data-bookbell="studio/intro?utm_medium=own" ${attribute}></div><script src="${story.server.url}/embed.js"></script>`
  const query = '?utm_source=news&utm_medium=mail&other=1'
  for (const [attribute, source, name] of [
    ['data-forward-utm', 'news', 'forwarded'],
    ['', '', 'silent'],
  ] as const) {
    const page = await openSite(markup(attribute), {}, { query })
    await book(page.frameLocator('iframe'), name)
    const { body: found } = await story.server.request('GET', `/api/v1/meetings?attendee_email=${name}@example.com`)
    const [{ utm_source, utm_medium }] = found.data[0].attendees
    assert.deepEqual([utm_source, utm_medium], [source, 'own'])
    await page.context().close()
  }
})

test('visitors can book in a plain sandboxed frame', async () => {
  const page = await openSite(
    `<iframe src="${story.server.url}/studio/intro" sandbox="allow-scripts allow-forms" style="width: 100%; height: 50rem"></iframe>`,
  )
  await book(page.frameLocator('iframe'), 'sandboxed')
  await page.context().close()
})

test('every example in the documentation shows a page', async () => {
  const text = await readFile(new URL('../../docs/embedding.md', import.meta.url), 'utf8')
  const examples = [...text.matchAll(/```html\n([^`]*)```/g)].map(([, example]) => example!)
  assert.ok(examples.length >= 5)
  for (const example of examples) {
    const markup = example.replaceAll('https://book.example.com', story.server.url).replaceAll(/\bteam\b/g, 'studio')
    const page = await openSite(markup, {}, { scripts: "'unsafe-inline'" })
    if (!/data-bookbell=|Bookbell.inline|<iframe/.test(markup)) await page.getByRole('button').click()
    await page.frameLocator('iframe').locator('.time').first().waitFor()
    await page.context().close()
  }
})
