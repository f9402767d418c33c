import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openPostgres } from '../../src/platform/database.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { waitFor } from '../support/wait.ts'
import { chooseFirstTime, fillPerson, listMeetings } from './attendee-story.ts'
import { assertAccessibleInAllColours, furnish, openStory, type Story } from './story.ts'

let story: Story
let mails: MailServer
let database: Awaited<ReturnType<typeof createTestDatabase>>

before(async () => {
  mails = await startMailServer()
  database = await createTestDatabase()
  story = await openStory({ env: { SMTP_URL: mails.url, DATABASE_URL: database.url } })
  await furnish(story, [{ name: 'Intro', slug: 'intro', confirm_email: true }])
})
after(async () => {
  await story?.stop()
  await database?.drop()
  await mails?.stop()
})

/** Books on the page as someone with this name, and returns the page and the path of the link in the email. */
async function hold(name: string, locale = 'en-GB') {
  const page = await story.open('/studio/intro', { locale })
  await chooseFirstTime(page)
  await fillPerson(page, name)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'Check your email' }).waitFor()
  const mail = await waitFor(
    () => mails.mails.find(({ recipients }) => recipients.includes(`${name.toLowerCase()}@example.com`)),
    { what: 'the mail' },
  )
  const link = /\/m\/[\w-]+\/confirm/.exec(mail.text ?? '')?.[0]
  return { page, link: link ?? 'missing' }
}

test('a visitor is asked to check their email; opening the link does not book, but pressing its button does', async () => {
  const { page, link } = await hold('Ada')
  await page.getByText('ada@example.com').waitFor()
  await assertAccessibleInAllColours(page, 'the page that asks to check the mail')
  await page.goto(story.server.url + link)
  await page.getByRole('heading', { name: 'Confirm your meeting' }).waitFor()
  await assertAccessibleInAllColours(page, 'the page of the link')
  assert.deepEqual(await listMeetings(story, 'attendee_email=ada@example.com'), [])
  await page.getByRole('button', { name: 'Confirm and book' }).click()
  await page.getByRole('heading', { name: 'Your meeting', exact: true }).waitFor()
  const [meeting] = await listMeetings(story, 'attendee_email=ada@example.com')
  assert.equal(meeting.confirmed, true)
  await page.goto(story.server.url + link)
  await page.getByRole('heading', { name: 'This meeting is booked' }).waitFor()
  await page.getByRole('link', { name: 'Show the meeting' }).click()
  await page.getByRole('heading', { name: 'Your meeting', exact: true }).waitFor()
  await page.context().close()
})

test('a link that has expired says so and offers to book again', async () => {
  const { page, link } = await hold('Ben')
  await page.goto(story.server.url + link)
  const opened = await openPostgres(database.url)
  await sql`update holds set expires_at = now() where external_id is null`.execute(opened.executor)
  await opened.close()
  await page.getByRole('button', { name: 'Confirm and book' }).click()
  await page.getByRole('heading', { name: 'This link has expired' }).waitFor()
  await assertAccessibleInAllColours(page, 'an expired link')
  await page.getByRole('link', { name: 'Book again' }).click()
  await page.getByRole('heading', { name: 'Intro', level: 1 }).waitFor()
  await page.goto(`${story.server.url}/m/wrong/confirm`)
  await page.getByRole('heading', { name: 'This link is not valid' }).waitFor()
  await page.context().close()
})
