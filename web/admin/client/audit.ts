import type { AuditEntry } from '../../../src/audit/schema.ts'
import { queryOf, useList } from './api.ts'

export type { AuditEntry } from '../../../src/audit/schema.ts'

/** The filters of the audit log, in the API's format. */
export type AuditFilters = { actor?: string; action?: string; object?: string; from?: string; to?: string }

export const useAudit = (filters: AuditFilters) =>
  useList<AuditEntry>({ key: ['audit'], path: '/audit', query: filters })

/** Returns the URL of the CSV file with the same entries. */
export const auditCsvUrl = (filters: AuditFilters) => `/api/v1/audit.csv${queryOf(filters)}`
