import assert from 'node:assert/strict'
import ICAL from 'ical.js'
import { HOUR } from '../../src/time/durations.ts'
import type { DavServer } from './dav-servers.ts'
import { waitFor } from './wait.ts'

/** An entry as the member's own calendar program sees it. `start` is in UTC, such as `2027-03-01T08:00:00`. */
export interface SeenEntry {
  file: string
  text: string
  uid: string
  start: string
  summary: string
  status: string
}

/** A CalDAV calendar as its owner sees and changes it. */
export interface CalendarAccount {
  url: string
  list(): Promise<SeenEntry[]>
  /** Waits until the calendar contains exactly these start times, such as `2027-03-01T08:00`. */
  expect(...starts: string[]): Promise<SeenEntry[]>
  /** Moves a half-hour entry to another start. */
  move(file: string, from: string, to: string): Promise<void>
  remove(file: string): Promise<void>
}

/** Opens a calendar without Bookbell, as its owner would. */
export function seeCalendar(server: DavServer, url: string): CalendarAccount {
  const list = async () => {
    const { body } = await server.send('PROPFIND', url, '', { depth: '1' })
    const files = [...body.matchAll(/<(?:\w+:)?href>([^<]+\.ics)<\/(?:\w+:)?href>/g)]
    const urls = files.map(([, path]) => new URL(path ?? '', url).href)
    const entries = urls.map(async (file) => {
      const { status, body: text } = await server.send('GET', file)
      // Bookbell may have deleted the file since it was listed.
      return status === 200 ? [{ file, ...readEntry(text) }] : []
    })
    return (await Promise.all(entries)).flat()
  }
  return {
    url,
    list,
    expect: (...starts) =>
      waitFor(
        async () => {
          const found = await list()
          assert.deepEqual(found.map(({ start }) => start.slice(0, 16)).toSorted(), starts.toSorted())
          return found
        },
        { what: `entries at ${starts.join(', ') || 'no time'}` },
      ),
    async move(file, from, to) {
      const { body, headers } = await server.send('GET', file)
      const moved = body
        .replace(compact(from), compact(to))
        .replace(compact(halfAnHourAfter(from)), compact(halfAnHourAfter(to)))
      assert.notEqual(moved, body)
      const ifMatch = { 'content-type': 'text/calendar', 'if-match': headers.get('etag') ?? '' }
      const { status } = await server.send('PUT', file, moved, ifMatch)
      assert.ok(status < 300, `PUT: ${status}`)
    },
    async remove(file) {
      await server.send('DELETE', file)
    },
  }
}

function readEntry(text: string): Omit<SeenEntry, 'file'> {
  const event = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent')
  assert.ok(event, text)
  const read = (name: string) => String(event.getFirstPropertyValue(name) ?? '')
  return { text, start: read('dtstart'), summary: read('summary'), status: read('status'), uid: read('uid') }
}

function compact(start: string): string {
  return `${start.slice(0, 16).replaceAll(/[-:]/g, '')}00Z`
}

function halfAnHourAfter(start: string): string {
  return new Date(Date.parse(`${start.slice(0, 16)}:00Z`) + HOUR / 2).toISOString()
}
