import type { Erased, PersonExport } from '../../../src/people/schema.ts'
import { say } from '../i18n/text.ts'
import { api, post, useChange } from './api.ts'

export type { PersonExport } from '../../../src/people/schema.ts'

const pathOf = (email: string, what: 'export' | 'erase') => `/people/${encodeURIComponent(email)}/${what}`

/** Returns all stored data about an email address. */
export const exportPerson = (email: string) => api<PersonExport>(pathOf(email, 'export'))

export const useErasePerson = (onDone: () => void) =>
  useChange({
    call: ({ email }: { email: string }) => post<Erased>(pathOf(email, 'erase')),
    refresh: [['meetings'], ['mailbox']],
    done: ({ meetings, activities, mails }, { email }) => say('privacy.erased', { email, meetings, activities, mails }),
    onDone,
  })
