import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Story } from './story.ts'

/** Returns the times offered on the displayed day. */
export const times = (page: Page) => page.locator('.time')

/** Returns the chosen start. */
export async function chooseTime(page: Page, at: number): Promise<string> {
  const time = times(page).nth(at)
  const start = await time.getAttribute('data-start')
  await time.click()
  return start!
}

export async function chooseFirstTime(page: Page): Promise<string> {
  const start = await chooseTime(page, 0)
  await page.getByRole('heading', { name: 'Your details' }).waitFor()
  return start
}

export async function fillPerson(page: Page, first: string): Promise<void> {
  await page.getByLabel('First name').fill(first)
  await page.getByLabel('Email', { exact: true }).fill(`${first.toLowerCase()}@example.com`)
}

export async function listMeetings(story: Story, query: string) {
  const { body } = await story.server.request('GET', `/api/v1/meetings?limit=50&${query}`)
  return body.data
}

/** Books the last free start in the next days, so that tests that use the first starts are not affected. */
export async function bookLast(story: Story, name: string) {
  const today = Temporal.Now.plainDateISO('UTC')
  const base = '/api/v1/public/pages/studio/meeting-types/intro'
  const query = `from=${today}&to=${today.add({ days: 30 })}&timezone=UTC`
  const { body } = await story.server.request('GET', `${base}/slots?${query}`)
  const booked = await story.server.request('POST', `${base}/meetings`, {
    start: body.slots.at(-1).start,
    attendee: { first_name: name, last_name: '', email: `${name}@example.com`, timezone: 'Europe/Berlin' },
  })
  assert.equal(booked.status, 201, booked.text)
  return booked.body
}
