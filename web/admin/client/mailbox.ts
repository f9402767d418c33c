import { useQuery } from '@tanstack/react-query'
import type { Mail, MailSummary } from '../../../src/notifications/schema.ts'
import { api, useList } from './api.ts'

export type { Mail, MailSummary } from '../../../src/notifications/schema.ts'

/** How often the list is refetched, in milliseconds. */
const REFETCH_MS = 5_000

export const useMails = (status: MailSummary['status'] | undefined) =>
  useList<MailSummary>({ key: ['mailbox'], path: '/mailbox', query: { status }, refetchInterval: REFETCH_MS })

export const useMail = (id: number) =>
  useQuery({ queryKey: ['mailbox', id], queryFn: () => api<Mail>(`/mailbox/${id}`) })
