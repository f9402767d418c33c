import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Page, pageInputSchema, pagePatchSchema } from '../../../src/pages/schema.ts'
import { currentText } from '../i18n/text.ts'
import { listAll, patch, post, put, remove, useChange, useList } from './api.ts'

export type { Page } from '../../../src/pages/schema.ts'

type PageInput = z.input<typeof pageInputSchema>
type PagePatch = z.input<typeof pagePatchSchema>

export const usePages = () => useQuery({ queryKey: ['pages'], queryFn: () => listAll<Page>('/pages') })

/** Lists the pages, page by page. */
export const useListedPages = () => useList<Page>({ key: ['pages', 'listed'], path: '/pages' })

/** Returns the URL of a page, or of a meeting type on it. */
export const addressOf = (page: { slug: string }, type?: { slug: string }) =>
  [location.origin, page.slug, ...(type ? [type.slug] : [])].join('/')

/** Returns the pages that have a meeting type. */
export const pagesOf = (pages: Page[], type: number) => pages.filter((page) => page.meeting_types.includes(type))

/** Adds a meeting type to the pages with these ids, and removes it from those that it was on before. */
export async function changePagesOf(type: number, { before, now }: { before: number[]; now: number[] }): Promise<void> {
  const pathOf = (page: number) => `/pages/${page}/meeting-types/${type}`
  for (const page of now) if (!before.includes(page)) await put(pathOf(page))
  for (const page of before) if (!now.includes(page)) await remove(pathOf(page))
}

/** Creates a page, or changes the one with this id. */
export const useSavePage = (id: number | null) =>
  useChange({
    call: (input: PageInput) =>
      id === null ? post<Page>('/pages', input) : patch<Page>(`/pages/${id}`, input satisfies PagePatch),
    refresh: [['pages']],
    done: () => currentText().t(id === null ? 'pages.created' : 'parts.saved'),
    quiet: true,
  })

export const useDeletePage = () =>
  useChange({
    call: ({ id }: Page) => remove(`/pages/${id}`),
    refresh: [['pages']],
    done: (_, { name }) => currentText().t('parts.deleted', { name }),
  })
