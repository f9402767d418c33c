import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eachDatabase } from '../../test/support/databases.ts'
import { startMailServer } from '../../test/support/mail-server.ts'
import { book, type Office, openOffice, openPost } from '../../test/support/notifications.ts'
import { findMeetingSnapshot } from '../meetings/service.ts'
import { HOUR } from '../time/durations.ts'

eachDatabase((open) => {
  let office: Office
  let owner: number
  before(async () => {
    office = await openOffice(await open(), { BOOKBELL_URL: 'http://localhost:4150' })
    owner = (await office.api('GET', '/api/v1/members')).body.data[0].id
  })
  after(() => office.stop())

  const change = async (id: number, patch: object) => {
    const answer = await office.api('PATCH', `/api/v1/members/${id}`, patch)
    assert.equal(answer.status, 200, answer.text)
  }

  /** Sends all pending emails and returns those that arrived. */
  async function deliver() {
    const server = await startMailServer()
    const post = await openPost(office, { smtpUrl: server.url })
    await post.sendDue()
    post.close()
    await server.stop()
    return server.mails
  }
  const mailFor = (mails: Awaited<ReturnType<typeof deliver>>, address: string) =>
    mails.filter(({ recipients }) => recipients[0] === address)

  test('emails follow a member who changes address, name, time zone or language', async () => {
    const start = '2027-03-09T09:00:00Z'
    const { meeting, email } = await book(office, await office.slug({}), { start })
    await deliver()
    const former = (await office.api('GET', `/api/v1/members/${owner}`)).body
    await change(owner, { email: 'olga@new.example.com', first_name: 'Olga', last_name: 'Neu', timezone: 'Asia/Tokyo' })
    await change(owner, { locale: 'de' })
    const moved = await office.api('POST', `/api/v1/meetings/${meeting.id}/reschedule`, {
      start: '2027-03-09T11:00:00Z',
    })
    assert.equal(moved.status, 200, moved.text)
    const mails = await deliver()
    assert.deepEqual(mailFor(mails, former.email), [])
    const [toHost] = mailFor(mails, 'olga@new.example.com')
    assert.match(toHost?.subject ?? '', /^Verschoben: Intro/)
    assert.match(toHost?.text ?? '', /20:00/)
    assert.match(toHost?.text ?? '', /Asia\/Tokyo/)
    assert.equal(toHost?.to?.[0]?.name, 'Olga Neu')
    const [toGuest] = mailFor(mails, email)
    assert.equal(toGuest?.replyTo?.[0]?.address, 'olga@new.example.com')
    assert.match(
      String(toGuest?.attachments[0]?.content).replaceAll(/\r?\n /g, ''),
      /ORGANIZER;.*mailto:olga@new\.example\.com/,
    )
    // The meeting's own record stays unchanged.
    const stored = await findMeetingSnapshot(office.database.executor, office.organization, meeting.id)
    assert.equal(stored?.hosts[0]?.email, former.email)
  })

  test('an address that was passed on receives nothing about its former owner’s meetings', async () => {
    await change(owner, { email: 'shared@example.com' })
    const { meeting } = await book(office, await office.slug({}), { start: '2027-03-10T09:00:00Z' })
    await deliver()
    const cancelled = await office.api('POST', `/api/v1/meetings/${meeting.id}/cancel`, { message: 'private words' })
    assert.equal(cancelled.status, 200, cancelled.text)
    // The email is pending while the address moves to another member.
    await change(owner, { email: 'olga@example.com' })
    const heir = await office.api('POST', '/api/v1/members', { email: 'shared@example.com', first_name: 'Heir' })
    assert.equal(heir.status, 201, heir.text)
    const mails = await deliver()
    assert.deepEqual(mailFor(mails, 'shared@example.com'), [])
    assert.equal(mailFor(mails, 'olga@example.com').length, 1)
  })

  test('an email to a deleted member is not sent', async () => {
    const made = await office.api('POST', '/api/v1/members', { email: 'leaver@example.com', first_name: 'Leaver' })
    const weekly = ['mo', 'tu', 'we', 'th', 'fr'].map((day) => ({ day, from: '00:00', to: '24:00' }))
    const hours = { member: made.body.id, name: 'Always', timezone: 'UTC', weekly }
    const schedule = (await office.api('POST', '/api/v1/schedules', hours)).body.id
    const slug = await office.slug({ hosts: [made.body.id], schedule })
    const { meeting } = await book(office, slug, { start: '2027-03-11T09:00:00Z' })
    await deliver()
    await office.api('POST', `/api/v1/meetings/${meeting.id}/cancel`, {})
    const type = (await office.api('GET', '/api/v1/meeting-types?limit=100')).body.data.find(
      (each: { slug: string }) => each.slug === slug,
    )
    await office.api('DELETE', `/api/v1/meeting-types/${type.id}`)
    const deleted = await office.api('DELETE', `/api/v1/members/${made.body.id}`)
    assert.equal(deleted.status, 204, deleted.text)
    office.clock.advance(HOUR)
    assert.deepEqual(mailFor(await deliver(), 'leaver@example.com'), [])
    const { body } = await office.api('GET', '/api/v1/mailbox?status=failed')
    assert.equal(body.data[0].problem, 'the recipient is no longer a member')
  })

  test('the link in "Approval needed" leads to the meeting, and the host’s entry names the attendee', async () => {
    const { meeting, email } = await book(office, await office.slug({ approval: 'manual' }), {
      start: '2027-03-12T09:00:00Z',
    })
    const mails = await deliver()
    const toHost = mails.find(({ recipients }) => recipients[0] !== email)
    assert.ok(toHost?.text?.includes(`http://localhost:4150/admin/meetings?meeting=${meeting.id}`))
    assert.match(String(toHost?.attachments[0]?.content), /SUMMARY:Intro (with|mit) Ben Booker/)
  })
})
