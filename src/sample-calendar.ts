import ical from 'ical-generator'
import type { App } from './platform/http-server.ts'

/** The path of the sample calendar, which a server offers only in the demo. */
export const SAMPLE_CALENDAR_PATH = '/sample-calendar.ics'

/** Registers the calendar that the demo's host is connected to. It contains a few appointments in the coming weeks. */
export function registerSampleCalendar(app: App, { timezone, now }: { timezone: string; now: () => number }): void {
  app.get(SAMPLE_CALENDAR_PATH, { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/calendar; charset=utf-8').serializer(String).send(writeCalendar(timezone, now())),
  )
}

/** The appointments, which are in UTC: from the next workday on, in the working hours of the demo's host. */
function writeCalendar(timezone: string, now: number): string {
  const calendar = ical({ name: 'June (private)' })
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).toPlainDate()
  for (const { summary, workday, from, to } of appointments) {
    const date = addWorkdays(today, workday)
    const at = (time: string) =>
      new Date(date.toZonedDateTime({ timeZone: timezone, plainTime: time }).epochMilliseconds)
    const id = `${summary.toLowerCase().replaceAll(' ', '-')}-${date}@sample`
    calendar.createEvent({ id, stamp: at(from), start: at(from), end: at(to), summary })
  }
  return `${calendar.toString()}\r\n`
}

/** The events in the calendar, and which of the coming workdays each is on. */
const appointments = [
  { summary: 'Dentist', workday: 1, from: '09:00', to: '10:30' },
  { summary: 'Site visit', workday: 2, from: '14:00', to: '16:00' },
  { summary: 'Team lunch', workday: 4, from: '11:30', to: '13:30' },
  { summary: 'Site visit', workday: 7, from: '14:00', to: '16:00' },
  { summary: 'Trade fair', workday: 9, from: '09:00', to: '17:00' },
  { summary: 'Team lunch', workday: 14, from: '11:30', to: '13:30' },
]

function addWorkdays(date: Temporal.PlainDate, count: number): Temporal.PlainDate {
  let found = date
  for (let left = count; left > 0; ) {
    found = found.add({ days: 1 })
    if (found.dayOfWeek <= 5) left--
  }
  return found
}
