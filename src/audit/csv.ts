import type { AuditEntry } from './schema.ts'

const columns: Record<string, (entry: AuditEntry) => unknown> = {
  id: ({ id }) => id,
  created_at: ({ created_at }) => created_at,
  action: ({ action }) => action,
  actor_kind: ({ actor }) => actor.kind,
  actor_id: ({ actor }) => actor.id,
  actor_name: ({ actor }) => actor.name,
  address: ({ address }) => address,
  object_type: ({ object }) => object.type,
  object_id: ({ object }) => object.id,
  object_label: ({ object }) => object.label,
  changes: ({ changes }) => (changes.length > 0 ? JSON.stringify(changes) : null),
}

/** The first line of a CSV file (RFC 4180), which contains the column names. */
export const csvHeader = `${Object.keys(columns).join(',')}\r\n`

/** Returns an entry as a CSV line. */
export function csvLine(entry: AuditEntry): string {
  const cells = Object.values(columns).map((read) => csvCell(String(read(entry) ?? '')))
  return `${cells.join(',')}\r\n`
}

/**
 * A spreadsheet evaluates a cell that starts like a formula, and some names are chosen by strangers. An apostrophe marks the cell
 * as text.
 */
function csvCell(text: string): string {
  const neutral = /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(neutral) ? `"${neutral.replaceAll('"', '""')}"` : neutral
}
