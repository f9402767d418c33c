import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { SentInvitation } from '../../../src/accounts/schema.ts'
import type { Member, memberInputSchema, memberPatchSchema } from '../../../src/members/schema.ts'
import { say } from '../i18n/text.ts'
import { listAll, patch, post, remove, useChange, useList } from './api.ts'

export type { SentInvitation } from '../../../src/accounts/schema.ts'
export type { Member } from '../../../src/members/schema.ts'

type MemberInput = z.input<typeof memberInputSchema>
type MemberPatch = z.input<typeof memberPatchSchema>

/** All members that the viewer may see. Members with the role member see only themselves. */
export const useMembers = () => useQuery({ queryKey: ['members'], queryFn: () => listAll<Member>('/members') })

/** The same members, page by page. `search` is a part of the name or the email address. */
export const useMemberList = (search: string) =>
  useList<Member>({ key: ['members', 'list'], path: '/members', query: { search } })

export const nameOf = ({ first_name, last_name }: { first_name: string; last_name: string }) =>
  `${first_name} ${last_name}`.trim()

/** Returns a function that looks up a member's name by id. It also works while the members are loading. */
export function useMemberNames(): (id: number) => string {
  const { data } = useMembers()
  return (id) => {
    const member = data?.find((known) => known.id === id)
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
