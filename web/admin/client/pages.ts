import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Page, pageInputSchema, pagePatchSchema } from '../../../src/pages/schema.ts'
import { listAll, patch, post, remove, useChange } from './api.ts'

export type { Page } from '../../../src/pages/schema.ts'

type PageInput = z.input<typeof pageInputSchema>
type PagePatch = z.input<typeof pagePatchSchema>

export const usePages = () => useQuery({ queryKey: ['pages'], queryFn: () => listAll<Page>('/pages') })

/** The URL of a page, or of a meeting type on it. */
export const addressOf = (page: { slug: string }, type?: { slug: string }) =>
  [location.origin, page.slug, ...(type ? [type.slug] : [])].join('/')

/** Creates a page, or changes the one with this id. */
export const useSavePage = (id: number | null) =>
  useChange({
    call: (input: PageInput) =>
      id === null ? post<Page>('/pages', input) : patch<Page>(`/pages/${id}`, input satisfies PagePatch),
    refresh: [['pages']],
    done: id === null ? 'Page created' : 'Saved',
    quiet: true,
  })

export const useDeletePage = () =>
  useChange({
    call: ({ id }: Page) => remove(`/pages/${id}`),
    refresh: [['pages']],
    done: (_, { name }) => `“${name}” deleted`,
  })
