import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { type Bookable, createBookable } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type ManualClock, manualClock } from '../platform/clock.ts'
import { makeSecrets } from '../platform/secrets.ts'
import { erasePastMeetings } from './retention.ts'

const DAY = 24 * 60 * 60 * 1000
const now = Date.parse('2027-02-01T08:00:00Z')

eachDatabase((open) => {
  let clock: ManualClock
  let app: TestApp
  let bookable: Bookable
  before(async () => {
    clock = manualClock(now)
    app = await openTestApp(await open(), { clock })
    bookable = await createBookable(app)
  })
  after(() => app?.stop())

  const work = () =>
    erasePastMeetings({ database: app.database, clock, secrets: makeSecrets(['a secret of the tests only']) })
  const addresses = async () => {
    const { body } = await app.api('GET', '/api/v1/meetings?limit=200')
    return body.data.map(({ attendees }: { attendees: { email: string }[] }) => attendees[0]?.email)
  }

  test('the people of past meetings are erased only after the number of days that the organization chose', async () => {
    await bookable.book('2027-02-02T10:00:00Z', { attendee: person('first') })
    await bookable.book('2027-02-12T10:00:00Z', { attendee: person('second') })
    clock.set(Date.parse('2027-03-04T11:00:00Z'))
    await work()
    assert.deepEqual(await addresses(), ['first@example.com', 'second@example.com'])
    const tooShort = await app.api('PATCH', '/api/v1/organization', { meeting_retention_days: 0 })
    assert.equal(tooShort.status, 422)
    const { body } = await app.api('PATCH', '/api/v1/organization', { meeting_retention_days: 30 })
    assert.equal(body.meeting_retention_days, 30)
    assert.equal(await work(), false)
    const [first, second] = await addresses()
    assert.match(first, /^erased-\d+@erased\.invalid$/)
    assert.equal(second, 'second@example.com')
    const feed = await app.api('GET', '/api/v1/activities?limit=200')
    assert.ok(!feed.text.includes('first@example.com') && feed.text.includes('second@example.com'))
    assert.ok(feed.text.includes('Hanna'))
  })

  test('erasing continues where it stopped, and a changed number of days applies from then on', async () => {
    clock.advance(10 * DAY)
    await work()
    assert.ok((await addresses()).every((address: string) => address.endsWith('@erased.invalid')))
    await app.api('PATCH', '/api/v1/organization', { meeting_retention_days: null })
    await bookable.book('2027-03-20T10:00:00Z', { attendee: person('third') })
    clock.advance(100 * DAY)
    await work()
    assert.equal((await addresses()).at(-1), 'third@example.com')
  })
})

function person(name: string) {
  return { first_name: name, last_name: 'Person', email: `${name}@example.com`, timezone: 'UTC' }
}
