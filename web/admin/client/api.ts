import { QueryClient, type QueryKey, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { actorAnswerSchema } from '../../../src/organizations/schema.ts'
import { ApiProblem, newIdempotencyKey, request } from '../../api/http.ts'
import { showDone, showProblem } from './messages.ts'

/*
 * How the admin calls the API. The requests for each noun are in a file with that name in this folder. Their types come from the
 * server's schemas, which are not included in the built page.
 */

/** The roles of people. The admin is used with a session, never with an API key. */
export type Role = Exclude<z.output<typeof actorAnswerSchema>['role'], 'read_only'>
export type Me = z.output<typeof actorAnswerSchema> & { role: Role }

/** The shape of every list response. */
export type Page<T> = { data: T[]; next_cursor: string | null }

export const api = <T>(path: string) => request<T>(`/api/v1${path}`)

export const post = <T>(path: string, body: unknown = {}) =>
  request<T>(`/api/v1${path}`, { method: 'POST', body, idempotencyKey: newIdempotencyKey() })

export const patch = <T>(path: string, body: unknown) => request<T>(`/api/v1${path}`, { method: 'PATCH', body })
export const put = <T>(path: string, body: unknown = {}) => request<T>(`/api/v1${path}`, { method: 'PUT', body })
export const upload = <T>(path: string, file: Blob) => request<T>(`/api/v1${path}`, { method: 'PUT', file })
export const remove = (path: string, body?: unknown) => request<void>(`/api/v1${path}`, { method: 'DELETE', body })

/** Returns the values as `?a=1&b=2`. Empty values are omitted, and a list becomes several parameters. */
export function queryOf(values: Record<string, string | number | string[] | null | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    for (const part of [value].flat())
      if (part !== undefined && part !== null && part !== '') query.append(name, String(part))
  }
  return query.size > 0 ? `?${query}` : ''
}

/** Only failures that may be temporary are retried. A refusal is final. */
const isTemporary = (error: Error) => !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500

export const queryClient = new QueryClient({
  defaultOptions: {
    // When offline, a request fails immediately with a message, instead of being sent later when no one expects it.
    mutations: { networkMode: 'always' },
    queries: { networkMode: 'always', staleTime: 10_000, retry: (count, error) => count < 2 && isTemporary(error) },
  },
})

// A session may end at any time, even in another window. The next 401 response then shows the sign-in page. An organization may
// start to require a second factor. The next response then shows how to set it up.
queryClient.getQueryCache().subscribe(({ type, query }) => {
  const error = type === 'updated' && query.state.error
  const ends = error instanceof ApiProblem && (error.status === 401 || error.code === 'second_factor_required')
  if (ends && query.queryKey[0] !== 'me') void queryClient.invalidateQueries({ queryKey: ['me'] })
})

/** Loads all pages of a list that is never long, such as the members. */
export async function listAll<T>(path: string, query: Parameters<typeof queryOf>[0] = {}): Promise<T[]> {
  const rows: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await api<Page<T>>(path + queryOf({ ...query, limit: 200, cursor }))
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

/** A list that loads page by page. `rows` contains the rows loaded so far, and `more()` loads more while `hasMore` is true. */
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

/** A list that is loaded completely, in the same form as `useList`. */
export const listOf = <T>(query: { data: T[] | undefined; error: Error | null; refetch: () => unknown }): List<T> => ({
  rows: query.data,
  error: query.error,
  retry: () => void query.refetch(),
  hasMore: false,
  loadingMore: false,
  more: () => {},
})

export type List<T> = Omit<ReturnType<typeof useList<T>>, 'rows'> & { rows: T[] | undefined }

/** Waits until the person has signed in over the page, then repeats the call that failed because the session had ended. */
async function repeatAfterSignIn<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (problem) {
    const isOver = problem instanceof ApiProblem && problem.status === 401 && problem.code === 'unauthenticated'
    if (!isOver || queryClient.getQueryData(['me']) === undefined) throw problem
    await signedInAgain()
    return call()
  }
}

/** Resolves when the session is valid again. */
async function signedInAgain(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['me'] })
  if (queryClient.getQueryState(['me'])?.status === 'success') return
  return new Promise((resolve) => {
    const stop = queryClient.getQueryCache().subscribe(({ query }) => {
      if (query.queryKey[0] !== 'me' || query.state.status !== 'success') return
      stop()
      resolve()
    })
  })
}

type ChangeOptions<Input, Answer> = {
  call: (input: Input) => Promise<Answer>
  /** The queries to refetch afterwards. */
  refresh: QueryKey[]
  /** The toast to show on success. */
  done?: string | ((answer: Answer, input: Input) => string)
  onDone?: (answer: Answer, input: Input) => void
  /** Whether the caller shows a failure itself, for example in a form's fields. Otherwise, a toast shows it. */
  quiet?: boolean
}

/** A change made through the API. Refetches the queries that it affects, and shows a toast on success or failure. */
export function useChange<Input = void, Answer = unknown>(options: ChangeOptions<Input, Answer>) {
  const client = useQueryClient()
  return useMutation<Answer, Error, Input>({
    mutationFn: (input) => repeatAfterSignIn(() => options.call(input)),
    onSuccess: async (answer, input) => {
      await Promise.all(options.refresh.map((queryKey) => client.invalidateQueries({ queryKey })))
      const { done } = options
      const text = typeof done === 'function' ? done(answer, input) : done
      if (text) showDone(text)
      options.onDone?.(answer, input)
    },
    onError: (error) => {
      if (!options.quiet) showProblem(error)
    },
  })
}
