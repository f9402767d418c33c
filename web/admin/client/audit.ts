import type { AuditEntry } from '../../../src/audit/schema.ts'
import { queryOf, useList } from './api.ts'

export type { AuditEntry } from '../../../src/audit/schema.ts'

/** Filters of the audit log, as the API takes them. */
export type AuditFilters = { actor?: string; action?: string; object?: string; from?: string; to?: string }

export const useAudit = (filters: AuditFilters) =>
  useList<AuditEntry>({ key: ['audit'], path: '/audit', query: filters })

/** The address of the CSV file with the same entries. */
export const auditCsvUrl = (filters: AuditFilters) => `/api/v1/audit.csv${queryOf(filters)}`
