import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Page, pageInputSchema, pagePatchSchema } from '../../../src/pages/schema.ts'
import { listAll, patch, post, remove } from './api.ts'

export type { Page } from '../../../src/pages/schema.ts'
export type PageInput = z.input<typeof pageInputSchema>
export type PagePatch = z.input<typeof pagePatchSchema>

export const usePages = () => useQuery({ queryKey: ['pages'], queryFn: () => listAll<Page>('/pages') })

/** The address of a page, or of a meeting type on it. */
export const addressOf = (page: { slug: string }, type?: { slug: string }) =>
  [location.origin, page.slug, ...(type ? [type.slug] : [])].join('/')

export const createPage = (input: PageInput) => post<Page>('/pages', input)
export const changePage = (id: number, change: PagePatch) => patch<Page>(`/pages/${id}`, change)
export const deletePage = (id: number) => remove(`/pages/${id}`)
