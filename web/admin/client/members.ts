import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Member, memberInputSchema, memberPatchSchema } from '../../../src/members/schema.ts'
import { listAll, patch, post, remove } from './api.ts'

export type { Member } from '../../../src/members/schema.ts'
export type MemberInput = z.input<typeof memberInputSchema>
export type MemberPatch = z.input<typeof memberPatchSchema>

/** Everybody whom the viewer may see: a member sees only themselves. */
export const useMembers = () => useQuery({ queryKey: ['members'], queryFn: () => listAll<Member>('/members') })

export const nameOf = ({ first_name, last_name }: { first_name: string; last_name: string }) =>
  `${first_name} ${last_name}`.trim()

/** The name of a member by id, also while the members are loading. */
export function useMemberNames(): (id: number) => string {
  const { data } = useMembers()
  return (id) => {
    const member = data?.find((known) => known.id === id)
    return member ? nameOf(member) : 'A colleague'
  }
}

export const createMember = (input: MemberInput) => post<Member>('/members', input)
export const changeMember = (id: number, change: MemberPatch) => patch<Member>(`/members/${id}`, change)
export const deleteMember = (id: number) => remove(`/members/${id}`)
export const inviteMember = (id: number) => post<{ email: string; expires_at: string }>(`/members/${id}/invite`)
