import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import ICAL from 'ical.js'
import { eachDatabase } from '../../test/support/databases.ts'
import { type MailServer, startMailServer } from '../../test/support/mail-server.ts'
import { book, type Office, openOffice, openPost, type Post } from '../../test/support/notifications.ts'

/** Returns every property of the entry, parsed by an independent library. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  const entry = calendar.getFirstSubcomponent('vevent')
  assert.ok(entry, text)
  return { calendar: properties(calendar), entry: properties(entry) }
}

const properties = (component: ICAL.Component) => component.getAllProperties().map((property) => property.toJSON())

const unix = (content: unknown) => String(content).replaceAll('\r\n', '\n')

eachDatabase((open) => {
  let office: Office
  let post: Post
  let server: MailServer
  let slug: { confirmed: string; requested: string; group: string }

  before(async () => {
    office = await openOffice(await open())
    server = await startMailServer()
    post = await openPost(office, { smtpUrl: server.url })
    slug = {
      confirmed: await office.slug({}),
      requested: await office.slug({ approval: 'manual' }),
      group: await office.slug({ kind: 'group', seats: 3, approval: 'manual' }),
    }
  })
  after(async () => {
    post.close()
    await server.stop()
    await office.stop()
  })

  /** Attendees do not need to sign in, but a host's link requires a session or a key. */
  const download = (externalId: string, headers: { authorization?: null } = { authorization: null }) =>
    office.api('GET', `/api/v1/public/attendees/${externalId}/calendar.ics`, undefined, headers)

  /** The last email to this address. */
  async function lastMail(address: string) {
    await post.sendDue()
    const mail = server.mails.findLast(({ recipients }) => recipients.includes(address))
    assert.ok(mail, address)
    return { text: mail.text ?? '', entry: String(mail.attachments[0]?.content) }
  }

  async function assertSame({ external_id, email, isHost }: { external_id: string; email: string; isHost?: true }) {
    const file = await download(external_id, isHost ? {} : { authorization: null })
    const mail = (await lastMail(email)).entry
    assert.equal(file.status, 200, file.text)
    assert.deepEqual(read(file.text), read(mail))
    assert.equal(unix(file.text), unix(mail))
    return file
  }

  const statusOf = (text: string) => /^STATUS:(\w+)/m.exec(text)?.[1]

  describe('an attendee’s calendar file equals the entry in the last email', () => {
    test('confirmed, moved and cancelled', async () => {
      const booked = await book(office, slug.confirmed)
      const file = await assertSame(booked)
      assert.equal(statusOf(file.text), 'CONFIRMED')
      assert.equal(file.headers.get('content-type'), 'text/calendar; charset=utf-8; method=REQUEST')
      assert.equal(file.headers.get('content-disposition'), 'attachment; filename="meeting.ics"')
      assert.equal(file.headers.get('cache-control'), 'no-store')

      const moved = { start: '2027-03-09T09:00:00Z' }
      await office.api('POST', `/api/v1/meetings/${booked.meeting.id}/reschedule`, moved)
      assert.match((await assertSame(booked)).text, /^SEQUENCE:1\r$/m)

      await office.api('POST', `/api/v1/meetings/${booked.meeting.id}/cancel`)
      const cancelled = await assertSame(booked)
      assert.equal(statusOf(cancelled.text), 'CANCELLED')
      assert.match(cancelled.headers.get('content-type') ?? '', /method=CANCEL$/)
    })

    test('pending, then approved or declined', async () => {
      const [first, second] = [
        await book(office, slug.requested, { start: '2027-03-10T09:00:00Z' }),
        await book(office, slug.requested, { start: '2027-03-10T10:00:00Z' }),
      ]
      assert.equal(statusOf((await assertSame(first)).text), 'TENTATIVE')
      await office.api('POST', `/api/v1/meetings/${first.meeting.id}/approve`)
      assert.equal(statusOf((await assertSame(first)).text), 'CONFIRMED')
      await office.api('POST', `/api/v1/meetings/${second.meeting.id}/decline`)
      assert.equal(statusOf((await assertSame(second)).text), 'CANCELLED')
    })

    test('in a group, without the other attendees', async () => {
      const start = '2027-03-11T09:00:00Z'
      const [first, second] = [await book(office, slug.group, { start }), await book(office, slug.group, { start })]
      // Emails that are due at the same time arrive in any order. The booking emails must not arrive last.
      await post.sendDue()
      await office.api('POST', `/api/v1/meetings/${first.meeting.id}/approve`)
      for (const [own, other] of [
        [first, second],
        [second, first],
      ] as const)
        assert.ok(!(await assertSame(own)).text.includes(other.email))
    })
  })

  test('a host’s calendar file equals the entry in their email', async () => {
    const { email: host } = (await office.api('GET', '/api/v1/members')).body.data[0]
    for (const type of [slug.confirmed, slug.requested]) {
      const start = type === slug.confirmed ? '2027-03-12T09:00:00Z' : '2027-03-12T10:00:00Z'
      const { email, meeting } = await book(office, type, { start })
      const link = /\/m\/(\w+)$/m.exec((await lastMail(host)).text)?.[1]
      assert.ok(link)
      assert.ok((await assertSame({ external_id: link, email: host, isHost: true })).text.includes(email))
      await office.api('POST', `/api/v1/meetings/${meeting.id}/cancel`)
      await assertSame({ external_id: link, email: host, isHost: true })
    }
  })

  test('an unknown link is a problem document', async () => {
    const { status, headers, body } = await download('unknown')
    assert.deepEqual([status, body.code], [404, 'not_found'])
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
  })
})
