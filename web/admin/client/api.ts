import { QueryClient, type QueryKey, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { actorAnswerSchema } from '../../../src/organizations/schema.ts'
import { ApiProblem, newIdempotencyKey, request } from '../../api/http.ts'
import { showDone, showProblem } from './messages.ts'

/*
 * How the admin speaks with the API. What each noun needs stands in `<noun>/queries.ts`; the types are those of the server's
 * own schemas, of which nothing is in the built page.
 */

export type Me = z.output<typeof actorAnswerSchema>
export type Role = Me['role']

/** What every list answers. */
export type Page<T> = { data: T[]; next_cursor: string | null }

export const api = <T>(path: string) => request<T>(`/api/v1${path}`)

export const post = <T>(path: string, body: unknown = {}) =>
  request<T>(`/api/v1${path}`, { method: 'POST', body, idempotencyKey: newIdempotencyKey() })

export const patch = <T>(path: string, body: unknown) => request<T>(`/api/v1${path}`, { method: 'PATCH', body })
export const put = <T>(path: string, body: unknown = {}) => request<T>(`/api/v1${path}`, { method: 'PUT', body })
export const remove = (path: string) => request<void>(`/api/v1${path}`, { method: 'DELETE' })

/** `?a=1&b=2` of what is given; empty where nothing is. A list is given as several. */
export function queryOf(values: Record<string, string | number | string[] | null | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    for (const part of [value].flat())
      if (part !== undefined && part !== null && part !== '') query.append(name, String(part))
  }
  return query.size > 0 ? `?${query}` : ''
}

/** A refusal is an answer: only what may pass is asked for again. */
const mayPass = (error: Error) => !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 10_000, retry: (count, error) => count < 2 && mayPass(error) } },
})

// A session may end at any time, in another window too: then the next answer of 401 leads to the sign-in.
queryClient.getQueryCache().subscribe(({ type, query }) => {
  const error = type === 'updated' && query.state.error
  if (error instanceof ApiProblem && error.status === 401 && query.queryKey[0] !== 'me')
    void queryClient.invalidateQueries({ queryKey: ['me'] })
})

/** All of a list that is never long, such as the members. */
export async function listAll<T>(path: string): Promise<T[]> {
  const rows: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await api<Page<T>>(path + queryOf({ limit: 200, cursor }))
    rows.push(...page.data)
    cursor = page.next_cursor
  } while (cursor)
  return rows
}

type ListOptions = {
  key: QueryKey
  path: string
  query?: Parameters<typeof queryOf>[0]
  limit?: number
  refetchInterval?: number | false
  enabled?: boolean
}

/** A list with its further pages: `rows`, and `more()` where there are any. */
export function useList<T>({ key, path, query = {}, limit = 50, refetchInterval, enabled }: ListOptions) {
  const list = useInfiniteQuery<Page<T>, Error, { pages: Page<T>[] }, QueryKey, string | null>({
    queryKey: [...key, query],
    queryFn: ({ pageParam }) => api<Page<T>>(path + queryOf({ ...query, limit, cursor: pageParam })),
    initialPageParam: null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    ...(enabled === undefined ? {} : { enabled }),
    ...(refetchInterval === undefined ? {} : { refetchInterval }),
  })
  return {
    rows: list.data?.pages.flatMap(({ data }) => data),
    error: list.error,
    retry: () => void list.refetch(),
    hasMore: list.hasNextPage,
    loadingMore: list.isFetchingNextPage,
    more: () => void list.fetchNextPage(),
  }
}

export type List<T> = Omit<ReturnType<typeof useList<T>>, 'rows'> & { rows: T[] | undefined }

type ChangeOptions<Input, Answer> = {
  call: (input: Input) => Promise<Answer>
  /** What is read anew afterwards. */
  refresh: QueryKey[]
  /** Said when it is done. */
  done?: string | ((answer: Answer, input: Input) => string)
  onDone?: (answer: Answer, input: Input) => void
  /** Shows a failure itself (a form with its fields); else a toast says it. */
  quiet?: boolean
}

/** A change through the API: reads anew what it touched, says that it is done, or why not. */
export function useChange<Input = void, Answer = unknown>(options: ChangeOptions<Input, Answer>) {
  const client = useQueryClient()
  return useMutation<Answer, Error, Input>({
    mutationFn: options.call,
    onSuccess: async (answer, input) => {
      await Promise.all(options.refresh.map((queryKey) => client.invalidateQueries({ queryKey })))
      const { done } = options
      if (done) showDone(typeof done === 'string' ? done : done(answer, input))
      options.onDone?.(answer, input)
    },
    onError: (error) => {
      if (!options.quiet) showProblem(error)
    },
  })
}

/** The message for each field of a form, by its path; `form` is what belongs to none of the known ones. */
export function errorsOf(error: unknown, known: readonly string[]): Record<string, string> {
  if (!error) return {}
  if (!(error instanceof ApiProblem)) return { form: 'This did not work. Please try again.' }
  const errors: Record<string, string> = {}
  for (const { path, message } of error.errors) {
    const field = known.find((name) => path === name || path.startsWith(`${name}.`))
    if (field) errors[field] ??= message
    else errors.form ??= path ? `${path}: ${message}` : message
  }
  if (Object.keys(errors).length === 0) errors.form = error.message
  return errors
}
