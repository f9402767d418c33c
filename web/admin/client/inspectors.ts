import type { Inspector, InspectorPatch } from '../../../src/inspectors/schema.ts'
import { currentText } from '../i18n/text.ts'
import { patch, post, remove, useChange, useList } from './api.ts'

export type { Inspector } from '../../../src/inspectors/schema.ts'

const key = ['inspectors']

export const useInspectors = () => useList<Inspector>({ key, path: '/inspectors' })

export const useCreateInspector = () =>
  useChange({
    call: (name: string) => post<Inspector>('/inspectors', { name }),
    refresh: [key],
    done: ({ name }) => currentText().t('inspectors.created_done', { name }),
    quiet: true,
  })

export const useChangeInspector = () =>
  useChange({
    call: ({ id, ...change }: InspectorPatch & { id: number }) => patch<Inspector>(`/inspectors/${id}`, change),
    refresh: [key],
    done: ({ name, answer_status }) =>
      currentText().t('inspectors.changed_done', { name, status: String(answer_status) }),
  })

export const useDeleteInspector = () =>
  useChange({
    call: ({ id }: Inspector) => remove(`/inspectors/${id}`),
    refresh: [key],
    done: (_, { name }) => currentText().t('inspectors.deleted_done', { name }),
  })
