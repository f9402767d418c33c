import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { FrameLocator, Page } from 'playwright-core'
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

async function openSite(markup: string, options = {}, inlineScripts = ''): Promise<Page> {
  body = markup
  policy = `default-src 'none'; script-src ${story.server.url} ${inlineScripts}; frame-src ${story.server.url}`
  const page = await story.open('/healthz', options)
  const { port } = site.address() as AddressInfo
  await page.goto(`http://127.0.0.1:${port}/`)
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
  const contentHeight = await frame.locator('body').evaluate('document.body.scrollHeight')
  await page.waitForFunction(`document.querySelector('iframe').offsetHeight === ${contentHeight}`)
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

test('elements that an application adds later work, and removed ones leave nothing behind', async () => {
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

test('a floating button opens the pop-up, once, though the script is loaded twice', async () => {
  const tag = `<script src="${story.server.url}/embed.js" data-floating="studio/intro" data-label="Meet us"></script>`
  const page = await openSite(tag + tag)
  await page.getByRole('button', { name: 'Meet us' }).click()
  await page.frameLocator('dialog iframe').locator('.time').first().waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  await page.context().close()
})

test('every example of the documentation shows a page', async () => {
  const text = await readFile(new URL('../../docs/embedding.md', import.meta.url), 'utf8')
  const examples = [...text.matchAll(/```html\n([^`]*)```/g)].map(([, example]) => example!)
  assert.ok(examples.length >= 5)
  for (const example of examples) {
    const markup = example.replaceAll('https://book.example.com', story.server.url).replaceAll(/\bteam\b/g, 'studio')
    const page = await openSite(markup, {}, "'unsafe-inline'")
    if (!/data-bookbell=|Bookbell.inline/.test(markup)) await page.getByRole('button').click()
    await page.frameLocator('iframe').locator('.time').first().waitFor()
    await page.context().close()
  }
})
