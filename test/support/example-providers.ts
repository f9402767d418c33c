import {
  type BusyInterval,
  type CalendarEntryContent,
  type CalendarProvider,
  type ConferenceProvider,
  type ConferenceRoom,
  ProviderError,
} from '../../src/connections/provider.ts'
import type { CalendarCase, ConferenceCase } from './provider-conformance.ts'

/** A calendar in memory, which is the smallest provider that fulfils the contract. */
export async function openExampleCalendar(): Promise<CalendarCase> {
  const appointments: BusyInterval[] = []
  const entries = new Map<string, CalendarEntryContent>()
  let version = 0
  let isRevoked = false
  const change = (work: () => void) => {
    version++
    work()
  }
  const checkAccess = () => {
    if (isRevoked) throw new ProviderError('The account was disconnected. Connect it again.', { next: 'reconnect' })
  }
  const provider: CalendarProvider = {
    kind: 'calendar',
    async listCalendars() {
      checkAccess()
      return [{ id: 'work', name: 'Work', timezone: 'Europe/Berlin', isWritable: true }]
    },
    async changedSince(_calendar, mark) {
      checkAccess()
      return mark !== String(version)
    },
    async readWindow(_calendar, { from, to }) {
      checkAccess()
      const busy = joinIntervals(appointments.filter((one) => one.from < to && one.to > from))
      const own = [...entries.values()].filter((one) => one.start < to && one.end > from)
      return { busy, entries: own.map(({ uid, start }) => ({ uid, start })), mark: String(version) }
    },
    async writeEntry(_calendar, entry) {
      checkAccess()
      change(() => entries.set(entry.uid, entry))
    },
    async deleteEntry(_calendar, uid) {
      checkAccess()
      change(() => entries.delete(uid))
    },
  }
  return {
    provider,
    calendar: 'work',
    addAppointment: async (from, to) => change(() => appointments.push({ from, to })),
    revoke: async () => {
      isRevoked = true
    },
  }
}

function joinIntervals(intervals: readonly BusyInterval[]): BusyInterval[] {
  const joined: BusyInterval[] = []
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else joined.push({ from, to })
  }
  return joined
}

/** Conference rooms in memory. */
export async function openExampleRooms(): Promise<ConferenceCase> {
  const rooms = new Map<string, ConferenceRoom>()
  const provider: ConferenceProvider = {
    kind: 'conference',
    async keepRoom(key) {
      const room = rooms.get(key) ?? { id: key, url: `https://rooms.example/${key}`, password: null }
      rooms.set(key, room)
      return room
    },
    async deleteRoom(key) {
      rooms.delete(key)
    },
  }
  return { provider, countRooms: async () => rooms.size }
}
