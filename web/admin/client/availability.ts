import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  Schedule,
  scheduleInputSchema,
  schedulePatchSchema,
  TimeOff,
  timeOffInputSchema,
} from '../../../src/schedules/schema.ts'
import type { Explanation } from '../../../src/slots/schema.ts'
import { api, listAll, listOf, patch, post, queryOf, remove, useChange } from './api.ts'

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
    done: 'Saved',
    quiet: true,
  })

export const useDeleteSchedule = (id: number, onDone: () => void) =>
  useChange({ call: () => remove(`/schedules/${id}`), refresh: [], done: 'Schedule deleted', onDone })

export const useTimeOff = (member: number) =>
  listOf(useQuery({ queryKey: ['time-off', member], queryFn: () => listAll<TimeOff>(`/members/${member}/time-off`) }))

export const useAddTimeOff = (member: number) =>
  useChange({
    call: (input: TimeOffInput) => post<TimeOff>(`/members/${member}/time-off`, input),
    refresh: [['time-off', member], ['slots']],
    done: 'Time off added',
    quiet: true,
  })

export const useDeleteTimeOff = (member: number) =>
  useChange({
    call: ({ id }: TimeOff) => remove(`/members/${member}/time-off/${id}`),
    refresh: [['time-off', member], ['slots']],
    done: 'Time off deleted',
  })

export const explainStart = (type: number, start: string) =>
  api<Explanation>(`/meeting-types/${type}/explain${queryOf({ start })}`)
