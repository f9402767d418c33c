import { createHash } from 'node:crypto'
import { MOST_BYTES, type ReadingOptions, readCalendar } from '../calendars/reading.ts'
import type { HttpResponse } from '../platform/http-client.ts'
import { refuseAnswer, type SendToCalendar } from './calendar-client.ts'
import { type CalendarProvider, type CalendarWindow, ProviderError } from './provider.ts'

/** The settings for reading a calendar, without the time range. */
export type SourceReading = Omit<ReadingOptions, 'window'>

export interface IcsSourceSettings {
  send: SendToCalendar
  url: string
  reading: SourceReading
}

/** The id of the only calendar at a URL. */
export const ICS_CALENDAR = 'calendar'

/** The version that was read. If the response has not changed, the mark stays the same. */
interface Mark {
  etag: string | null
  modified: string | null
  hash: string
}

/**
 * Reads a calendar file at a URL. The file cannot be written. Frequent requests cost little while the server responds with 304.
 */
export function makeIcsSource({ send, url, reading }: IcsSourceSettings): CalendarProvider {
  let fetched: { text: string; mark: string } | null = null

  async function get(mark: Mark | null, signal: AbortSignal): Promise<{ text: string; mark: string } | null> {
    const response = await send({ method: 'GET', url, headers: conditionsOf(mark), signal })
    if (response.status === 304 && mark) return null
    if (response.status !== 200) refuseAnswer(response)
    if (response.truncated)
      throw new ProviderError(`The calendar file is larger than ${MOST_BYTES / 1024 / 1024} MB, which is the limit.`, {
        next: 'retry',
      })
    fetched = { text: response.body, mark: markOf(response) }
    return fetched
  }

  return {
    kind: 'calendar',
    async listCalendars() {
      return [{ id: ICS_CALENDAR, name: '', timezone: null, isWritable: false }]
    },
    async changedSince(_calendar, text, signal) {
      const mark = parseMark(text)
      const now = await get(mark, signal)
      return now !== null && parseMark(now.mark)?.hash !== mark?.hash
    },
    async readWindow(_calendar, window, signal): Promise<CalendarWindow> {
      const current = fetched ?? (await get(null, signal))
      fetched = null
      if (!current) throw new ProviderError('The calendar server responded without a calendar.', { next: 'retry' })
      const result = await readCalendar([current.text], { ...reading, window })
      if (!result.ok) throw new ProviderError(`${result.problem} Check the calendar address.`, { next: 'retry' })
      const { busy, name, timezone, unreadable } = result
      return { busy, entries: [], mark: current.mark, name, timezone, unreadable }
    },
    async writeEntry() {
      throw readOnly()
    },
    async findEntry() {
      throw readOnly()
    },
    async deleteEntry() {
      throw readOnly()
    },
  }
}

function readOnly(): ProviderError {
  return new ProviderError('A calendar file is read-only.', { next: 'give_up' })
}

function conditionsOf(mark: Mark | null): Record<string, string> {
  const accept = { accept: 'text/calendar' }
  if (mark?.etag) return { ...accept, 'if-none-match': mark.etag }
  return mark?.modified ? { ...accept, 'if-modified-since': mark.modified } : accept
}

function markOf({ headers, body }: HttpResponse): string {
  const textOf = (name: string) => {
    const value = headers[name]
    return typeof value === 'string' && value.length < 500 ? value : null
  }
  // Ignore DTSTAMP (when the file was written), because some servers set a new value in every response.
  const hash = createHash('sha256')
    .update(body.replaceAll(/^DTSTAMP[:;].*$/gm, ''))
    .digest('base64url')
  return JSON.stringify({ etag: textOf('etag'), modified: textOf('last-modified'), hash } satisfies Mark)
}

function parseMark(text: string): Mark | null {
  try {
    return JSON.parse(text) as Mark
  } catch {
    return null
  }
}
