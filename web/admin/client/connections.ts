import { useQueries, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  AuthorizationInput,
  CalendarPatch,
  Connection,
  ConnectionPatch,
  connectionInputSchema,
  decidedChangesSchema,
  HostChangesInput,
} from '../../../src/connections/schema.ts'
import type { Meeting } from '../../../src/meetings/schema.ts'
import type { MemberBusy } from '../../../src/slots/schema.ts'
import { ApiProblem } from '../../api/http.ts'
import { say } from '../i18n/text.ts'
import { api, listAll, listOf, patch, post, queryOf, remove, useChange } from './api.ts'
import { showFailed, showProblem } from './messages.ts'

export type { Connection } from '../../../src/connections/schema.ts'
export type { MemberBusy } from '../../../src/slots/schema.ts'

type ConnectionInput = z.input<typeof connectionInputSchema>
type Decided = z.output<typeof decidedChangesSchema>

/** The queries to refetch after a connection has changed. */
const touched = [['connections'], ['busy'], ['slots']]

/** While an account is read for the first time, its state is requested more often. */
const isPending = (connections: Connection[] | undefined) => connections?.some(({ state }) => state === 'connecting')

/** A member's connected calendars. */
export const useConnectionsOf = (member: number) =>
  listOf(
    useQuery({
      queryKey: ['connections', member],
      queryFn: () => listAll<Connection>('/connections', { member }),
      refetchInterval: ({ state }) => (isPending(state.data) ? 2_000 : 30_000),
    }),
  )

/** An account that could not be read. Its reason is worded for the reader. */
export class UnreadableCalendar extends Error {
  readonly connection: Connection

  constructor(connection: Connection) {
    super(connection.problem ?? '')
    this.name = 'UnreadableCalendar'
    this.connection = connection
  }
}

const FIRST_READ_MS = 25_000
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Waits until an account was read, for at most 25 seconds. Throws if it cannot be read. */
async function untilRead({ id }: Connection): Promise<Connection> {
  const end = Date.now() + FIRST_READ_MS
  let known = await post<Connection>(`/connections/${id}/sync`)
  while (known.state === 'connecting' && Date.now() < end) {
    await pause(500)
    known = await api<Connection>(`/connections/${id}`)
  }
  if (known.state === 'failing' || known.state === 'revoked') throw new UnreadableCalendar(known)
  return known
}

/** Connects an account, and reads it. An account that cannot be read is disconnected, so that the form can be submitted again. */
async function connect(input: ConnectionInput): Promise<Connection> {
  const made = await post<Connection>('/connections', input)
  try {
    return await untilRead(made)
  } catch (problem) {
    if (problem instanceof UnreadableCalendar) await remove(`/connections/${made.id}`)
    throw problem
  }
}

function connectedText({ state, provider }: Connection): string {
  if (state === 'connecting') return say('connections.still_reading')
  return say(provider === 'ics' ? 'connections.connected' : 'connections.connected_choose')
}

export const useConnect = () => useChange({ call: connect, refresh: touched, done: connectedText, quiet: true })

/** Renames a connection. With a new password or address, it is read again, and the change fails if that does not work. */
export const useChangeConnection = () =>
  useChange({
    call: async ({ id, ...change }: ConnectionPatch & { id: number }) => {
      const changed = await patch<Connection>(`/connections/${id}`, change)
      return change.password || change.url || change.username ? untilRead(changed) : changed
    },
    refresh: touched,
    done: () => say('parts.saved'),
    quiet: true,
  })

/** Leaves for the provider's sign-in page, which returns to the calendars. */
export const useSignIn = () =>
  useChange({
    call: async (input: AuthorizationInput) => {
      try {
        location.assign((await post<{ url: string }>('/connections/authorize', input)).url)
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.code === 'conflict') showFailed(say('connections.not_set_up'))
        else showProblem(problem)
      }
    },
    refresh: [],
  })

export const useSync = () =>
  useChange({
    call: ({ id }: Connection) => post<Connection>(`/connections/${id}/sync`),
    refresh: touched,
    done: ({ state }) => {
      if (state === 'connected') return say('connections.synced')
      return state === 'connecting' ? say('connections.sync_pending') : ''
    },
  })

export const useDisconnect = () =>
  useChange({
    call: ({ id, entries }: { id: number; entries: 'keep' | 'remove' }) =>
      remove(`/connections/${id}${queryOf({ entries })}`),
    refresh: touched,
    done: () => say('connections.disconnected'),
  })

export const useChangeCalendar = (connection: number) =>
  useChange({
    call: ({ id, ...change }: CalendarPatch & { id: number }) =>
      patch<Connection>(`/connections/${connection}/calendars/${id}`, change),
    refresh: touched,
  })

/** Shows the result of a decision. */
function reportDecision({ followed, restored }: Decided): string {
  const failed = restored.filter(({ problem }) => problem !== null).length
  if (failed > 0) showFailed(say('connections.changes_impossible', { count: failed }))
  const done = restored.length - failed
  if (followed > 0) return say('connections.changes_followed', { count: followed })
  return done > 0 ? say('connections.changes_restored', { count: done }) : ''
}

export const useDecideChanges = (connection: number) =>
  useChange({
    call: (input: HostChangesInput) => post<Decided>(`/connections/${connection}/changes`, input),
    refresh: [...touched, ['meetings']],
    done: reportDecision,
  })

/** These meetings by id; those that are still loading are missing. */
export function useMeetingsById(ids: readonly number[]): ReadonlyMap<number, Meeting> {
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['meetings', 'one', id],
      queryFn: () => api<Meeting>(`/meetings/${id}`),
    })),
  })
  return new Map(found.flatMap(({ data }) => (data ? [[data.id, data] as const] : [])))
}

/** When a member works and is busy, on dates in the member's time zone. */
export const useBusy = (member: number, { from, to }: { from: string; to: string }) =>
  useQuery({
    queryKey: ['busy', member, from, to],
    queryFn: () => api<MemberBusy>(`/members/${member}/busy${queryOf({ from, to })}`),
    refetchInterval: 30_000,
  })
