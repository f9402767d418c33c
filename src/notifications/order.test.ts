import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Calendar } from '../../test/support/calendar.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type MailServerOptions, type ReceivedMail, startMailServer } from '../../test/support/mail-server.ts'
import { type Office, openOffice, openPost } from '../../test/support/notifications.ts'
import { isAttending, uidOf } from '../activities/snapshot.ts'
import { findMeetingSnapshot } from '../meetings/service.ts'
import { HOUR, SECOND } from '../time/durations.ts'

/** The steps in a meeting's life. `h-` is a step by a host, `g-` by the guest. */
type Step = 'book' | 'approve' | 'decline' | 'h-move' | 'g-move' | 'h-cancel' | 'g-cancel' | 'join' | 'leave' | 'rejoin'

const ends: Step[] = ['h-move', 'g-move', 'h-cancel', 'g-cancel']
const oneOnOne: Step[][] = [
  ...ends.map((end): Step[] => ['book', end]),
  ...(['h-move', 'g-move'] as const).flatMap((move) => ends.map((end): Step[] => ['book', move, end])),
]
const approved: Step[][] = [
  ...(['approve', 'decline', ...ends] as const).map((end): Step[] => ['book', end]),
  ...ends.map((end): Step[] => ['book', 'approve', end]),
  ['book', 'g-move', 'approve'],
  ['book', 'h-move', 'decline'],
  ['book', 'approve', 'g-move', 'approve'],
]
const group: Step[][] = [
  ['book', 'g-cancel'],
  ['book', 'join', 'g-cancel'],
  ['book', 'join', 'leave', 'rejoin'],
  ['book', 'join', 'h-move'],
  ['book', 'join', 'h-cancel'],
]

const faults: Record<string, { answer: number | 'hang'; tries: number }> = {
  'answers 451 to the first try': { answer: 451, tries: 1 },
  'answers 421 to the first two tries': { answer: 421, tries: 2 },
  'hangs at the first try': { answer: 'hang', tries: 1 },
}

eachDatabase((open) => {
  let office: Office
  before(async () => {
    office = await openOffice(await open(), { BOOKBELL_URL: 'http://localhost:4150' })
  })
  after(() => office.stop())

  let hour = 0
  const nextStart = () => new Date(Date.parse('2027-04-01T00:00:00Z') + hour++ * HOUR).toISOString()

  /** Takes one meeting through its steps. */
  async function begin(slug: string, steps: Step[], name: string) {
    const [page] = (await office.api('GET', '/api/v1/pages')).body.data
    const type = (await office.api('GET', '/api/v1/meeting-types?limit=100')).body.data.find(
      (each: { slug: string }) => each.slug === slug,
    )
    const state = { id: 0, start: nextStart(), guests: new Map<string, string>() }
    const call = async (method: 'POST', path: string, body: object) => {
      const answer = await office.api(method, path, body)
      assert.ok(answer.status < 300, `${steps}: ${path}: ${answer.text}`)
      return answer.body
    }
    const take = async (guest: string) => {
      const email = `${guest}-${name}@guests.example.com`
      const attendee = { first_name: guest, last_name: 'Guest', email, timezone: 'America/New_York' }
      const path = `/api/v1/public/pages/${page.slug}/meeting-types/${type.slug}/meetings`
      const body = await call('POST', path, { start: state.start, attendee })
      state.id = body.meeting.id
      state.guests.set(email, body.external_id)
    }
    const link = (guest: string) => {
      const found = [...state.guests].findLast(([email]) => email.startsWith(guest))
      return `/api/v1/public/attendees/${found?.[1]}`
    }
    const move = async (path: string) => {
      state.start = nextStart()
      await call('POST', `${path}/reschedule`, { start: state.start })
    }
    const host = () => `/api/v1/meetings/${state.id}`
    const act: Record<Step, () => Promise<unknown>> = {
      book: () => take('ann'),
      join: () => take('bob'),
      rejoin: () => take('bob'),
      approve: () => call('POST', `${host()}/approve`, {}),
      decline: () => call('POST', `${host()}/decline`, {}),
      'h-move': () => move(host()),
      'g-move': () => move(link('ann')),
      'h-cancel': () => call('POST', `${host()}/cancel`, {}),
      'g-cancel': () => call('POST', `${link('ann')}/cancel`, {}),
      leave: () => call('POST', `${link('bob')}/cancel`, {}),
    }
    return { state, steps, take: (step: Step) => act[step]() }
  }

  /** Sends all pending emails, even if several runs are needed. */
  async function settle(post: Awaited<ReturnType<typeof openPost>>) {
    for (let round = 0; round < 80; round++) {
      await post.sendDue()
      const waiting = await office.api('GET', '/api/v1/mailbox?status=waiting&limit=1')
      if (waiting.body.data.length === 0) return
      office.clock.advance(HOUR / 4)
    }
    assert.fail('emails are still pending')
  }

  async function live(options: MailServerOptions) {
    const server = await startMailServer(options)
    const patience = { connectMs: 5_000, answerMs: 300, mailMs: 20_000 }
    const post = await openPost(office, { smtpUrl: server.url, patience })
    const basics = { duration_minutes: 30, minimum_notice_minutes: 0 }
    const slugs = [
      await office.slug(basics),
      await office.slug({ ...basics, approval: 'manual' }),
      await office.slug({ ...basics, kind: 'group', seats: 5 }),
    ]
    const meetings = []
    for (const [index, histories] of [oneOnOne, approved, group].entries())
      for (const steps of histories) meetings.push(await begin(slugs[index] ?? '', steps, `${hour}x`))
    const most = Math.max(...meetings.map(({ steps }) => steps.length))
    for (let step = 0; step < most; step++) {
      for (const { steps, take } of meetings) {
        const next = steps[step]
        if (next) await take(next)
      }
      office.clock.advance(2 * SECOND)
      await post.sendDue()
    }
    await settle(post)
    post.close()
    await server.stop()
    return { meetings, mails: server.mails }
  }

  /** Returns the content of each person's calendar after reading the emails in the order in which they arrived. */
  function calendarsOf(mails: ReceivedMail[]) {
    const calendars = new Map<string, Calendar>()
    for (const mail of mails) {
      const address = mail.recipients[0] ?? ''
      const calendar = calendars.get(address) ?? new Calendar()
      calendars.set(address, calendar)
      const entry = mail.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
      if (entry) calendar.receive(String(entry.content))
    }
    return calendars
  }

  /** The calendar of everyone who takes part must contain the meeting in its present state. No other calendar may contain it. */
  async function assertTrue(lived: Awaited<ReturnType<typeof live>>, isReached = (_address: string) => true) {
    const calendars = calendarsOf(lived.mails)
    for (const { state, steps } of lived.meetings) {
      const meeting = await findMeetingSnapshot(office.database.executor, office.organization, state.id)
      assert.ok(meeting)
      const uid = uidOf(office.organization, meeting)
      const attending = meeting.bookers.filter(isAttending)
      const guests = new Set(meeting.bookers.map(({ email }) => email))
      const expected = new Map([...guests].map((email) => [email, attending.find((person) => person.email === email)]))
      for (const host of meeting.hosts) expected.set(host.email, attending[0])
      for (const [email, person] of expected) {
        if (!isReached(email)) continue
        const entry = calendars.get(email)?.entries.get(uid)
        const held = entry && { start: entry.start, status: entry.status }
        const isConfirmed: boolean = email.endsWith('@guests.example.com')
          ? person?.status === 'confirmed'
          : meeting.confirmed
        const status: string = isConfirmed ? 'CONFIRMED' : 'TENTATIVE'
        assert.deepEqual(held, person && { start: meeting.start, status }, `${email} after ${steps}`)
      }
    }
  }

  describe('calendars show the meeting’s present state, whatever happened to it while the mail server', () => {
    for (const [fault, { answer, tries }] of Object.entries(faults))
      test(fault, async () => {
        const tried = new Map<string, number>()
        const lived = await live({
          answerRecipient(address) {
            const before = tried.get(address) ?? 0
            tried.set(address, before + 1)
            return before < tries ? answer : undefined
          },
        })
        assert.ok(tried.size > 20)
        await assertTrue(lived)
      })

    test('refuses one address', async () => {
      const refused = /^ann-1?\dx@/
      const lived = await live({ answerRecipient: (address) => (refused.test(address) ? 550 : undefined) })
      assert.ok(!lived.mails.some(({ recipients }) => refused.test(recipients[0] ?? '')))
      await assertTrue(lived, (address) => !refused.test(address))
    })
  })
})
