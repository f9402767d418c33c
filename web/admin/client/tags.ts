import type { Tag } from '../../../src/tags/schema.ts'
import { say } from '../i18n/text.ts'
import { patch, post, remove, useChange, useList } from './api.ts'

export type { Tag } from '../../../src/tags/schema.ts'

const key = ['tags']

/** Lists tags page by page. `search` is a part of the name. */
export const useTags = (search: string) => useList<Tag>({ key: [...key, 'list'], path: '/tags', query: { search } })

export const useCreateTag = () =>
  useChange({
    call: (name: string) => post<Tag>('/tags', { name }),
    refresh: [key],
    done: ({ name }) => say('tags.created', { name }),
    quiet: true,
  })

export const useRenameTag = () =>
  useChange({
    call: ({ id, name }: { id: number; name: string }) => patch<Tag>(`/tags/${id}`, { name }),
    refresh: [key],
    done: ({ name }) => say('tags.renamed', { name }),
    quiet: true,
  })

export const useDeleteTag = () =>
  useChange({
    call: ({ id }: Tag) => remove(`/tags/${id}`),
    refresh: [key],
    done: (_, { name }) => say('tags.deleted', { name }),
  })
