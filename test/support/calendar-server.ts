import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A loopback server for one calendar file with ETags. */
export interface CalendarServer {
  url: string
  /** The lines of the calendar's components. The ETag changes with them. */
  set(lines: readonly string[]): void
  /** Replaces the response from now on. Undefined restores the usual response. */
  fail(answer: ((response: ServerResponse, request: IncomingMessage) => void) | undefined): void
  /** The statuses of all responses so far. */
  statuses: number[]
  stop(): Promise<void>
}

export async function startCalendarServer(): Promise<CalendarServer> {
  let lines: readonly string[] = []
  let version = 0
  let failure: Parameters<CalendarServer['fail']>[0]
  const statuses: number[] = []
  const server = createServer((request, response) => {
    response.once('close', () => statuses.push(response.statusCode))
    if (failure) return failure(response, request)
    const etag = `"${version}"`
    if (request.headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end()
    response.writeHead(200, { etag, 'content-type': 'text/calendar; charset=utf-8' })
    return response.end(fileOf(lines))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/work.ics`,
    set(given) {
      lines = given
      version++
    },
    fail(answer) {
      failure = answer
    },
    statuses,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function fileOf(lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'X-WR-CALNAME:Work', ...lines, 'END:VCALENDAR', ''].join('\r\n')
}

let number = 0

/** Returns the lines of an event in UTC: `appointment('2027-03-01T08:00', '2027-03-01T09:00')`. */
export function appointment(from: string, to: string, ...more: string[]): string[] {
  const write = (text: string) => `${text.replaceAll(/[-:]/g, '')}00Z`
  return ['BEGIN:VEVENT', `UID:${++number}`, `DTSTART:${write(from)}`, `DTEND:${write(to)}`, ...more, 'END:VEVENT']
}
