import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { eachDatabase } from '../../test/support/databases.ts'
import { findDeadUrl, startMailServer } from '../../test/support/mail-server.ts'
import { type Booked, book, type Office, openOffice, openPost, type Post } from '../../test/support/notifications.ts'
import { refuse } from '../errors.ts'
import { HOUR, MINUTE } from '../time/durations.ts'

eachDatabase((open) => {
  let office: Office
  let post: Post
  /** The start of a test's meeting, 48 hours after the test begins. */
  let start: number
  const release: (() => unknown)[] = []
  before(async () => {
    office = await openOffice(await open())
    post = await openPost(office)
  })
  after(async () => {
    for (const step of release.reverse()) await step()
    await office.stop()
  })
  // Each test begins on the hour, four days after the previous one, so that everything from the previous test is over.
  beforeEach(async () => {
    office.clock.set(Math.ceil(office.clock.now() / HOUR) * HOUR + 96 * HOUR)
    await post.remindDue()
    start = office.clock.now() + 48 * HOUR
  })

  const at = (milliseconds: number) => new Date(milliseconds).toISOString().replace('.000Z', 'Z')
  const day = { reminders: [1440, 60] }

  async function bookAt(type: object, when = start): Promise<Booked & { email: string }> {
    return book(office, await office.slug(type), { start: at(when) })
  }

  async function say(path: string, body: object = {}): Promise<void> {
    const answer = await office.api('POST', path, body)
    assert.equal(answer.status, 200, answer.text)
  }

  /** Moves the clock to a number of minutes before a start, and runs the worker. */
  async function minutesBefore(minutes: number, of = start): Promise<void> {
    office.clock.set(of - minutes * MINUTE)
    await post.remindDue()
  }

  /** Returns the subjects of the reminders that a person has received, oldest first. */
  async function remindersTo(email: string): Promise<string[]> {
    const { body } = await office.api('GET', '/api/v1/mailbox?limit=200')
    return body.data
      .filter((mail: { kind: string; to: { address: string }; status: string }) => {
        return mail.kind === 'meeting.reminder' && mail.to.address === email && /kept|sent/.test(mail.status)
      })
      .map(({ subject }: { subject: string }) => subject)
      .reverse()
  }

  /** Returns a meeting's recorded reminders as minutes before the start, in descending order. */
  async function toldOf({ meeting }: Booked): Promise<number[]> {
    const query = `/api/v1/activities?meeting=${meeting.id}&action=Attendee.reminded&limit=200`
    const { body } = await office.api('GET', query)
    const minutes = (told: { metadata: { reminder: { minutes_before: number } } }) =>
      told.metadata.reminder.minutes_before
    return body.data.map(minutes).sort((a: number, b: number) => b - a)
  }

  describe('each confirmed attendee', () => {
    test('gets each reminder once, when it is due, and the reminder is recorded', async () => {
      const booked = await bookAt(day)
      await minutesBefore(1441)
      assert.deepEqual(await remindersTo(booked.email), [])
      await minutesBefore(1440)
      await minutesBefore(1430)
      assert.equal((await remindersTo(booked.email)).length, 1)
      assert.deepEqual(await toldOf(booked), [1440])
      await minutesBefore(60)
      await minutesBefore(1)
      assert.equal((await remindersTo(booked.email)).length, 2)
      assert.deepEqual(await toldOf(booked), [1440, 60])
    })

    test('of a group is reminded by a separate email', async () => {
      const slug = await office.slug({ ...day, kind: 'group', seats: 3 })
      const people = [await book(office, slug, { start: at(start) }), await book(office, slug, { start: at(start) })]
      await minutesBefore(60)
      for (const { email } of people) assert.equal((await remindersTo(email)).length, 2)
      assert.deepEqual(await toldOf(people[0]!), [1440, 1440, 60, 60])
    })

    test('does not get reminders whose time had already passed at the booking', async () => {
      const booked = await bookAt(day, office.clock.now() + 2 * HOUR)
      await minutesBefore(30, Date.parse(booked.meeting.start))
      assert.deepEqual(await toldOf(booked), [60])
    })

    test('is reminded once, even by several workers', async () => {
      const booked = await bookAt({ reminders: [5, 10, 15, 20, 25] })
      office.clock.set(start - MINUTE)
      const posts = await Promise.all([openPost(office), openPost(office), openPost(office)])
      await Promise.all(posts.map(({ remindDue }) => remindDue()))
      assert.equal((await remindersTo(booked.email)).length, 5)
      assert.deepEqual(
        (await toldOf(booked)).sort((a, b) => a - b),
        [5, 10, 15, 20, 25],
      )
    })
  })

  test('is not reminded while pending, and approval plans the remaining reminders', async () => {
    const booked = await bookAt({ ...day, approval: 'manual' })
    await minutesBefore(1440)
    assert.deepEqual(await remindersTo(booked.email), [])
    await say(`/api/v1/meetings/${booked.meeting.id}/approve`)
    await minutesBefore(60)
    assert.deepEqual(await toldOf(booked), [60])
  })

  describe('a move', () => {
    test('moves the reminders', async () => {
      const booked = await bookAt(day)
      await say(`/api/v1/meetings/${booked.meeting.id}/reschedule`, { start: at(start + 24 * HOUR) })
      await minutesBefore(60)
      assert.deepEqual(await remindersTo(booked.email), [])
      await minutesBefore(60, start + 24 * HOUR)
      assert.deepEqual(await toldOf(booked), [1440, 60])
    })

    test('plans the reminders again for the new start, including one that was already sent', async () => {
      const booked = await bookAt(day)
      await minutesBefore(1440)
      await say(`/api/v1/meetings/${booked.meeting.id}/reschedule`, { start: at(start + 48 * HOUR) })
      await minutesBefore(1440, start + 48 * HOUR)
      assert.deepEqual(await toldOf(booked), [1440, 1440])
    })

    test('there and back does not send a reminder for the same start twice', async () => {
      const booked = await bookAt(day)
      await minutesBefore(1440)
      for (const to of [start + HOUR, start])
        await say(`/api/v1/meetings/${booked.meeting.id}/reschedule`, { start: at(to) })
      await minutesBefore(60)
      assert.deepEqual(await toldOf(booked), [1440, 60])
    })

    test('that needs approval stops the reminders until it is approved', async () => {
      const booked = await bookAt({ ...day, approval: 'manual' })
      await say(`/api/v1/meetings/${booked.meeting.id}/approve`)
      await say(`/api/v1/public/attendees/${booked.external_id}/reschedule`, { start: at(start + HOUR) })
      await minutesBefore(60, start + HOUR)
      assert.deepEqual(await remindersTo(booked.email), [])
    })
  })

  describe('a cancellation', () => {
    test('ends the reminders', async () => {
      const booked = await bookAt(day)
      await say(`/api/v1/public/attendees/${booked.external_id}/cancel`)
      await minutesBefore(1)
      assert.deepEqual(await remindersTo(booked.email), [])
    })

    test('of one person in a group ends only that person’s', async () => {
      const slug = await office.slug({ ...day, kind: 'group', seats: 3 })
      const [gone, stays] = [
        await book(office, slug, { start: at(start) }),
        await book(office, slug, { start: at(start) }),
      ]
      await say(`/api/v1/public/attendees/${gone.external_id}/cancel`)
      await minutesBefore(60)
      assert.deepEqual(await remindersTo(gone.email), [])
      assert.equal((await remindersTo(stays.email)).length, 2)
    })

    test('withdraws a reminder whose email is still pending', async () => {
      const booked = await bookAt(day)
      const dead = await openPost(office, { smtpUrl: await findDeadUrl() })
      release.push(() => dead.close())
      office.clock.set(start - 1440 * MINUTE)
      await dead.remindDue()
      await say(`/api/v1/public/attendees/${booked.external_id}/cancel`)
      await minutesBefore(1000)
      assert.deepEqual(await remindersTo(booked.email), [])
      assert.deepEqual(await toldOf(booked), [])
    })
  })

  describe('after downtime', () => {
    test('a late reminder is still sent while the meeting has not begun', async () => {
      const booked = await bookAt(day)
      await minutesBefore(1)
      assert.deepEqual(await toldOf(booked), [1440, 60])
    })

    test('no reminder is sent once the meeting has begun', async () => {
      const booked = await bookAt(day)
      await minutesBefore(0)
      assert.deepEqual(await remindersTo(booked.email), [])
      assert.deepEqual(await toldOf(booked), [])
    })

    test('of the mail server, no reminder is sent after the start', async () => {
      const booked = await bookAt(day)
      const dead = await openPost(office, { smtpUrl: await findDeadUrl() })
      release.push(() => dead.close())
      office.clock.set(start - 30 * MINUTE)
      await dead.remindDue()
      await minutesBefore(-1)
      assert.deepEqual(await remindersTo(booked.email), [])
      assert.deepEqual(await toldOf(booked), [])
    })
  })

  describe('a reminder is recorded', () => {
    test('only after the mail server has accepted', async () => {
      const booked = await bookAt({ reminders: [60] })
      const dead = await findDeadUrl()
      const smtp = await openPost(office, { smtpUrl: dead })
      release.push(() => smtp.close())
      office.clock.set(start - 60 * MINUTE)
      await smtp.remindDue()
      assert.deepEqual(await toldOf(booked), [])
      const server = await startMailServer({ port: Number(new URL(dead).port) })
      release.push(() => server.stop())
      for (let look = 0; look < 3; look++) {
        office.clock.advance(2 * MINUTE)
        await smtp.sendDue()
      }
      assert.deepEqual(await toldOf(booked), [60])
      assert.ok(
        server.mails.some(({ recipients, subject }) => recipients[0] === booked.email && /^Reminder/.test(subject!)),
      )
    })

    test('never if the mail server rejects the email permanently', async () => {
      const booked = await bookAt({ reminders: [60] })
      const server = await startMailServer({ refuse: { when: 'recipient', holding: booked.email, code: 550 } })
      const smtp = await openPost(office, { smtpUrl: server.url })
      release.push(
        () => server.stop(),
        () => smtp.close(),
      )
      office.clock.set(start - 60 * MINUTE)
      await smtp.remindDue()
      await minutesBefore(30)
      assert.deepEqual(await toldOf(booked), [])
    })

    test('once, even if the worker died between the two', async () => {
      const booked = await bookAt({ reminders: [60] })
      const { findMeeting, remindAttendee } = post.deps.meetings
      let dies = true
      const dying = await openPost(office, {
        meetings: {
          findMeeting,
          async remindAttendee(...given) {
            const told = await remindAttendee(...given)
            if (dies) throw new Error('killed before the commit')
            return told
          },
        },
      })
      office.clock.set(start - 60 * MINUTE)
      await dying.remindDue()
      assert.equal((await remindersTo(booked.email)).length, 1)
      assert.deepEqual(await toldOf(booked), [])
      dies = false
      await Promise.all([dying.remindDue(), post.remindDue()])
      await post.remindDue()
      assert.deepEqual(await toldOf(booked), [60])
      assert.equal((await remindersTo(booked.email)).length, 1)
    })

    test('and a meeting deleted in the meantime does not block others', async () => {
      const [first, second] = [await bookAt({ reminders: [60] }), await bookAt({ reminders: [60] }, start + HOUR)]
      const { findMeeting, remindAttendee } = post.deps.meetings
      const lost = await openPost(office, {
        meetings: {
          findMeeting,
          remindAttendee: async (tx, organization, reminded) =>
            reminded.meeting === first.meeting.id
              ? refuse('not_found', 'gone')
              : remindAttendee(tx, organization, reminded),
        },
      })
      office.clock.set(start - MINUTE)
      await lost.remindDue()
      await minutesBefore(0)
      assert.deepEqual([await toldOf(first), await toldOf(second)], [[], [60]])
    })
  })

  test('if the clocks change between the booking and the meeting, the reminder is still sent the same number of minutes before', async () => {
    // New York leaves daylight saving time on 7 November 2027 at 06:00 UTC.
    const sunday = Date.parse('2027-11-07T14:00:00Z')
    office.clock.set(sunday - 72 * HOUR)
    const booked = await bookAt({ reminders: [1440] }, sunday)
    await minutesBefore(1441, sunday)
    assert.deepEqual(await toldOf(booked), [])
    await minutesBefore(1440, sunday)
    assert.deepEqual(await toldOf(booked), [1440])
    assert.match((await remindersTo(booked.email))[0]!, /Sun, Nov 7, 2027, 9:00 AM/)
  })
})
