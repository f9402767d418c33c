import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import type { MeetingType } from '../../../src/meeting-types/schema.ts'
import type { Member } from '../../../src/members/schema.ts'
import type { Tag } from '../../../src/tags/schema.ts'
import { say } from '../i18n/text.ts'
import { api, type Page, queryOf } from './api.ts'
import { findMember } from './members.ts'

/** An item that can be chosen: its id or name, and its label. */
export type Choice = { value: string; label: string }

/** The maximum number of choices that a search returns. Typing more text finds others. */
const MOST = 20

/** A source of choices: a search on the server, and the label of an item that is already chosen. */
export interface ChoiceSource {
  key: string
  find: (search: string) => Promise<Choice[]>
  read: (value: string) => Promise<Choice>
}

const nameOf = ({ first_name, last_name }: Pick<Member, 'first_name' | 'last_name'>) =>
  `${first_name} ${last_name}`.trim()
const toMember = (member: Member): Choice => ({ value: String(member.id), label: nameOf(member) || member.email })
const toType = ({ id, name }: MeetingType): Choice => ({ value: String(id), label: name })

const list = async <T>(path: string, query: Parameters<typeof queryOf>[0]) =>
  (await api<Page<T>>(path + queryOf({ ...query, limit: MOST }))).data

/** Members. With `meetingType`, only its hosts. */
export const memberChoices = (meetingType?: number): ChoiceSource => ({
  key: `members-${meetingType ?? 'all'}`,
  find: async (search) => (await list<Member>('/members', { search, meeting_type: meetingType })).map(toMember),
  read: async (id) => {
    const member = await findMember(Number(id))
    return member ? toMember(member) : { value: id, label: say('parts.a_colleague') }
  },
})

/** Members, identified by their email address as in webhook filters. */
export const memberEmailChoices: ChoiceSource = {
  key: 'member-emails',
  find: async (search) =>
    (await list<Member>('/members', { search })).map((member) => {
      const email = member.email.toLowerCase()
      return { value: email, label: `${nameOf(member)} (${email})` }
    }),
  read: async (email) => ({ value: email, label: email }),
}

/** Meeting types. With `host`, only those that this member hosts. */
export const typeChoices = (host?: number): ChoiceSource => ({
  key: `types-${host ?? 'all'}`,
  find: async (search) => (await list<MeetingType>('/meeting-types', { search, host })).map(toType),
  read: async (id) => toType(await api<MeetingType>(`/meeting-types/${id}`)),
})

const findTags = (search: string) => list<Tag>('/tags', { search })

export const tagChoices: ChoiceSource = {
  key: 'tags',
  find: async (search) => (await findTags(search)).map(({ name }) => ({ value: name, label: name })),
  read: async (name) => ({ value: name, label: name }),
}

/** Returns the choices for the typed text. */
export const useChoices = ({ key, find }: ChoiceSource, search: string, enabled: boolean) =>
  useQuery({
    queryKey: ['choices', key, search],
    queryFn: () => find(search),
    enabled,
    placeholderData: keepPreviousData,
  })

const chosenQuery = ({ key, read }: ChoiceSource, value: string | null) =>
  queryOptions({
    queryKey: ['choices', key, 'one', value],
    queryFn: () => read(value ?? ''),
    enabled: value !== null,
    staleTime: 60_000,
  })

/** Returns the chosen item with its label. */
export const useChosen = (source: ChoiceSource, value: string | null) => useQuery(chosenQuery(source, value))

/** Does the same for several items. The items have no labels while these are loading. */
export const useChosenOnes = (source: ChoiceSource, values: readonly string[]): Choice[] =>
  useQueries({ queries: values.map((value) => chosenQuery(source, value)) }).map(
    ({ data }, at) => data ?? { value: values[at] ?? '', label: '…' },
  )

/** Returns the names of the first tags that contain a text. */
export const useTagNames = (search: string) =>
  useQuery({
    queryKey: ['tags', 'names', search],
    queryFn: async () => (await findTags(search)).map(({ name }) => name),
    placeholderData: keepPreviousData,
  }).data ?? []
