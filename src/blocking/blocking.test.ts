import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { attendee, createBookable, historyOf } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { manualClock } from '../platform/clock.ts'
import { HOUR } from '../time/durations.ts'
import { blockingForms, normalizeBlocked } from './blocking.ts'

const START = Date.parse('2027-03-01T08:00:00Z')
const startAt = (index: number) => new Date(START + index * HOUR).toISOString()

test('all spellings of a mailbox or domain are blocked together', () => {
  assert.deepEqual(normalizeBlocked(' Spam+1@Example.COM '), { kind: 'address', value: 'spam@example.com' })
  assert.deepEqual(normalizeBlocked('Müller.de'), { kind: 'domain', value: 'xn--mller-kva.de' })
  assert.deepEqual(blockingForms('a@Mail.Müller.de').domains, ['mail.xn--mller-kva.de', 'xn--mller-kva.de'])
  for (const wrong of ['example', '@example.com', 'a b@example.com', ''])
    assert.equal(normalizeBlocked(wrong), undefined)
})

eachDatabase((open) => {
  let app: TestApp
  before(async () => {
    app = await openTestApp(await open(), { clock: manualClock(Date.parse('2027-02-20T08:00:00Z')) })
  })
  after(() => app.stop())

  const block = (value: string) => app.api('POST', '/api/v1/blocked-attendees', { value })
  const upcoming = async (value: string) =>
    (await app.api('GET', `/api/v1/people/upcoming?value=${encodeURIComponent(value)}`)).body.meetings

  test('a blocked address or domain cannot book on a page and does not learn why, but hosts can book for it', async () => {
    const { tryBook, type } = await createBookable(app)
    const blocked = await block('Spam@blocked.example')
    assert.deepEqual([blocked.status, blocked.body.kind, blocked.body.value], [201, 'address', 'spam@blocked.example'])
    assert.equal((await block('spam+again@blocked.example')).body.id, blocked.body.id)
    await block('evil.example')
    for (const [index, email] of ['SPAM+x@Blocked.example', 'a@evil.example', 'b@mail.evil.example'].entries()) {
      const refused = await tryBook(startAt(index), { attendee: attendee(email) })
      assert.deepEqual([refused.status, refused.body.code], [422, 'not_bookable'])
      assert.doesNotMatch(refused.body.detail, /block|spam|address/i)
    }
    for (const [index, email] of ['other@blocked.example', 'c@notevil.example'].entries())
      assert.equal((await tryBook(startAt(index), { attendee: attendee(email) })).status, 201)
    const byHost = { meeting_type: type.id, start: startAt(5), attendee: attendee('spam@blocked.example') }
    assert.equal((await app.api('POST', '/api/v1/meetings', byHost)).status, 201)
    const { body } = await app.api('GET', '/api/v1/blocked-attendees')
    assert.deepEqual(
      body.data.map(({ value }: { value: string }) => value),
      ['spam@blocked.example', 'evil.example'],
    )
    assert.equal((await app.api('DELETE', `/api/v1/blocked-attendees/${blocked.body.id}`)).status, 204)
    assert.equal((await app.api('DELETE', `/api/v1/blocked-attendees/${blocked.body.id}`)).status, 404)
    assert.equal((await tryBook(startAt(6), { attendee: attendee('spam@blocked.example') })).status, 201)
    const { body: audit } = await app.api('GET', '/api/v1/audit?limit=10')
    assert.ok(audit.data.some(({ action }: { action: string }) => action === 'attendee.unblocked'))
    assert.equal((await block('nonsense')).status, 422)
  })

  test('cancels all of an address’s upcoming meetings together: emits activities, emails the hosts, frees the times', async () => {
    const one = await createBookable(app, { upcoming_limit_per_attendee: null })
    const group = await createBookable(app, { kind: 'group', seats: 5, upcoming_limit_per_attendee: null })
    const spam = attendee('many@spam.example')
    const meetings: number[] = []
    for (let index = 0; index < 52; index++)
      meetings.push((await one.book(startAt(index), { attendee: spam })).meeting.id)
    const shared = (await group.book(startAt(0))).meeting.id
    await group.book(startAt(0), { attendee: { ...spam, email: 'MANY@spam.example' } })
    assert.deepEqual([await upcoming('many@spam.example'), await upcoming('spam.example')], [53, 53])
    const cancel = { value: 'many@spam.example', message: null }
    const first = await app.api('POST', '/api/v1/people/cancel-upcoming', cancel)
    assert.deepEqual(first.body, { cancelled: 50, remaining: 3 })
    const rest = await app.api('POST', '/api/v1/people/cancel-upcoming', { value: 'spam.example' })
    assert.deepEqual(rest.body, { cancelled: 3, remaining: 0 })
    assert.deepEqual((await app.api('POST', '/api/v1/people/cancel-upcoming', cancel)).body, {
      cancelled: 0,
      remaining: 0,
    })
    const history = await historyOf(app, meetings[51]!)
    assert.deepEqual([history.includes('Meeting.cancelled'), history.length], [true, 4])
    const { body: group_ } = await app.api('GET', `/api/v1/meetings/${shared}`)
    assert.equal(group_.cancelled, false, 'others keep their seats')
    await one.book(startAt(3))
    for (const [index, email] of ['x+1@gmail.com', 'X.+2@gmail.com', 'a@xn--mller-kva.de', 'b@sub.müller.de'].entries())
      await one.book(startAt(60 + index), { attendee: attendee(email) })
    assert.deepEqual([await upcoming('x@gmail.com'), await upcoming('müller.de')], [2, 2], 'as blocking would')
    const { body: mails } = await app.api('GET', '/api/v1/mailbox?limit=200')
    const host = mails.data.filter(
      ({ kind, to }: { kind: string; to: { address: string } }) =>
        kind === 'meeting.cancelled' && to.address.startsWith('host-'),
    )
    assert.ok(host.length >= 53)
  })
})
