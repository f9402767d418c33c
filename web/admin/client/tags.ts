import type { Tag } from '../../../src/tags/schema.ts'
import { patch, post, remove, useChange, useList } from './api.ts'

export type { Tag } from '../../../src/tags/schema.ts'

const key = ['tags']

export const useTags = () => useList<Tag>({ key, path: '/tags', limit: 200 })

export const useCreateTag = (onDone: () => void) =>
  useChange({
    call: (name: string) => post<Tag>('/tags', { name }),
    refresh: [key],
    done: ({ name }) => `The tag “${name}” is there.`,
    onDone,
    quiet: true,
  })

export const useRenameTag = (onDone: () => void) =>
  useChange({
    call: ({ id, name }: { id: number; name: string }) => patch<Tag>(`/tags/${id}`, { name }),
    refresh: [key],
    done: ({ name }) => `It is called “${name}” now.`,
    onDone,
    quiet: true,
  })

export const useDeleteTag = (onDone: () => void) =>
  useChange({
    call: ({ id }: Tag) => remove(`/tags/${id}`),
    refresh: [key],
    done: (_, { name }) => `The tag “${name}” is deleted.`,
    onDone,
  })
