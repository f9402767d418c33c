import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { type Bookable, createBookable } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type Receiver, startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import type { Delivery } from './schema.ts'

const statusOf: Record<string, number> = {
  'Meeting.scheduled': 200,
  'Attendee.scheduled': 503,
  'Meeting.cancelled': 410,
}

eachDatabase((open) => {
  let app: TestApp
  let receiver: Receiver
  let bookable: Bookable
  let webhook: number
  const meetings: Record<string, number> = {}

  const tomorrow = Temporal.Now.plainDateISO('UTC').add({ days: 2 })

  async function book(first_name: string, last_name: string, email: string, hour: number) {
    const attendee = { first_name, last_name, email, timezone: 'UTC' }
    const { meeting } = await bookable.book(`${tomorrow}T${hour}:00:00Z`, { attendee })
    meetings[first_name] = meeting.id
  }

  /** The details that a list shows for each delivery: first name, action, and the result of the last attempt. */
  async function list(query: string): Promise<string[]> {
    const { status, body, text } = await app.api('GET', `/api/v1/webhooks/${webhook}/deliveries?${query}`)
    assert.equal(status, 200, text)
    return (body.data as Delivery[]).map(
      ({ attendee, action, last_status, last_error_kind }) =>
        `${attendee?.first_name} ${action} ${last_status} ${last_error_kind}`,
    )
  }

  /** A receiver that accepts some activities, refuses others, and disconnects for one person. */
  before(async () => {
    app = await openTestApp(await open(), { work: true })
    bookable = await createBookable(app)
    receiver = await startReceiver({
      answer: ({ headers }) => ({ status: statusOf[String(headers['bookbell-action'])] ?? 204 }),
    })
    const made = await app.api('POST', '/api/v1/webhooks', {
      url: receiver.url,
      actions: ['Meeting.scheduled', 'Attendee.scheduled'],
    })
    webhook = made.body.id
    await book('Ada', 'Vale', 'ada.v@example.com', 10)
    await book('Bob', 'O’Moss_1', 'bob@example.org', 12)
    await waitFor(async () => (await list('')).every((line) => !line.endsWith('null null')))
  })
  after(async () => {
    await app?.stop()
    await receiver?.close()
  })

  test('shows who and which meeting each delivery is about, and how its last attempt ended', async () => {
    const { body } = await app.api('GET', `/api/v1/webhooks/${webhook}/deliveries`)
    const [newest] = body.data as Delivery[]
    assert.deepEqual(newest?.attendee, { first_name: 'Bob', last_name: 'O’Moss_1', email: 'bob@example.org' })
    assert.equal(newest?.meeting_name, 'Intro')
    assert.deepEqual((await list('')).toSorted(), [
      'Ada Attendee.scheduled 503 status',
      'Ada Meeting.scheduled 200 null',
      'Bob Attendee.scheduled 503 status',
      'Bob Meeting.scheduled 200 null',
    ])
  })

  const filters: [query: string, found: string[]][] = [
    ['status=retrying', ['Bob Attendee.scheduled', 'Ada Attendee.scheduled']],
    ['status=pending', ['Bob Attendee.scheduled', 'Ada Attendee.scheduled']],
    ['status=delivered', ['Bob Meeting.scheduled', 'Ada Meeting.scheduled']],
    ['status=failed', []],
    ['status_code=503', ['Bob Attendee.scheduled', 'Ada Attendee.scheduled']],
    ['status_code=200', ['Bob Meeting.scheduled', 'Ada Meeting.scheduled']],
    ['status_code=404', []],
    ['error_kind=status', ['Bob Attendee.scheduled', 'Ada Attendee.scheduled']],
    ['error_kind=timeout', []],
    ['attendee=ADA', ['Ada Attendee.scheduled', 'Ada Meeting.scheduled']],
    ['attendee=ada.v@', ['Ada Attendee.scheduled', 'Ada Meeting.scheduled']],
    ['attendee=vale', ['Ada Attendee.scheduled', 'Ada Meeting.scheduled']],
    ['attendee=bob%20o', ['Bob Attendee.scheduled', 'Bob Meeting.scheduled']],
    ['attendee=o%E2%80%99moss_', ['Bob Attendee.scheduled', 'Bob Meeting.scheduled']],
    ['attendee=o%E2%80%99moss%25', []],
    ['attendee=%25', []],
    ['attendee=ad_', []],
    ['attendee=ada&status=delivered', ['Ada Meeting.scheduled']],
    ['attendee=ada&status_code=503', ['Ada Attendee.scheduled']],
    ['until=2020-01-01T00:00:00Z', []],
    ['since=2020-01-01T00:00:00Z&action=Meeting.scheduled', ['Bob Meeting.scheduled', 'Ada Meeting.scheduled']],
  ]
  for (const [query, found] of filters)
    test(`filters by ${query}`, async () => {
      const actions = (await list(query)).map((line) => line.split(' ').slice(0, 2).join(' '))
      assert.deepEqual(actions, found)
    })

  test('filters by a meeting, and by an attendee', async () => {
    assert.equal((await list(`meeting=${meetings.Ada}`)).length, 2)
    assert.equal((await list(`meeting=${meetings.Ada}&attendee=ada`)).length, 2)
    assert.equal((await list(`meeting=${meetings.Ada}&attendee=bob`)).length, 0)
    assert.equal((await list('meeting=999999')).length, 0)
  })

  test('a date range begins with its first instant and ends before its last instant', async () => {
    const { body } = await app.api('GET', `/api/v1/webhooks/${webhook}/deliveries`)
    const instants = (body.data as Delivery[]).map(({ created_at }) => created_at)
    const [last = '', first = ''] = [instants[0], instants.at(-1)]
    assert.equal((await list(`since=${first}&until=${last}`)).length, 2)
    assert.equal((await list(`since=${last}`)).length, 2)
  })

  test('pages continue where the last page ended, with and without a filter', async () => {
    for (const query of ['limit=1', 'limit=1&attendee=a', 'limit=3']) {
      const seen: number[] = []
      for (let cursor = ''; cursor !== 'end'; ) {
        const { body } = await app.api('GET', `/api/v1/webhooks/${webhook}/deliveries?${query}${cursor}`)
        seen.push(...(body.data as Delivery[]).map(({ id }) => id))
        cursor = body.next_cursor ? `&cursor=${body.next_cursor}` : 'end'
      }
      const all = (await app.api('GET', `/api/v1/webhooks/${webhook}/deliveries?${query.replace(/limit=\d/, '')}`)).body
      assert.deepEqual(
        seen,
        (all.data as Delivery[]).map(({ id }) => id),
        query,
      )
    }
  })

  describe('refuses unknown values:', () => {
    for (const query of [
      'status=lost',
      'status_code=99',
      'status_code=x',
      'error_kind=bad',
      'meeting=x',
      'attendee=',
      'cursor=WzFd',
    ])
      test(query, async () => {
        assert.equal((await app.api('GET', `/api/v1/webhooks/${webhook}/deliveries?${query}`)).status, 422)
      })
  })
})
