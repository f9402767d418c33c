import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { attendee, type Bookable, create, createBookable, historyOf } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { startMailServer } from '../../test/support/mail-server.ts'
import { openPost } from '../../test/support/notifications.ts'
import { declareTwoProcesses } from '../../test/support/suite-app.ts'
import type { MailContent } from '../notifications/mail-content.ts'
import { openLink } from '../notifications/sealed-link.ts'
import { HOUR, MINUTE } from '../time/durations.ts'
import { cleanHolds } from './service.ts'

const START = '2027-03-01T10:00:00Z'
const hours = (count: number) => new Date(Date.parse(START) + count * HOUR).toISOString()

eachDatabase((open) => {
  const { app, processes, clock } = declareTwoProcesses(open)

  let clients = 0
  const from = () => ({ authorization: null, 'x-forwarded-for': `198.51.100.${(++clients % 250) + 1}` })
  const ask = (process: TestApp, method: string, path: string, body?: unknown) =>
    process.api(method, path, body, from())
  const hold = ({ url }: Bookable, start: string, person = attendee()) =>
    ask(app, 'POST', `${url}/meetings`, { start, attendee: person })
  const mailsTo = async (address: string) => {
    const { rows } = await sql<{ kind: string; content: MailContent; to_name: string; locale: string }>`
      select kind, content, to_name from mails where to_address = ${address} order by id`.execute(app.database.executor)
    return rows.map((row) => ({ ...row, content: openLink(row.content, app.secrets) }))
  }
  const tokenFor = async (address: string) => {
    const links = (await mailsTo(address)).flatMap(({ content }) =>
      content.kind === 'notice' && content.notice.about === 'email_confirmation' ? content.notice.link : [],
    )
    return /\/m\/([\w-]+)\/confirm$/.exec(links.at(-1) ?? '')?.[1] ?? 'missing'
  }
  const confirm = (token: string, process = app) => ask(process, 'POST', `/api/v1/public/holds/${token}/confirm`)
  const stateOf = async (token: string) => (await ask(app, 'GET', `/api/v1/public/holds/${token}`)).body
  const slotAt = async ({ url }: Bookable, start: string) => {
    const date = start.slice(0, 10)
    const { body } = await ask(app, 'GET', `${url}/slots?from=${date}&to=${date}&timezone=UTC`)
    const instant = new Date(start).toISOString().replace('.000', '')
    return body.slots.find((slot: { start: string }) => slot.start === instant)
  }
  const meetingsOf = async ({ hosts }: Bookable) =>
    (await app.api('GET', `/api/v1/meetings?host=${hosts[0]}`)).body.data
  const confirming = (given = {}, members = 1) => createBookable(app, { confirm_email: true, ...given }, members)

  describe('a hold', () => {
    test('blocks the time, but books nothing, emits nothing and emails only the visitor', async () => {
      const bookable = await confirming()
      const before = await app.api('GET', '/api/v1/activities?limit=200')
      const person = { ...attendee('ada@example.com'), first_name: 'Quite free text', locale: 'de' }
      const held = await hold(bookable, START, person)
      assert.equal(held.status, 202, held.text)
      assert.deepEqual(Object.keys(held.body).sort(), ['email', 'end', 'expires_at', 'meeting_type', 'start', 'status'])
      assert.equal(held.body.status, 'pending_confirmation')
      assert.equal(Date.parse(held.body.expires_at), clock.now() + 15 * MINUTE)
      assert.deepEqual(await meetingsOf(bookable), [])
      assert.deepEqual((await app.api('GET', '/api/v1/activities?limit=200')).body.data, before.body.data)
      const mails = await mailsTo('ada@example.com')
      assert.deepEqual(
        mails.map(({ kind, to_name }) => [kind, to_name]),
        [['email_confirmation', '']],
      )
      assert.ok(!JSON.stringify(mails).includes('free text'))
      assert.equal(mails[0]?.content.locale, 'de')
      assert.equal(await slotAt(bookable, START), undefined)
      assert.equal((await hold(bookable, START)).status, 409)
      const byHost = { meeting_type: bookable.type.id, start: START, attendee: attendee() }
      assert.equal((await app.api('POST', '/api/v1/meetings', byHost)).status, 409)
    })

    test('books on confirmation, and clicking again returns the same meeting', async () => {
      const bookable = await confirming()
      const person = attendee()
      await hold(bookable, START, person)
      const token = await tokenFor(person.email)
      assert.equal((await stateOf(token)).status, 'pending_confirmation')
      assert.deepEqual(await meetingsOf(bookable), [], 'reading the link must not confirm')
      const [first, second] = await Promise.all([confirm(token, processes[0]), confirm(token, processes[1])])
      assert.deepEqual([first.status, second.status], [200, 200], first.text + second.text)
      assert.equal(first.body.external_id, second.body.external_id)
      assert.equal((await confirm(token)).body.external_id, first.body.external_id)
      assert.equal(first.body.status, 'confirmed')
      const [meeting, ...others] = await meetingsOf(bookable)
      assert.deepEqual(others, [])
      assert.deepEqual(await historyOf(app, meeting.id), [
        'Meeting.scheduled',
        `Attendee.scheduled ${meeting.attendees[0].id}`,
      ])
      const state = await stateOf(token)
      assert.deepEqual([state.status, state.external_id], ['confirmed', first.body.external_id])
      assert.equal((await hold(bookable, START)).status, 409)
      const { rows } = await sql`select from holds where request is not null and external_id is not null`.execute(
        app.database.executor,
      )
      assert.deepEqual(rows, [])
    })

    test('that can no longer be booked stays as it was, with its time', async () => {
      const bookable = await confirming({ kind: 'group', seats: 5 })
      const [ann, ben] = [attendee(), attendee()]
      await hold(bookable, START, ann)
      await hold(bookable, START, ben)
      const following = await createBookable(app, { hosts: bookable.hosts })
      await following.book(hours(0.5))
      await app.api('PATCH', `/api/v1/meeting-types/${bookable.type.id}`, { buffer_after_minutes: 30 })
      const [token, other] = [await tokenFor(ann.email), await tokenFor(ben.email)]
      const refused = await confirm(token)
      assert.deepEqual([refused.status, refused.body.code], [409, 'slot_taken'], refused.text)
      assert.equal((await stateOf(token)).status, 'pending_confirmation')
      await app.api('PATCH', `/api/v1/meeting-types/${bookable.type.id}`, { buffer_after_minutes: 0 })
      for (const each of [token, other]) assert.equal((await confirm(each)).status, 200)
    })

    test('in an organization that is being deleted leads nowhere', async () => {
      const { apiKey, organization } = await createTestOrganization({ database: app.database, clock })
      const api: TestApp['api'] = (method, path, body, headers) =>
        app.api(method, path, body, { authorization: `Bearer ${apiKey}`, ...headers })
      const bookable = await createBookable({ api }, { confirm_email: true })
      const person = attendee()
      assert.equal((await hold(bookable, START, person)).status, 202)
      const token = await tokenFor(person.email)
      await sql`update organizations set deleting_at = now() where organization_id = ${organization}`.execute(
        app.database.executor,
      )
      assert.equal((await confirm(token)).status, 404)
      assert.equal((await ask(app, 'GET', `/api/v1/public/holds/${token}`)).status, 404)
    })

    test('is approved by a host after the confirmation, not before', async () => {
      const bookable = await confirming({ approval: 'manual' })
      const person = attendee()
      await hold(bookable, START, person)
      assert.equal((await confirm(await tokenFor(person.email))).body.status, 'requested')
    })

    test('expires after 15 minutes: the time is free immediately, and the link says so', async () => {
      const bookable = await confirming()
      const [late, next] = [attendee(), attendee()]
      await hold(bookable, START, late)
      clock.advance(15 * MINUTE)
      assert.ok(await slotAt(bookable, START))
      const token = await tokenFor(late.email)
      assert.equal((await stateOf(token)).status, 'expired')
      const refused = await confirm(token)
      assert.deepEqual([refused.status, refused.body.code], [410, 'gone'])
      assert.equal((await hold(bookable, START, next)).status, 202)
      assert.equal((await confirm(await tokenFor(next.email))).status, 200)
      assert.equal((await confirm(token)).status, 410)
    })

    test('does not stop a host from booking or moving a meeting after it has expired', async () => {
      const bookable = await confirming()
      await hold(bookable, START)
      await hold(bookable, hours(1))
      clock.advance(15 * MINUTE)
      const byHost = { meeting_type: bookable.type.id, start: START, attendee: attendee() }
      const booked = await app.api('POST', '/api/v1/meetings', byHost)
      assert.equal(booked.status, 201, booked.text)
      const moved = await app.api('POST', `/api/v1/meetings/${booked.body.id}/reschedule`, { start: hours(1) })
      assert.equal(moved.status, 200, moved.text)
    })

    test('is checked as of the time when it was requested', async () => {
      const bookable = await confirming({ minimum_notice_minutes: 60 })
      const soon = new Date(Math.ceil(clock.now() / HOUR) * HOUR + HOUR).toISOString()
      clock.set(Date.parse(soon) - HOUR)
      const person = attendee()
      assert.equal((await hold(bookable, soon, person)).status, 202)
      clock.advance(10 * MINUTE)
      assert.equal((await confirm(await tokenFor(person.email))).status, 200)
    })

    test('for a time that the rules no longer allow is refused, and remains until it expires', async () => {
      const bookable = await confirming()
      const person = attendee()
      await hold(bookable, START, person)
      const off = { from: START.slice(0, 10), to: START.slice(0, 10) }
      const timeOff = await create(app, `/api/v1/members/${bookable.hosts[0]}/time-off`, off)
      const token = await tokenFor(person.email)
      assert.deepEqual([(await confirm(token)).status, (await stateOf(token)).status], [422, 'pending_confirmation'])
      assert.equal((await app.api('DELETE', `/api/v1/members/${bookable.hosts[0]}/time-off/${timeOff.id}`)).status, 204)
      assert.equal((await confirm(token)).status, 200)
    })

    test('for one of several hosts leaves the others bookable', async () => {
      const bookable = await confirming({ assignment: 'round_robin' }, 2)
      const people = [attendee(), attendee(), attendee()]
      const statuses = await Promise.all(people.map(async (person) => (await hold(bookable, START, person)).status))
      assert.deepEqual(statuses.sort(), [202, 202, 409])
    })

    test('can race with another booking and its own expiry: one wins, and no time is double-booked', async () => {
      const bookable = await confirming()
      for (let round = 0; round < 5; round++) {
        const start = hours(20 + round)
        const [person, other] = [attendee(), attendee()]
        await hold(bookable, start, person)
        const token = await tokenFor(person.email)
        clock.advance(15 * MINUTE - 1)
        const confirmed = confirm(token, processes[0])
        clock.advance(1)
        const cleaned = cleanHolds({ database: app.database, clock }, { limit: 500 })
        const booked = ask(processes[1], 'POST', '/nowhere').then(() =>
          app.api('POST', '/api/v1/meetings', { meeting_type: bookable.type.id, start, attendee: other }),
        )
        const outcomes = [(await confirmed).status, (await booked).status]
        await cleaned
        const won = outcomes.filter((status) => status === 200 || status === 201).length
        assert.equal(won, 1, `${outcomes}`)
      }
      assert.equal((await meetingsOf(bookable)).length, 5)
    })
  })

  describe('a group meeting', () => {
    test('can have held seats, whether or not the meeting exists yet', async () => {
      const bookable = await confirming({ kind: 'group', seats: 3 })
      const people = [attendee(), attendee(), attendee()]
      for (const [index, person] of people.entries()) {
        assert.equal((await slotAt(bookable, START)).seats_left, 3 - index)
        assert.equal((await hold(bookable, START, person)).status, 202)
      }
      assert.equal(await slotAt(bookable, START), undefined)
      assert.equal((await hold(bookable, START)).status, 409)
      assert.deepEqual(await meetingsOf(bookable), [])
      const [, second, third] = await Promise.all(people.map(({ email }) => tokenFor(email)))
      const [one, two] = await Promise.all([confirm(second!, processes[0]), confirm(third!, processes[1])])
      assert.deepEqual([one.status, two.status], [200, 200], one.text + two.text)
      assert.equal(one.body.meeting.id, two.body.meeting.id)
      assert.equal(await slotAt(bookable, START), undefined, 'the first hold still has its seat')
      clock.advance(15 * MINUTE)
      assert.equal((await slotAt(bookable, START)).seats_left, 1)
      const byHost = { meeting_type: bookable.type.id, start: START, attendee: attendee() }
      assert.equal((await app.api('POST', '/api/v1/meetings', byHost)).body.id, one.body.meeting.id)
      assert.equal((await meetingsOf(bookable)).length, 1)
    })

    test('booked by a host keeps the held seats', async () => {
      const bookable = await confirming({ kind: 'group', seats: 2 })
      const person = attendee()
      await hold(bookable, START, person)
      const byHost = { meeting_type: bookable.type.id, start: START, attendee: attendee() }
      const booked = await app.api('POST', '/api/v1/meetings', byHost)
      assert.equal(booked.status, 201, booked.text)
      assert.equal(await slotAt(bookable, START), undefined)
      assert.equal((await confirm(await tokenFor(person.email))).body.meeting.id, booked.body.id)
    })

    test('does not reveal who takes part: the response and the seats are the same, and the seat’s link is emailed', async () => {
      const bookable = await confirming({ kind: 'group', seats: 5 })
      const person = attendee()
      await hold(bookable, START, person)
      const view = (await confirm(await tokenFor(person.email))).body
      const stranger = await hold(bookable, START)
      const seats = (await slotAt(bookable, START)).seats_left
      const repeated = await hold(bookable, START, { ...person, email: person.email.toUpperCase() })
      assert.equal(repeated.status, stranger.status)
      assert.deepEqual(Object.keys(repeated.body), Object.keys(stranger.body))
      assert.equal((await slotAt(bookable, START)).seats_left, seats - 1)
      const last = (await mailsTo(person.email)).at(-1)
      assert.equal(last?.kind, 'meeting.repeated')
      assert.ok(last.content.kind === 'meeting' && last.content.externalId === view.external_id)
    })
  })

  describe('limits', () => {
    test('one address can hold three starts, and the emails count towards its limit', async () => {
      const bookable = await confirming()
      const email = 'many@example.com'
      const statuses: number[] = []
      for (let index = 0; index < 4; index++)
        statuses.push((await hold(bookable, hours(index), attendee(email))).status)
      assert.deepEqual(statuses, [202, 202, 202, 429])
      assert.equal((await mailsTo(email)).length, 3)
      const open = await createBookable(app, { upcoming_limit_per_attendee: null })
      const booked: number[] = []
      for (let index = 0; index < 3; index++) {
        const body = { start: hours(index), attendee: attendee(email) }
        const answer = await app.api('POST', `${open.url}/meetings`, body, { authorization: null })
        booked.push(answer.status)
        if (answer.status === 429) assert.ok(Number(answer.headers.get('retry-after')) > 3000)
      }
      assert.deepEqual(booked, [201, 201, 429], 'five emails an hour')
    })

    test('one client can hold ten starts', async () => {
      const bookable = await confirming()
      const client = { authorization: null, 'x-forwarded-for': '203.0.113.77' }
      const statuses: number[] = []
      for (let index = 0; index < 11; index++)
        statuses.push(
          (await app.api('POST', `${bookable.url}/meetings`, { start: hours(index), attendee: attendee() }, client))
            .status,
        )
      assert.deepEqual(statuses, [...Array(10).fill(202), 429])
    })

    test('the limit of upcoming meetings is checked at confirmation, because an earlier refusal would reveal existing bookings', async () => {
      const bookable = await confirming({ upcoming_limit_per_attendee: 1 })
      const person = attendee()
      await hold(bookable, START, person)
      assert.equal((await confirm(await tokenFor(person.email))).status, 200)
      assert.equal((await hold(bookable, hours(1), person)).status, 202)
      const refused = await confirm(await tokenFor(person.email))
      assert.deepEqual([refused.status, refused.body.code], [422, 'not_bookable'])
    })
  })

  describe('the setting', () => {
    test('follows the organization’s default, and does not apply to hosts who book', async () => {
      const changed = await app.api('PATCH', '/api/v1/organization', { confirm_email_default: true })
      assert.equal(changed.body.confirm_email_default, true)
      const bookable = await createBookable(app)
      assert.equal(bookable.type.confirm_email, true)
      assert.equal((await createBookable(app, { confirm_email: false })).type.confirm_email, false)
      const byHost = { meeting_type: bookable.type.id, start: START, attendee: attendee() }
      assert.equal((await app.api('POST', '/api/v1/meetings', byHost)).status, 201)
      await app.api('PATCH', '/api/v1/organization', { confirm_email_default: false })
    })

    test('needs a mail server: without one, the setting is refused, and ignored if it was set before', async () => {
      const bookable = await confirming()
      const unmailed = await openTestApp(app.database, { clock })
      const api: TestApp['api'] = (method, path, body, headers) =>
        unmailed.api(method, path, body, { authorization: `Bearer ${app.apiKey}`, ...headers })
      const plain = await createBookable(app)
      const refused = await api('PATCH', `/api/v1/meeting-types/${plain.type.id}`, { confirm_email: true })
      assert.deepEqual([refused.status, refused.body.errors[0].path], [422, 'confirm_email'])
      const renamed = await api('PATCH', `/api/v1/meeting-types/${bookable.type.id}`, { name: 'Renamed' })
      assert.equal(renamed.status, 200, renamed.text)
      const byDefault = await api('PATCH', '/api/v1/organization', { confirm_email_default: true })
      assert.deepEqual([byDefault.status, byDefault.body.errors[0].path], [422, 'confirm_email_default'])
      const body = { start: START, attendee: attendee() }
      const booked = await api('POST', `${bookable.url}/meetings`, body, { authorization: null })
      assert.equal(booked.status, 201, booked.text)
      await unmailed.stop()
    })
  })

  test('deleting a host or a meeting type releases the held time', async () => {
    const [ofHost, ofType] = [await confirming({ assignment: 'round_robin' }, 2), await confirming()]
    const person = attendee()
    await hold(ofHost, START, person)
    await hold(ofType, START)
    for (const id of ofHost.hosts) await app.api('PATCH', `/api/v1/meeting-types/${ofHost.type.id}`, { hosts: [id] })
    const deleted = await app.api('DELETE', `/api/v1/members/${ofHost.hosts[0]}`)
    assert.equal(deleted.status, 204, deleted.text)
    assert.equal((await confirm(await tokenFor(person.email))).status, 200)
    assert.equal((await app.api('DELETE', `/api/v1/meeting-types/${ofType.type.id}`)).status, 204)
  })

  test('cleanup releases expired time, deletes the entered data, and deletes old holds', async () => {
    const bookable = await confirming()
    const person = attendee()
    await hold(bookable, START, person)
    clock.advance(15 * MINUTE)
    await cleanHolds({ database: app.database, clock }, { limit: 500 })
    const left = async () => {
      const { rows } = await sql<{ busy: number; typed: number; holds: number }>`
        select (select count(*) from busy where hold_id is not null) as busy,
          (select count(*) from holds where request is not null) as typed, (select count(*) from holds) as holds`.execute(
        app.database.executor,
      )
      return rows[0]
    }
    const first = await left()
    assert.deepEqual([first?.busy, first?.typed], [0, 0])
    assert.equal((await stateOf(await tokenFor(person.email))).status, 'expired')
    clock.advance(8 * 24 * HOUR)
    await cleanHolds({ database: app.database, clock }, { limit: 500 })
    assert.equal((await left())?.holds, 0)
  })

  test('the email is in the visitor’s language, with one link and nothing that the visitor typed', async () => {
    const server = await startMailServer()
    const bookable = await confirming({ name: 'Erstgespräch' })
    const person = { ...attendee(), first_name: 'Untypical', locale: 'fr' }
    await hold(
      bookable,
      new Date(clock.now() + 24 * HOUR)
        .toISOString()
        .replace(/:\d\d\.\d+Z$/, ':00Z')
        .replace(/T(\d\d):\d\d/, 'T$1:00'),
      person,
    )
    const post = await openPost({ ...app, clock, slug: async () => '' }, { smtpUrl: server.url })
    await post.sendDue()
    post.close()
    const mail = server.mails.find(({ recipients }) => recipients.includes(person.email))
    assert.match(mail?.subject ?? '', /Confirmez votre adresse e-mail : Erstgespräch/)
    assert.ok(!mail?.raw.includes('Untypical'))
    const links = new Set(mail?.text?.match(/https?:\/\/\S+/g))
    assert.deepEqual([...links].length, 1)
    assert.match([...links][0] ?? '', /\/m\/[\w-]+\/confirm$/)
    await server.stop()
  })
})
