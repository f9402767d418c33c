import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { attendee, type Bookable, createBookable } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { readInvitation } from '../../test/support/sign-in.ts'
import { declareTwoProcesses } from '../../test/support/suite-app.ts'
import { DAY, HOUR, MINUTE } from '../time/durations.ts'
import { mailboxKey } from './budget.ts'
import { deleteOldBudgets } from './service.ts'

test('spellings of one mailbox share a budget', () => {
  for (const email of ['ada@example.com', 'ADA@Example.com', 'ada+x@example.com'])
    assert.equal(mailboxKey(email), 'ada@example.com')
  assert.equal(mailboxKey('a.d.a+1@googlemail.com'), mailboxKey('ada@gmail.com'))
  assert.notEqual(mailboxKey('a.da@example.com'), mailboxKey('ada@example.com'))
})

eachDatabase((open) => {
  const { app, processes, clock } = declareTwoProcesses(open)

  /** Makes a public call from this address, alternating between the processes. */
  let calls = 0
  const call = (from: string, path: string, body: unknown) =>
    processes[calls++ % 2]!.api('POST', path, body, { authorization: null, 'x-forwarded-for': from })
  const startAt = (index: number) => new Date(Date.parse('2027-03-01T08:00:00Z') + index * HOUR).toISOString()
  const mailsTo = async (address: string) => {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from mails where lower(to_address) = lower(${address})`.execute(app.database.executor)
    return rows[0]!.count
  }

  describe('one attacker, ten minutes, with two processes', () => {
    let bookable: Bookable
    before(async () => {
      bookable = await createBookable(app, { upcoming_limit_per_attendee: null })
    })

    for (const [name, addressOf] of [
      ['one IPv4 address', () => '203.0.113.5'],
      ['one address with ports', (index: number) => `203.0.113.6:${4000 + index}`],
      ['one IPv6 /64', (index: number) => `2001:db8:0:7::${(index + 1).toString(16)}`],
    ] as const) {
      test(`${name}: a third party receives at most five emails, and writes are limited`, async () => {
        const victim = `victim-${name.replaceAll(/\W/g, '')}@example.com`
        const statuses: number[] = []
        for (let index = 0; index < 40; index++) {
          const person = { ...attendee(victim), first_name: `V${index}` }
          const booked = await call(addressOf(index), `${bookable.url}/meetings`, {
            start: startAt(index),
            attendee: person,
          })
          statuses.push(booked.status)
          if (booked.status !== 201) continue
          const link = `/api/v1/public/attendees/${booked.body.external_id}`
          statuses.push((await call(addressOf(index), `${link}/reschedule`, { start: startAt(index + 100) })).status)
          statuses.push((await call(addressOf(index), `${link}/cancel`, { message: 'phish' })).status)
        }
        assert.ok((await mailsTo(victim)) <= 5, `${await mailsTo(victim)}`)
        for (let index = 0; index < 40; index++)
          statuses.push((await call(addressOf(index), `${bookable.url}/meetings`, {})).status)
        assert.equal(statuses.filter((status) => status !== 429).length <= 60, true, `${statuses}`)
        assert.equal(statuses.at(-1), 429)
        clock.advance(MINUTE)
        assert.equal((await call(addressOf(0), `${bookable.url}/meetings`, {})).status, 422)
      })
    }
  })

  describe('one attacker, ten minutes, every public call, with two processes', () => {
    const accountMailsTo = async (address: string) => {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from account_mails m join "user" u on u.id = m.user_id
        where lower(u.email) = lower(${address})`.execute(app.database.executor)
      return rows[0]!.count
    }

    /** A member, whose reset links anyone can request. */
    async function makeAccount(email: string) {
      const { body } = await app.api('POST', '/api/v1/members', { email, first_name: 'Vi', timezone: 'UTC' })
      await app.api('POST', `/api/v1/members/${body.id}/invite`)
      const token = await readInvitation(app, email)
      const accepted = await call('192.0.2.99', `/api/v1/public/invitations/${token}/accept`, {
        password: 'correct horse battery',
      })
      assert.equal(accepted.status, 200, accepted.text)
      await sql`delete from mails where to_address = ${email}`.execute(app.database.executor)
    }

    for (const [name, addressOf] of [
      ['one IPv4 address', () => '203.0.113.25'],
      ['one IPv6 /64', (index: number) => `2001:db8:0:25::${(index + 1).toString(16)}`],
    ] as const)
      test(`${name}: no third party receives more than five emails`, async () => {
        const anyNumber = { upcoming_limit_per_attendee: null }
        const single = await createBookable(app, anyNumber)
        const group = await createBookable(app, { ...anyNumber, kind: 'group', seats: 50 })
        const confirmed = await createBookable(app, { ...anyNumber, confirm_email: true })
        const { apiKey } = await createTestOrganization({ database: app.database, clock })
        const asOther: TestApp['api'] = (method, path, body, headers) =>
          app.api(method, path, body, { authorization: `Bearer ${apiKey}`, ...headers })
        const elsewhere = await createBookable({ api: asOther }, anyNumber)
        const victim = `third-party-${name.replaceAll(/\W/g, '')}@example.com`
        await makeAccount(victim)
        const statuses = new Map<string, number>()
        const send = async (index: number, path: string, body: unknown) => {
          const answer = await call(addressOf(index), path, body)
          statuses.set(`${answer.status}`, (statuses.get(`${answer.status}`) ?? 0) + 1)
          return answer
        }
        for (let round = 0; round < 16; round++) {
          const email = round % 2 === 0 ? victim : victim.toUpperCase().replace('@', `+${round}@`)
          const person = attendee(email)
          for (const { url } of [single, elsewhere, confirmed]) {
            const booked = await send(round, `${url}/meetings`, { start: startAt(round), attendee: person })
            const link = `/api/v1/public/attendees/${booked.body.external_id ?? 'unknown'}`
            await send(round, `${link}/reschedule`, { start: startAt(round + 100), message: 'phish' })
            await send(round, `${link}/cancel`, { message: 'phish' })
          }
          await send(round, `${group.url}/meetings`, { start: startAt(0), attendee: person })
          await send(round, '/api/auth/request-password-reset', { email })
          await send(round, `/api/v1/public/invitations/guessed-${round}/accept`, { password: 'correct horse battery' })
          await send(round, `/api/v1/public/holds/guessed-${round}/confirm`, {})
          clock.advance(40_000)
        }
        assert.ok((statuses.get('429') ?? 0) > 0)
        assert.ok((await mailsTo(victim)) >= 1)
        const { rows } = await sql<{ count: number }>`
          select count(*) as count from mails where lower(to_address) like 'third-party-' || ${name.replaceAll(/\W/g, '').toLowerCase()} || '%'`.execute(
          app.database.executor,
        )
        assert.ok(rows[0]!.count <= 5, `${rows[0]!.count} emails`)
        const resets = await accountMailsTo(victim)
        assert.ok(resets >= 1 && resets <= 3, `${resets} reset links`)
      })
  })

  test('a cancellation is never refused; only its email to the attendee is omitted', async () => {
    const bookable = await createBookable(app, { upcoming_limit_per_attendee: null })
    const email = 'often@example.com'
    const links: string[] = []
    for (let index = 0; index < 5; index++) {
      const body = { start: startAt(index), attendee: attendee(email) }
      const booked = await call('192.0.2.1', `${bookable.url}/meetings`, body)
      assert.equal(booked.status, 201, booked.text)
      links.push(`/api/v1/public/attendees/${booked.body.external_id}`)
    }
    const beyond = { start: startAt(9), attendee: attendee(`often+x@example.com`) }
    const refused = await call('192.0.2.1', `${bookable.url}/meetings`, beyond)
    assert.deepEqual([refused.status, refused.body.code], [429, 'rate_limited'])
    assert.equal((await call('192.0.2.1', `${links[0]}/reschedule`, { start: startAt(9) })).status, 429)
    assert.equal((await call('192.0.2.1', `${links[0]}/cancel`, {})).status, 200)
    assert.equal(await mailsTo(email), 5)
    const host = `host-${bookable.page.replace(/^team-/, '')}-0@example.com`
    assert.equal(await mailsTo(host), 6)
    clock.advance(HOUR)
    assert.equal((await call('192.0.2.1', `${bookable.url}/meetings`, beyond)).status, 201)
  })

  test('an attendee can reschedule a meeting at most ten times a day', async () => {
    const { url } = await createBookable(app)
    const booked = await call('192.0.2.2', `${url}/meetings`, { start: startAt(0), attendee: attendee() })
    const link = `/api/v1/public/attendees/${booked.body.external_id}`
    const statuses: number[] = []
    for (let index = 1; index <= 12; index++) {
      statuses.push((await call('192.0.2.2', `${link}/reschedule`, { start: startAt(index) })).status)
      if (index % 4 === 0) clock.advance(HOUR)
    }
    assert.deepEqual(statuses, [...Array(10).fill(200), 429, 429])
  })

  test('one email address can have three upcoming meetings of a type, unless the type sets another limit', async () => {
    const [limited, free] = [
      await createBookable(app),
      await createBookable(app, { upcoming_limit_per_attendee: null }),
    ]
    assert.equal(limited.type.upcoming_limit_per_attendee, 3)
    const book = ({ url }: Bookable, index: number) =>
      call('192.0.2.3', `${url}/meetings`, { start: startAt(index), attendee: attendee('Many@example.com') })
    for (const index of [1, 2, 3]) assert.equal((await book(limited, index)).status, 201)
    const refused = await book(limited, 4)
    assert.deepEqual([refused.status, refused.body.code], [422, 'not_bookable'])
    assert.match(refused.body.detail, /already has 3 upcoming meetings of this type/)
    assert.equal((await book(free, 4)).status, 201)
    clock.set(Date.parse(startAt(1)) + MINUTE)
    assert.equal((await book(limited, 30)).status, 201)
  })

  test('requests with API keys that do not exist are limited, but those with a valid key from the same address are not', async () => {
    const members = (authorization: string) =>
      processes[calls++ % 2]!.api('GET', '/api/v1/members', undefined, {
        authorization,
        'x-forwarded-for': '192.0.2.4',
      })
    const statuses: number[] = []
    for (let index = 0; index < 61; index++) statuses.push((await members(`Bearer bb_wrong_${index}`)).status)
    assert.deepEqual(statuses, [...Array(60).fill(401), 429])
    const refused = await members('Bearer bb_wrong')
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.equal((await members(`Bearer ${app.apiKey}`)).status, 200)
  })

  test('listing many hosts’ slots costs units by hosts and dates', async () => {
    const { url } = await createBookable(app, { assignment: 'round_robin' }, 30)
    const query = 'from=2027-03-01&to=2027-05-01&timezone=UTC'
    let answered = 0
    for (;;) {
      const listed = await app.api('GET', `${url}/slots?${query}`, undefined, {
        authorization: null,
        'x-forwarded-for': '192.0.2.5',
      })
      if (listed.status === 429) break
      assert.equal(listed.status, 200, listed.text)
      answered++
    }
    assert.ok(answered >= 25 && answered <= 35, `${answered} of 600`)
  })

  test('hosts are not limited', async () => {
    const { type } = await createBookable(app, { upcoming_limit_per_attendee: 1 })
    for (const index of [40, 41, 42, 43, 44, 45]) {
      const body = { meeting_type: type.id, start: startAt(index), attendee: attendee('hosted@example.com') }
      assert.equal((await app.api('POST', '/api/v1/meetings', body)).status, 201)
    }
  })

  test('budgets contain no addresses, and are deleted when their windows have ended', async () => {
    const all = async () => {
      const { rows } = await sql<{ key: string }>`
        select key from budgets union all select key from client_budgets`.execute(app.database.executor)
      return rows.map(({ key }) => key)
    }
    assert.ok((await all()).length > 0)
    for (const key of await all()) assert.match(key, /^[\w-]{43}$/)
    clock.advance(DAY + 1)
    await deleteOldBudgets({ database: app.database, clock }, { limit: 500 })
    assert.deepEqual(await all(), [])
  })

  test('on a server that only this machine can reach, nothing is limited', async () => {
    const local = await openTestApp(app.database, { clock })
    const { tryBook } = await createBookable(local)
    for (let index = 0; index < 8; index++)
      assert.equal((await tryBook(startAt(index + 200), { attendee: attendee('local@example.com') })).status, 201)
    await local.stop()
  })
})
