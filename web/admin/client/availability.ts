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
import { api, listAll, patch, post, queryOf, remove } from './api.ts'

export type { Schedule, TimeOff } from '../../../src/schedules/schema.ts'
export type { Explanation } from '../../../src/slots/schema.ts'
export type ScheduleInput = z.input<typeof scheduleInputSchema>
export type SchedulePatch = z.input<typeof schedulePatchSchema>
export type TimeOffInput = z.input<typeof timeOffInputSchema>

export const useSchedules = () => useQuery({ queryKey: ['schedules'], queryFn: () => listAll<Schedule>('/schedules') })

export const useSchedule = (id: number) =>
  useQuery({ queryKey: ['schedules', id], queryFn: () => api<Schedule>(`/schedules/${id}`) })

export const createSchedule = (input: ScheduleInput) => post<Schedule>('/schedules', input)
export const changeSchedule = (id: number, change: SchedulePatch) => patch<Schedule>(`/schedules/${id}`, change)
export const deleteSchedule = (id: number) => remove(`/schedules/${id}`)

export const useTimeOff = (member: number) =>
  useQuery({ queryKey: ['time-off', member], queryFn: () => listAll<TimeOff>(`/members/${member}/time-off`) })

export const takeTimeOff = (member: number, input: TimeOffInput) => post<TimeOff>(`/members/${member}/time-off`, input)
export const deleteTimeOff = (member: number, id: number) => remove(`/members/${member}/time-off/${id}`)

export const explainStart = (type: number, start: string) =>
  api<Explanation>(`/meeting-types/${type}/explain${queryOf({ start })}`)
