import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bookLast, chooseFirstTime, fillPerson } from './attendee-story.ts'
import { furnish, openStory, phone, type Story } from './story.ts'

let story: Story
let manage: string

/** A public server, because limits do not apply to a developer's own address. */
before(async () => {
  story = await openStory({ host: 'book.example' })
  await furnish(story, [{ name: 'Intro', slug: 'intro' }])
  manage = (await bookLast(story, 'Nora')).external_id
})

after(() => story.stop())

test('pages run only scripts that are our own files', async () => {
  for (const path of [
    '/studio',
    '/studio/intro',
    `/m/${manage}`,
    '/no-such-page',
    '/admin',
    '/setup/none',
    '/inspect/none',
  ]) {
    const { headers, text } = await story.server.request('GET', path)
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/, path)
    assert.match(policy, /script-src 'self'(;|$)/, path)
    for (const [tag] of text.matchAll(/<script[^>]*>/g)) assert.match(tag, / src="\/|type="application\/json"/, path)
    assert.doesNotMatch(text, /<[^>]+\son\w+=/, path)
  }
})

test('a visitor who sends too many requests is asked to wait, and keeps everything they typed', async () => {
  const admin = await story.open('/admin')
  await admin.getByLabel('Email').fill('owner@example.com')
  await admin.getByRole('textbox', { name: 'Password' }).fill('a guess')
  const slower = admin.getByText(/Too many attempts\. Try again in \d+ seconds, or reset your password\./)
  for (let tries = 0; tries < 12 && !(await slower.isVisible()); tries++) {
    const answered = admin.waitForResponse((response) => response.url().includes('/sign-in/email'))
    await admin.getByRole('button', { name: 'Sign in', exact: true }).click()
    await answered
  }
  await slower.waitFor()
  await admin.context().close()

  const page = await story.open('/studio/intro', phone)
  await chooseFirstTime(page)
  await fillPerson(page, 'Iris')
  const cancel = () => story.server.request('POST', '/api/v1/public/attendees/unknown/cancel', {})
  while ((await cancel()).status !== 429);
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('Too many requests. Please wait a moment and try again.').waitFor()
  assert.equal(await page.getByLabel('First name').inputValue(), 'Iris')
  await page.context().close()
})
