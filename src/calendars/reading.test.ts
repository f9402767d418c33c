import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CorpusCase, corpus } from '../../test/support/calendar-corpus.ts'
import { DAY, HOUR } from '../time/durations.ts'
import { type ReadingOptions, readCalendar } from './reading.ts'

const options: ReadingOptions = {
  window: { from: Date.UTC(2027, 2, 1), to: Date.UTC(2027, 4, 1) },
  timezone: 'Europe/Berlin',
  memberTimezone: 'America/New_York',
  addresses: ['ada@example.com', 'Ada@home.example'],
  tentativeBlocks: true,
  allDayBlocks: true,
  isOwn: (uid) => uid.endsWith('@bookbell'),
}

function file(...lines: string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
}

function write(from: number, to: number): string {
  const [start, end] = [from, to].map((instant) => new Date(instant).toISOString().slice(5, 16).replace('T', ' '))
  return start?.slice(0, 5) === end?.slice(0, 5) ? `${start}/${end?.slice(6)}` : `${start}/${end}`
}

async function busyIn(text: string, given: Partial<ReadingOptions> = {}): Promise<string[]> {
  const reading = await readCalendar([text], { ...options, ...given })
  assert.ok(reading.ok)
  return reading.busy.map(({ from, to }) => write(from, to))
}

function checkCase({ rule, lines, busy, ...given }: CorpusCase): void {
  test(rule, async () => assert.deepEqual(await busyIn(file(...lines), given), busy))
}

describe('the corpus', () => {
  for (const one of corpus) checkCase(one)
  test('has at least 60 calendars', () => assert.ok(corpus.length >= 60, `${corpus.length}`))
})

test('our own meetings never count as busy, wherever they appear', async () => {
  const event = ['BEGIN:VEVENT', 'UID:1@bookbell', 'DTSTART:20270301T080000Z', 'DURATION:PT1H', 'END:VEVENT']
  const reading = await readCalendar([file(...event)], options)
  assert.ok(reading.ok)
  assert.deepEqual(reading.busy, [])
  assert.deepEqual(reading.entries, [{ uid: '1@bookbell', start: Date.UTC(2027, 2, 1, 8), isAllDay: false }])
})

test('reads the same busy times with any line endings, a byte order mark, or lower case', async () => {
  const text = file('BEGIN:VEVENT', 'UID:one', 'DTSTART:20270301T080000Z', 'DURATION:PT1H', 'END:VEVENT')
  const forms = [
    text,
    text.replaceAll('\r\n', '\n'),
    `\uFEFF${text}`,
    text.trimEnd(),
    text.replace('BEGIN:VEVENT', 'begin:vevent'),
  ]
  for (const form of forms) assert.deepEqual(await busyIn(form), ['03-01 08:00/09:00'])
})

test("reads the calendar's name and time zone", async () => {
  const reading = await readCalendar([file('X-WR-CALNAME:Work', 'X-WR-TIMEZONE:Romance Standard Time')], options)
  assert.ok(reading.ok)
  assert.deepEqual([reading.name, reading.timezone], ['Work', 'Europe/Paris'])
})

test('rejects an incomplete calendar instead of treating it as empty', async () => {
  const whole = file('BEGIN:VEVENT', 'UID:one', 'DTSTART:20270301T080000Z', 'DURATION:PT1H', 'END:VEVENT')
  for (const text of [
    '',
    '<!doctype html><title>Sign in</title>',
    whole.slice(0, 80),
    whole.slice(0, -10),
    'BEGIN:VCALENDAR',
  ])
    assert.equal((await readCalendar([text], options)).ok, false, text)
})

test('a rule yields at most 10,000 instances, so a rule that repeats every second ends', async () => {
  const forever = (rule: string) =>
    file('BEGIN:VEVENT', 'UID:one', 'DTSTART:20100101T000000Z', 'DURATION:PT1S', `RRULE:FREQ=${rule}`, 'END:VEVENT')
  const count = async (rule: string) => (await busyIn(forever(rule))).length
  assert.equal(await count('MINUTELY'), 10_000)
  assert.equal(await count('SECONDLY;INTERVAL=2'), 10_000)
  // One busy time that lasts 10,000 seconds.
  assert.equal(await count('SECONDLY'), 1)
  assert.equal(await count('HOURLY'), 61 * 24)
  assert.equal(await count('DAILY;COUNT=6000'), 0)
  assert.equal(await count('DAILY;COUNT=7000'), 61)
})

test('reading 5,000 events does not block other work for more than 50 ms', async () => {
  const events = Array.from({ length: 5_000 }, (_, index) => {
    const start = new Date(Date.UTC(2027, 2, 1) + (index % 60) * DAY + (index % 24) * HOUR).toISOString()
    const written = start.replaceAll(/[-:]|\.\d+/g, '')
    const rule = index % 10 === 0 ? ['RRULE:FREQ=WEEKLY;BYDAY=MO,WE'] : []
    const people = ['ORGANIZER:mailto:bob@example.com', 'ATTENDEE;PARTSTAT=ACCEPTED;CN=Ada:mailto:ada@example.com']
    return [
      'BEGIN:VEVENT',
      `UID:${index}`,
      `DTSTART:${written}`,
      'DURATION:PT30M',
      ...rule,
      ...people,
      'SUMMARY:x',
      'END:VEVENT',
    ]
  })
  const text = file(...events.flat())
  await readCalendar([text], options)
  // Measures CPU time, because other tests can also keep this process waiting.
  let longest = 0
  let last = process.threadCpuUsage()
  const ticking = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last)
    longest = Math.max(longest, (user + system) / 1_000)
    last = process.threadCpuUsage()
  }, 1)
  const reading = await readCalendar([text], options)
  clearInterval(ticking)
  assert.ok(reading.ok && reading.busy.length > 100)
  assert.ok(longest < 50, `${Math.round(longest)} ms`)
})
