import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import {
  findDeadUrl,
  type MailServerOptions,
  startMailServer,
  startSilentServer,
} from '../../test/support/mail-server.ts'
import { book, now, type Office, openOffice, openPost, type Post } from '../../test/support/notifications.ts'
import { waitFor } from '../../test/support/wait.ts'
import { createMetrics } from '../platform/metrics.ts'
import { HOUR } from '../time/durations.ts'
import { createCleaningJob } from './cleaning-job.ts'
import { registerMailMetrics } from './mail-metrics.ts'
import { notifyAdmins, notifyMember } from './service.ts'
import { createNotificationWorker } from './worker.ts'

eachDatabase((open) => {
  let office: Office
  const release: (() => unknown)[] = []
  before(async () => {
    office = await openOffice(await open())
  })
  after(async () => {
    for (const step of release.reverse()) await step()
    await office.stop()
  })
  // Each test begins a day after the previous one, without pending emails.
  beforeEach(async () => {
    office.clock.advance(24 * HOUR)
    await (await post()).sendDue()
  })

  async function post(options: Parameters<typeof openPost>[1] = {}): Promise<Post> {
    const opened = await openPost(office, options)
    release.push(() => opened.close())
    return opened
  }

  async function server(options: MailServerOptions = {}) {
    const started = await startMailServer(options)
    release.push(() => started.stop())
    return started
  }

  /** Finds a free start a number of hours from now. */
  let hours = 48
  const soon = () => new Date(office.clock.now() + ++hours * HOUR).toISOString().replace(/\d\d:\d\d\.\d+Z/, '00:00Z')

  async function mailTo(address: string) {
    const { body } = await office.api('GET', '/api/v1/mailbox?limit=200')
    return body.data.filter(({ to }: { to: { address: string } }) => to.address === address)
  }

  describe('a booking', () => {
    test('is emailed once to the attendee and once to the host, by the first worker', async () => {
      const { url, mails } = await server()
      const { email } = await book(office, await office.slug({}), { start: soon() })
      const posts = await Promise.all([post({ smtpUrl: url }), post({ smtpUrl: url }), post({ smtpUrl: url })])
      await Promise.all(posts.map(({ sendDue }) => sendDue()))
      assert.equal(mails.length, 2)
      const toBen = mails.find(({ recipients }) => recipients[0] === email)
      const toHost = mails.find(({ recipients }) => recipients[0] !== email)
      assert.match(toBen?.subject ?? '', /^Confirmed: Intro with Olga Owner/)
      assert.match(toBen?.text ?? '', /America\/New_York/)
      assert.match(toHost?.subject ?? '', /^New meeting: Intro with Ben Booker/)
      assert.match(toHost?.text ?? '', /Europe\/Berlin/)
      assert.deepEqual(toBen?.replyTo?.[0]?.address, toHost?.recipients[0])
      assert.deepEqual(
        toBen?.attachments.map(({ mimeType }) => mimeType),
        ['text/calendar', 'application/ics'],
      )
    })

    test('that is rejected sends no email', async () => {
      const slug = await office.slug({})
      const start = soon()
      await book(office, slug, { start })
      const path = `/api/v1/public/pages/team/meeting-types/${slug}/meetings`
      const attendee = { first_name: 'Late', last_name: 'Comer', email: 'late@example.com', timezone: 'UTC' }
      assert.equal((await office.api('POST', path, { start, attendee })).status, 409)
      assert.deepEqual(await mailTo('late@example.com'), [])
    })

    test('sends emails at each step of its life, with one UID and increasing sequence numbers', async () => {
      const { url, mails } = await server()
      const { sendDue } = await post({ smtpUrl: url })
      const {
        email,
        external_id: link,
        meeting,
      } = await book(office, await office.slug({ approval: 'manual' }), { start: soon() })
      const say = async (path: string, body = {}) => {
        office.clock.advance(1000)
        const answer = await office.api('POST', path, body)
        assert.equal(answer.status, 200, answer.text)
      }
      await say(`/api/v1/meetings/${meeting.id}/approve`, { message: 'Gladly' })
      await say(`/api/v1/meetings/${meeting.id}/reschedule`, { start: soon() })
      await say(`/api/v1/public/attendees/${link}/reschedule`, { start: soon() })
      await say(`/api/v1/meetings/${meeting.id}/decline`)
      await sendDue()
      const toBen = mails.filter(({ recipients }) => recipients[0] === email)
      const entries = toBen
        .map(({ attachments }) => String(attachments[0]?.content))
        .map((text) =>
          ['METHOD', 'SEQUENCE', 'STATUS', 'UID'].map((name) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(text)?.[1]),
        )
        .sort((a, b) => Number(a[1]) - Number(b[1]))
      assert.deepEqual(
        entries.map(([method, sequence, status]) => [method, sequence, status]),
        [
          ['REQUEST', '0', 'TENTATIVE'],
          ['REQUEST', '1', 'CONFIRMED'],
          ['REQUEST', '2', 'CONFIRMED'],
          ['REQUEST', '3', 'TENTATIVE'],
          ['CANCEL', '4', 'CANCELLED'],
        ],
      )
      const { calendar } = (await office.api('GET', `/api/v1/public/attendees/${link}`)).body.meeting
      assert.deepEqual([...new Set(entries.map(([, , , uid]) => uid))], [calendar.uid])
      assert.equal(calendar.sequence, 4)
      assert.equal(mails.length, 10)
    })
  })

  describe('a mail server that', () => {
    test('cannot be reached delays the email, not the booking, and loses nothing', async () => {
      const dead = await findDeadUrl()
      const { sendDue } = await post({ smtpUrl: dead })
      const { email } = await book(office, await office.slug({}), { start: soon() })
      await sendDue()
      const [waiting] = await mailTo(email)
      assert.equal(waiting.status, 'waiting')
      assert.match(waiting.problem, /ECONNREFUSED/)
      const { mails } = await server({ port: Number(new URL(dead).port) })
      await sendDue()
      assert.equal(mails.length, 0)
      // One email probes whether the server is back. Then all emails are sent.
      office.clock.advance(60_000)
      await sendDue()
      await sendDue()
      assert.equal(mails.length, 2)
      assert.deepEqual(
        (await mailTo(email)).map(({ status }: { status: string }) => status),
        ['sent'],
      )
    })

    test('cannot be reached is probed with single emails, less and less often', async () => {
      const silent = await startSilentServer()
      release.push(() => silent.stop())
      const { sendDue } = await post({ smtpUrl: silent.url, patience: { connectMs: 50, answerMs: 50, mailMs: 500 } })
      const slug = await office.slug({ kind: 'group', seats: 30 })
      const start = soon()
      for (let person = 0; person < 10; person++) await book(office, slug, { start })
      await sendDue()
      const first = silent.connections()
      assert.ok(first <= 8, `${first} connections`)
      for (let look = 0; look < 12; look++) {
        await sendDue()
        office.clock.advance(5000)
      }
      // A minute later, after waits of 5, 10, 20 and 40 seconds.
      assert.ok(silent.connections() - first <= 4, `${silent.connections() - first} more`)
    })

    test('hangs delays neither bookings nor other work', async () => {
      const gate = Promise.withResolvers<void>()
      const taken = Promise.withResolvers<void>()
      const { url } = await server({
        onMail: () => {
          taken.resolve()
          return gate.promise
        },
      })
      const slug = await office.slug({})
      await book(office, slug, { start: soon() })
      const sending = (await post({ smtpUrl: url })).sendDue()
      await taken.promise
      const { meeting } = await book(office, slug, { start: soon() })
      assert.equal((await office.api('POST', `/api/v1/meetings/${meeting.id}/cancel`)).status, 200)
      await (await post()).remindDue()
      assert.deepEqual((await office.api('GET', '/api/v1/mailbox?status=waiting')).body.data.length, 2)
      gate.resolve()
      await sending
    })

    test('rejects one recipient fails only that email', async () => {
      const slug = await office.slug({})
      const refused = await book(office, slug, { start: soon(), attendee: { email: 'nobody@example.com' } })
      const { url, mails } = await server({ refuse: { when: 'recipient', holding: 'nobody@', code: 550 } })
      const { sendDue } = await post({ smtpUrl: url })
      await sendDue()
      office.clock.advance(24 * HOUR)
      await sendDue()
      const [mail] = await mailTo(refused.email)
      assert.deepEqual([mail.status, mail.attempts], ['failed', 1])
      assert.match(mail.problem, /550/)
      assert.ok(mails.some(({ subject }) => subject?.startsWith('New meeting: Intro')))
    })

    test('returns a temporary error receives the email again later, with the same Message-ID', async () => {
      const { email } = await book(office, await office.slug({}), { start: soon() })
      const busy = await server({ refuse: { when: 'recipient', holding: '@example.com', code: 451 } })
      const tried = await post({ smtpUrl: busy.url })
      await tried.sendDue()
      await tried.sendDue()
      const [waiting] = await mailTo(email)
      assert.deepEqual([waiting.status, waiting.attempts], ['waiting', 1])
      const { message_id } = (await office.api('GET', `/api/v1/mailbox/${waiting.id}`)).body
      const { url, mails } = await server()
      office.clock.advance(40_000)
      await (await post({ smtpUrl: url })).sendDue()
      assert.equal(mails.find(({ recipients }) => recipients[0] === email)?.messageId, message_id)
    })

    test('never accepts an email makes it fail after three days', async () => {
      const { email } = await book(office, await office.slug({}), { start: soon() })
      const { url } = await server({ refuse: { when: 'recipient', holding: '@example.com', code: 451 } })
      const { sendDue } = await post({ smtpUrl: url })
      await sendDue()
      office.clock.advance(3 * 24 * HOUR)
      await sendDue()
      const [mail] = await mailTo(email)
      assert.equal(mail.status, 'failed')
    })
  })

  test('an email whose worker died after sending it is sent again with the same Message-ID, and settled once', async () => {
    const { email } = await book(office, await office.slug({}), { start: soon() })
    const gate = Promise.withResolvers<void>()
    const taken = Promise.withResolvers<void>()
    let first = true
    const { url, mails } = await server({
      async onMail({ recipients }) {
        if (recipients[0] !== email || !first) return
        first = false
        taken.resolve()
        await gate.promise
      },
    })
    const slow = await post({ smtpUrl: url })
    const sending = slow.sendDue()
    await taken.promise
    const other = await post({ smtpUrl: url })
    await other.sendDue()
    assert.equal(mails.filter(({ recipients }) => recipients[0] === email).length, 0)
    // The first claim expires. The email was sent but not settled.
    office.clock.advance(4 * 60_000)
    await other.sendDue()
    gate.resolve()
    await sending
    const repeats = mails.filter(({ recipients }) => recipients[0] === email)
    assert.equal(repeats.length, 2)
    assert.equal(new Set(repeats.map(({ messageId }) => messageId)).size, 1)
    const [mail] = await mailTo(email)
    assert.deepEqual([mail.status, mail.attempts], ['sent', 2])
  })

  test('an email in flight when the process stops is immediately due again', async () => {
    const { email } = await book(office, await office.slug({}), { start: soon() })
    const stopping = new AbortController()
    const gate = Promise.withResolvers<void>()
    release.push(() => gate.resolve())
    const stuck = await server({
      onMail: () => {
        stopping.abort()
        return gate.promise
      },
    })
    await (await post({ smtpUrl: stuck.url })).sendDue(stopping.signal)
    const { url, mails } = await server()
    await (await post({ smtpUrl: url })).sendDue()
    assert.ok(mails.some(({ recipients }) => recipients[0] === email))
  })

  describe('the built-in mailbox', () => {
    test('stores emails if there is no mail server, newest first, with their text', async () => {
      const { email } = await book(office, await office.slug({}), { start: soon(), attendee: { first_name: '<b>Ünï' } })
      await (await post()).sendDue()
      const { body } = await office.api('GET', '/api/v1/mailbox?limit=2&status=kept')
      assert.equal(body.data.length, 2)
      assert.ok(body.data[0].id > body.data[1].id && body.next_cursor)
      const { id } = body.data.find(({ to }: { to: { address: string } }) => to.address !== email)
      const { body: mail } = await office.api('GET', `/api/v1/mailbox/${id}`)
      assert.equal(mail.kind, 'meeting.confirmed')
      assert.match(mail.text, /Booked by: <b>Ünï Booker <guest/)
      assert.match(mail.html, /&lt;b&gt;Ünï/)
      assert.equal(mail.calendar.method, 'REQUEST')
      assert.match(mail.message_id, /^<.+@book\.example\.com>$/)
    })

    test('is for admins only', async () => {
      for (const path of ['/api/v1/mailbox', '/api/v1/mailbox/1'])
        assert.equal((await office.api('GET', path, undefined, { authorization: null })).status, 401)
      assert.equal((await office.api('GET', '/api/v1/mailbox/999999')).status, 404)
    })

    test('shows emails that let their reader act for someone only if there is no mail server', async () => {
      const to = { name: 'Ina', address: 'ina@example.com', timezone: 'UTC', locale: null }
      const notice = {
        about: 'invitation',
        link: 'https://book.example.com/invitation/s3cret',
        invitedBy: 'Office',
        validDays: 7,
      } as const
      const queue = () =>
        office.database.transaction((tx) => notifyMember(tx, office, office.organization, { to, notice }))
      const read = async () => {
        const [mail] = await mailTo('ina@example.com')
        return (await office.api('GET', `/api/v1/mailbox/${mail.id}`)).body
      }
      await queue()
      assert.deepEqual([(await read()).text, (await read()).html], [null, null])
      const stored = await sql<{ content: unknown }>`select content from mails where kind = 'invitation'`.execute(
        office.database.executor,
      )
      assert.doesNotMatch(JSON.stringify(stored.rows), /s3cret/)
      await (await post()).sendDue()
      assert.match((await read()).text, /s3cret/)
      await queue()
      const { url, mails } = await server()
      await (await post({ smtpUrl: url })).sendDue()
      assert.match(mails[0]?.text ?? '', /s3cret/)
      assert.equal((await read()).text, null)
    })

    test('keeps the newest emails', async () => {
      const slug = await office.slug({})
      for (let booking = 0; booking < 3; booking++) await book(office, slug, { start: soon() })
      await (await post()).sendDue()
      const newest = (await office.api('GET', '/api/v1/mailbox?limit=4')).body.data
      const { database, clock } = office
      await createCleaningJob({ database, clock, retentionDays: 30, mailboxSize: 4 }).run(new AbortController().signal)
      assert.deepEqual((await office.api('GET', '/api/v1/mailbox?status=kept')).body.data, newest)
    })

    test('deletes old emails', async () => {
      const { email } = await book(office, await office.slug({}), { start: soon() })
      await (await post()).sendDue()
      const { database, clock } = office
      const cleaning = createCleaningJob({ database, clock, retentionDays: 30 })
      await cleaning.run(new AbortController().signal)
      assert.equal((await mailTo(email)).length, 1)
      clock.advance(31 * 24 * HOUR)
      await cleaning.run(new AbortController().signal)
      assert.equal((await mailTo(email)).length, 0)
    })
  })

  test('the worker sends the emails of a booking by itself, and stops', async () => {
    const { deps } = await post()
    const worker = createNotificationWorker({
      ...deps,
      config: { retentionDays: 30 },
      metrics: createMetrics({ ofProcess: false }),
    })
    await worker.start()
    const { email } = await book(office, await office.slug({}), { start: soon() })
    await waitFor(async () => (await mailTo(email))[0]?.status === 'kept')
    await worker.stop()
  })

  test('the metrics show how many emails are pending, and for how long', async () => {
    const metrics = createMetrics({ ofProcess: false })
    registerMailMetrics(metrics, office)
    await book(office, await office.slug({}), { start: soon() })
    office.clock.advance(90_000)
    const text = await metrics.metrics()
    assert.match(text, /^bookbell_mails_waiting 2$/m)
    assert.match(text, /^bookbell_mails_oldest_seconds 90$/m)
  })

  test('only admins are notified of a failing webhook, in their own time zone', async () => {
    const member = { email: 'plain@example.com', first_name: 'Plain', timezone: 'UTC', role: 'member' }
    assert.equal((await office.api('POST', '/api/v1/members', member)).status, 201)
    const { url, mails } = await server()
    const webhook = { id: 5, url: 'https://hooks.example.com/<x>', description: 'CRM' }
    const facts = { since: now, disabledAt: now + 5 * 24 * HOUR, problem: 'answered 500' }
    await office.database.transaction((tx) =>
      notifyAdmins(tx, office, office.organization, {
        notice: { about: 'webhook_failing', webhook, ...facts },
      }),
    )
    await (await post({ smtpUrl: url })).sendDue()
    assert.equal(mails.length, 1)
    assert.match(mails[0]?.text ?? '', /failing since Monday, March 1, 2027 at 9:00 AM \(Europe\/Berlin, GMT\+1\)/)
    assert.match(
      mails[0]?.text ?? '',
      /Webhook: https:\/\/hooks\.example\.com\/<x>\nDescription: CRM\nLast error: answered 500/,
    )
    assert.match(mails[0]?.text ?? '', /https:\/\/book\.example\.com\/admin\/settings\/webhooks\/5/)
  })
})
