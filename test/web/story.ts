import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { findFreePort } from '../support/free-port.ts'
import { type ServerOptions, startServer, type TestServer } from '../support/server.ts'

export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }
export const desktop = { viewport: { width: 1280, height: 860 } }

export type Story = {
  server: TestServer
  browser: Browser
  /** A page in a new browser. Any error or blocked resource on it fails the story. */
  open: (path: string, options?: BrowserContextOptions) => Promise<Page>
  /** Creates something through the API and returns it. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on responses of any shape
  create: (resource: string, body: unknown) => Promise<any>
  stop: () => Promise<void>
}

/**
 * The real server and a real browser, whose pages have the size of `screen` (default: a desktop). With `host`, the server has
 * that public name instead of a loopback address, so that all limits apply as on the internet.
 */
export async function openStory({
  screen = desktop,
  host,
  ...options
}: ServerOptions & { screen?: BrowserContextOptions; host?: string } = {}): Promise<Story> {
  const port = host ? String(await findFreePort()) : undefined
  const named = port ? { PORT: port, BOOKBELL_URL: `http://${host}` } : {}
  const server = await startServer({ ...options, env: { ...options.env, ...named } })
  const browser = await launchBrowser(port ? [`--host-resolver-rules=MAP ${host} 127.0.0.1:${port}`] : []).catch(
    async (error) => {
      await server.stop()
      throw error
    },
  )
  const faults: string[] = []
  return {
    server,
    browser,
    open: async (path, settings = {}) => {
      const context = await browser.newContext({
        ...screen,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        ...settings,
      })
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.stack ?? error.message}`))
      page.on('console', (message) => {
        // A 4xx response or a lost connection can be part of the story. Everything else that a page reports is an error.
        const isExpected = /status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(message.text())
        if (message.type() === 'error' && !isExpected) faults.push(message.text())
      })
      await page.goto(server.url + path)
      return page
    },
    create: async (resource, body) => {
      const answer = await server.request('POST', `/api/v1/${resource}`, body)
      assert.equal(answer.status, 201, answer.text)
      return answer.body
    },
    stop: async () => {
      await browser.close()
      await server.stop()
      assert.deepEqual(faults, [], 'no page had a fault')
    },
  }
}

/** Office hours on every day, so that a story can run on any date. */
export const everyDay = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'].map((day) => ({ day, from: '09:00', to: '17:00' }))

/** The initial host, with hours in Berlin, and a page with the given meeting types. */
export async function furnish(story: Story, types: Record<string, unknown>[], weekly = everyDay) {
  const { body: members } = await story.server.request('GET', '/api/v1/members')
  const host = members.data[0].id as number
  const named = { first_name: 'Mara', last_name: 'Lindqvist', timezone: 'Europe/Berlin' }
  await story.server.request('PATCH', `/api/v1/members/${host}`, named)
  await story.create('schedules', { member: host, default: true, name: 'Office', timezone: 'Europe/Berlin', weekly })
  const ids: number[] = []
  for (const type of types) {
    const created = await story.create('meeting-types', {
      kind: 'one_on_one',
      duration_minutes: 30,
      hosts: [host],
      location_type: 'place',
      location: '123 Address Street',
      ...type,
    })
    ids.push(created.id)
  }
  await story.create('pages', { name: 'Studio', slug: 'studio', meeting_types: ids })
  return { host, types: ids }
}

/** Fails on violations of WCAG or of axe's best practices, once the page has settled. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  let found = await findViolations(page)
  // While a dialog fades in, its colours are only half opaque, so a violation counts only if it persists.
  for (let looks = 1; found.length > 0 && looks < 4; looks++) found = await findViolations(page)
  assert.deepEqual(found, [], what)
}

/** Does the same in light and in dark mode. */
export async function assertAccessibleInAllColours(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await assertAccessible(page, `${what}, ${colorScheme}`)
  }
}

/**
 * Returns the violations that axe finds. `AxeBuilder` would also check frames, but takes ten times as long, because it also
 * returns every rule that passed.
 */
async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(settleAnimations)
  const violations =
    page.frames().length > 1 ? (await new AxeBuilder({ page }).analyze()).violations : await runAxe(page)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}

async function runAxe(page: Page): Promise<axe.Result[]> {
  if (!(await page.evaluate('Boolean(window.axe)'))) await page.evaluate(axe.source)
  return page.evaluate('axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)')
}

/** Presses Tab until the focus is on an element that matches the selector, with that text if one is given. */
export async function tabTo(page: Page, selector: string, text = ''): Promise<void> {
  const wanted = `matches(${JSON.stringify(selector)}) && document.activeElement.textContent.trim()`
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate(`document.activeElement.${wanted}`)
    if (found !== false && (text === '' || found === text)) return
  }
  assert.fail(`${selector} ${text} cannot be reached by Tab`)
}

const settleAnimations = `Promise.allSettled(document.getAnimations()
  .filter((animation) => animation.effect.getTiming().iterations !== Infinity)
  .map((animation) => animation.finished))`
