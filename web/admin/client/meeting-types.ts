import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { MeetingType, meetingTypeInputSchema, meetingTypePatchSchema } from '../../../src/meeting-types/schema.ts'
import type { Meeting } from '../../../src/meetings/schema.ts'
import { currentText } from '../i18n/text.ts'
import { api, listAll, type Page, patch, post, queryOf, remove, useChange } from './api.ts'
import { showProblem } from './messages.ts'
import { changePagesOf } from './pages.ts'

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

/** A meeting type, with the ids of its previous pages and of its new pages. */
export type SavedMeetingType = { input: MeetingTypeInput; pages: { before: number[]; now: number[] } }

/** Creates a meeting type, or changes the one with this id. Then adds it to pages and removes it from others. */
export const useSaveMeetingType = (id: number | null) =>
  useChange({
    call: async ({ input, pages }: SavedMeetingType) => {
      const type = await (id === null ? create(input) : change(id, input))
      // The meeting type itself is saved, so sending the form again would create another one.
      await changePagesOf(type.id, pages).catch(showProblem)
      return type
    },
    refresh,
    done: () => currentText().t(id === null ? 'meetingTypes.created' : 'parts.saved'),
    quiet: true,
  })

export const useDuplicateMeetingType = (onDone: (copy: MeetingType) => void) =>
  useChange({ call: create, refresh, done: () => currentText().t('meetingTypes.duplicated'), onDone })

export const useSetVisibility = (id: number) =>
  useChange({
    call: (visibility: MeetingType['visibility']) => change(id, { visibility }),
    refresh,
    done: () => currentText().t('parts.saved'),
  })

export const useDeleteMeetingType = () =>
  useChange({
    call: ({ id }: MeetingType) => remove(`/meeting-types/${id}`),
    refresh,
    done: (_, { name }) => currentText().t('parts.deleted', { name }),
  })

const COUNTED = 200

/** How many upcoming meetings a type has. `atLeast` is set if there are too many to count. */
export const useUpcomingCount = (type: number) =>
  useQuery({
    queryKey: ['meetings', 'upcoming-of-type', type],
    queryFn: async () => {
      const query = queryOf({ meeting_type: type, from: new Date().toISOString(), limit: COUNTED })
      const { data, next_cursor } = await api<Page<Meeting>>(`/meetings${query}`)
      return { count: data.filter(({ cancelled }) => !cancelled).length, atLeast: next_cursor !== null }
    },
    staleTime: 0,
  })
