import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Meeting } from '../../../src/meetings/schema.ts'
import type {
  Schedule,
  scheduleInputSchema,
  schedulePatchSchema,
  TimeOff,
  timeOffInputSchema,
} from '../../../src/schedules/schema.ts'
import type { Explanation } from '../../../src/slots/schema.ts'
import { currentText } from '../i18n/text.ts'
import { api, listAll, listOf, type Page, patch, post, queryOf, remove, useChange } from './api.ts'

export type { Schedule, TimeOff } from '../../../src/schedules/schema.ts'
export type { Explanation } from '../../../src/slots/schema.ts'

type ScheduleInput = z.input<typeof scheduleInputSchema>
type SchedulePatch = z.input<typeof schedulePatchSchema>
type TimeOffInput = z.input<typeof timeOffInputSchema>

export const useSchedules = () => useQuery({ queryKey: ['schedules'], queryFn: () => listAll<Schedule>('/schedules') })

export const useSchedule = (id: number) =>
  useQuery({ queryKey: ['schedules', id], queryFn: () => api<Schedule>(`/schedules/${id}`) })

const createSchedule = (input: ScheduleInput) => post<Schedule>('/schedules', input)
const changed = [['schedules'], ['slots']]

export const useCreateSchedule = (onDone: (schedule: Schedule) => void) =>
  useChange({ call: createSchedule, refresh: changed, onDone })

export const useChangeSchedule = (id: number) =>
  useChange({
    call: (change: SchedulePatch) => patch<Schedule>(`/schedules/${id}`, change),
    refresh: changed,
    done: () => currentText().t('parts.saved'),
    quiet: true,
  })

export const useDeleteSchedule = (id: number, onDone: () => void) =>
  useChange({
    call: () => remove(`/schedules/${id}`),
    refresh: [],
    done: () => currentText().t('availability.schedule_deleted'),
    onDone,
  })

export const useTimeOff = (member: number) =>
  listOf(useQuery({ queryKey: ['time-off', member], queryFn: () => listAll<TimeOff>(`/members/${member}/time-off`) }))

/** Adds several periods of time off: either all of them or none. */
async function addTimeOff(member: number, inputs: TimeOffInput[]): Promise<void> {
  const path = `/members/${member}/time-off`
  const added: TimeOff[] = []
  try {
    for (const input of inputs) added.push(await post<TimeOff>(path, input))
  } catch (problem) {
    for (const { id } of added) await remove(`${path}/${id}`)
    throw problem
  }
}

export const useAddTimeOff = (member: number) =>
  useChange({
    call: (inputs: TimeOffInput[]) => addTimeOff(member, inputs),
    refresh: [['time-off', member], ['slots']],
    done: () => currentText().t('availability.time_off_added'),
    quiet: true,
  })

const DAY = 86_400_000

/** A host's meetings that start on these dates, or on the day before or after, in any time zone. At most 200. */
export const useMeetingsOf = (host: number, range: { from: string; to?: string } | null) =>
  useQuery({
    queryKey: ['meetings', 'of-host', host, range],
    queryFn: async () => {
      const { from = '', to } = range ?? {}
      const shift = (date: string, days: number) => new Date(Date.parse(date) + days * DAY).toISOString()
      const query = queryOf({ host, from: shift(from, -2), to: to && shift(to, 3), limit: 200 })
      return (await api<Page<Meeting>>(`/meetings${query}`)).data
    },
    enabled: range !== null,
  })

export const useDeleteTimeOff = (member: number) =>
  useChange({
    call: ({ id }: TimeOff) => remove(`/members/${member}/time-off/${id}`),
    refresh: [['time-off', member], ['slots']],
    done: () => currentText().t('availability.time_off_deleted'),
  })

export const explainStart = (type: number, start: string) =>
  api<Explanation>(`/meeting-types/${type}/explain${queryOf({ start })}`)
