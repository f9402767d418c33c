import { queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { SentInvitation } from '../../../src/accounts/schema.ts'
import type { Member, memberInputSchema, memberPatchSchema } from '../../../src/members/schema.ts'
import { say } from '../i18n/text.ts'
import { api, type Page, patch, post, queryOf, remove, upload, useChange, useList } from './api.ts'
import { inBatches } from './batches.ts'

export type { SentInvitation } from '../../../src/accounts/schema.ts'
export type { Member } from '../../../src/members/schema.ts'

type MemberInput = z.input<typeof memberInputSchema>
type MemberPatch = z.input<typeof memberPatchSchema>

/** The maximum number of members in one request. */
const MOST = 50

/** Looks up a member that the viewer may see. Members that are requested at the same time are looked up in one request. */
export const findMember = inBatches<number, Member>(MOST, async (ids) => {
  const { data } = await api<Page<Member>>(`/members${queryOf({ ids: ids.join(','), limit: MOST })}`)
  return new Map(data.map((member) => [member.id, member]))
})

const memberQuery = (id: number) =>
  queryOptions({
    queryKey: ['members', 'one', id],
    queryFn: async () => (await findMember(id)) ?? null,
    staleTime: 60_000,
  })

export const useMember = (id: number | undefined) => useQuery({ ...memberQuery(id ?? 0), enabled: id !== undefined })

/** These members, except those that the viewer may not see. Members with the role member see only themselves. */
export const useMembersById = (ids: readonly number[]): Member[] =>
  useQueries({ queries: [...new Set(ids)].map(memberQuery) }).flatMap(({ data }) => data ?? [])

/** Lists the members page by page. `search` is a part of the name or the email address. */
export const useMemberList = (search: string) =>
  useList<Member>({ key: ['members', 'list'], path: '/members', query: { search } })

export const nameOf = ({ first_name, last_name }: { first_name: string; last_name: string }) =>
  `${first_name} ${last_name}`.trim()

/** Returns a function that looks up the name of one of these members. It also works while they are loading. */
export function useMemberNames(ids: readonly number[]): (id: number) => string {
  const members = useMembersById(ids)
  return (id) => {
    const member = members.find((known) => known.id === id)
    return member ? nameOf(member) : say('parts.a_colleague')
  }
}

const createMember = (input: MemberInput) => post<Member>('/members', input)
const inviteMember = (id: number) => post<SentInvitation>(`/members/${id}/invite`)

/** If there is a link, the page shows it instead. */
const invited = ({ email, link }: SentInvitation) => (link ? '' : say('members.invited', { email }))

const refresh = [['members'], ['me'], ['slots']]

/** Creates a member with an invitation, which is emailed if there is a mail server. */
export const useInviteNewMember = () =>
  useChange({
    call: async (input: MemberInput) => inviteMember((await createMember(input)).id),
    refresh,
    done: invited,
    quiet: true,
  })

/** Creates a new invitation, which is emailed if there is a mail server. */
export const useInviteMember = () =>
  useChange({
    call: ({ id }: Member) => inviteMember(id),
    refresh,
    done: invited,
  })

export const useChangeMember = () =>
  useChange({
    call: ({ id, ...change }: MemberPatch & { id: number }) => patch<Member>(`/members/${id}`, change),
    refresh,
    done: () => say('parts.saved'),
    quiet: true,
  })

export const useDeleteMember = () =>
  useChange({
    call: ({ id }: Member) => remove(`/members/${id}`),
    refresh,
    done: (_, member) => say('members.removed', { name: nameOf(member) }),
  })

export const useSetPhoto = (id: number) =>
  useChange({
    call: (file: Blob) => upload<Member>(`/members/${id}/photo`, file),
    refresh,
    done: () => say('parts.saved'),
    quiet: true,
  })

export const useRemovePhoto = (id: number) =>
  useChange({
    call: () => remove(`/members/${id}/photo`),
    refresh,
    done: () => say('parts.saved'),
    quiet: true,
  })
