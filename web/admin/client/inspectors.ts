import type { Inspector, InspectorPatch } from '../../../src/inspectors/schema.ts'
import { patch, post, remove, useChange, useList } from './api.ts'

export type { Inspector } from '../../../src/inspectors/schema.ts'

const key = ['inspectors']

export const useInspectors = () => useList<Inspector>({ key, path: '/inspectors' })

export const useCreateInspector = () =>
  useChange({
    call: (name: string) => post<Inspector>('/inspectors', { name }),
    refresh: [key],
    done: ({ name }) => `Inspector “${name}” created`,
    quiet: true,
  })

export const useChangeInspector = () =>
  useChange({
    call: ({ id, ...change }: InspectorPatch & { id: number }) => patch<Inspector>(`/inspectors/${id}`, change),
    refresh: [key],
    done: ({ name, answer_status }) => `“${name}” now responds with ${answer_status}`,
  })

export const useDeleteInspector = () =>
  useChange({
    call: ({ id }: Inspector) => remove(`/inspectors/${id}`),
    refresh: [key],
    done: (_, { name }) => `Inspector “${name}” deleted`,
  })
