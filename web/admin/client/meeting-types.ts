import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { MeetingType, meetingTypeInputSchema, meetingTypePatchSchema } from '../../../src/meeting-types/schema.ts'
import { api, listAll, patch, post, remove, useChange } from './api.ts'

export type { FormField, MeetingType } from '../../../src/meeting-types/schema.ts'
export type MeetingTypeInput = z.input<typeof meetingTypeInputSchema>
type MeetingTypePatch = z.input<typeof meetingTypePatchSchema>

export const useMeetingTypes = () =>
  useQuery({ queryKey: ['meeting-types'], queryFn: () => listAll<MeetingType>('/meeting-types') })

export const useMeetingType = (id: number) =>
  useQuery({ queryKey: ['meeting-types', id], queryFn: () => api<MeetingType>(`/meeting-types/${id}`) })

const refresh = [['meeting-types'], ['pages']]
const create = (input: MeetingTypeInput) => post<MeetingType>('/meeting-types', input)
const change = (id: number, patched: MeetingTypePatch) => patch<MeetingType>(`/meeting-types/${id}`, patched)

/** Creates a meeting type, or changes the one with this id. */
export const useSaveMeetingType = (id: number | null) =>
  useChange({
    call: (input: MeetingTypeInput) => (id === null ? create(input) : change(id, input)),
    refresh,
    done: id === null ? 'Meeting type created' : 'Saved',
    quiet: true,
  })

export const useDuplicateMeetingType = (onDone: (copy: MeetingType) => void) =>
  useChange({ call: create, refresh, done: 'Duplicated. The copy is not on any page yet.', onDone })

export const useSetVisibility = (id: number) =>
  useChange({
    call: (visibility: MeetingType['visibility']) => change(id, { visibility }),
    refresh,
    done: 'Saved',
  })

export const useDeleteMeetingType = () =>
  useChange({
    call: ({ id }: MeetingType) => remove(`/meeting-types/${id}`),
    refresh,
    done: (_, { name }) => `“${name}” deleted`,
  })
