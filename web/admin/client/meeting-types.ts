import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { MeetingType, meetingTypeInputSchema, meetingTypePatchSchema } from '../../../src/meeting-types/schema.ts'
import { api, listAll, patch, post, remove } from './api.ts'

export type { FormField, MeetingType } from '../../../src/meeting-types/schema.ts'
export type MeetingTypeInput = z.input<typeof meetingTypeInputSchema>
export type MeetingTypePatch = z.input<typeof meetingTypePatchSchema>

export const useMeetingTypes = () =>
  useQuery({ queryKey: ['meeting-types'], queryFn: () => listAll<MeetingType>('/meeting-types') })

export const useMeetingType = (id: number) =>
  useQuery({ queryKey: ['meeting-types', id], queryFn: () => api<MeetingType>(`/meeting-types/${id}`) })

export const createMeetingType = (input: MeetingTypeInput) => post<MeetingType>('/meeting-types', input)
export const changeMeetingType = (id: number, change: MeetingTypePatch) =>
  patch<MeetingType>(`/meeting-types/${id}`, change)
export const deleteMeetingType = (id: number) => remove(`/meeting-types/${id}`)
