import assert from 'node:assert/strict'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { assertAccessibleInAllColours, type Story } from './story.ts'

const owner = { email: 'owner@example.com', password: 'correct horse battery staple' }

/** Opens an admin page in a new browser, and signs in. */
export async function openAdmin(
  story: Story,
  path: string,
  { as = owner, ...settings }: BrowserContextOptions & { as?: { email: string; password: string } } = {},
): Promise<Page> {
  const page = await story.open(path, settings)
  await page.getByLabel('Email').fill(as.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(as.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor({ state: 'detached' })
  return page
}

/** Books a meeting type on the page `studio`: the first offered start, or the start at `at`. */
export async function bookPublicly(story: Story, type: string, { name, at = 0 }: { name: string; at?: number }) {
  const base = `/api/v1/public/pages/studio/meeting-types/${type}`
  const tomorrow = Temporal.Now.plainDateISO('UTC').add({ days: 1 })
  const query = `from=${tomorrow}&to=${tomorrow.add({ days: 9 })}&timezone=Europe/Berlin`
  const { body } = await story.server.request('GET', `${base}/slots?${query}`)
  const booked = await story.server.request('POST', `${base}/meetings`, {
    start: body.slots[at].start,
    attendee: { first_name: name, last_name: 'Vale', email: `${name}@example.com`.toLowerCase(), timezone: 'UTC' },
  })
  assert.equal(booked.status, 201, booked.text)
  return booked.body.meeting.id as number
}

/** A meeting as the API returns it. */
export async function readMeeting(story: Story, id: number) {
  return (await story.server.request('GET', `/api/v1/meetings/${id}`)).body
}

/** Opens each URL in turn, and fails on accessibility violations and on any element wider than the screen. */
export async function assertEachAccessible(
  page: Page,
  origin: string,
  paths: [path: string, heading: string | RegExp][],
) {
  for (const [path, heading] of paths) {
    await page.goto(origin + path)
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    for (const loading of await page.getByRole('status', { name: 'Loading' }).all())
      await loading.waitFor({ state: 'detached' })
    await assertAccessibleInAllColours(page, path)
    assert.deepEqual(await page.evaluate(findLayoutFaults), [], path)
  }
}

/** Finds elements wider than the screen, buttons with clipped text, and rows whose parts overlap or have too little space. */
const findLayoutFaults = `(() => {
  const faults = []
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) faults.push('wider than the screen')
  for (const part of document.querySelectorAll('button *, a *, .mantine-Badge-root *')) {
    if (part.matches('.visually-hidden')) continue
    const { overflowX, textOverflow } = getComputedStyle(part)
    const cut = overflowX !== 'visible' && part.scrollWidth > part.clientWidth + 1
    if (cut && (textOverflow !== 'ellipsis' || part.closest('.mantine-Badge-root'))) faults.push('cut off: ' + part.textContent)
  }
  for (const row of document.querySelectorAll('.row')) {
    const boxes = [...row.children].map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 0)
    const over = boxes.some((a, at) => boxes.slice(at + 1).some((b) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1))
    const out = [...row.querySelectorAll('*')].some((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 1)
    if (over || out) faults.push('a row whose parts lie over each other: ' + row.textContent)
    const text = row.querySelector(':scope > .row-text')
    if (text && text.clientWidth < 0.4 * row.clientWidth) faults.push('a row whose text is squeezed: ' + row.textContent)
  }
  return faults
})()`
