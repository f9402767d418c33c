/** A changed field. The values of a confidential field are omitted. */
export interface Change {
  field: string
  before?: unknown
  after?: unknown
}

/**
 * Returns the fields of `after` that differ from `before`, in the order of `after`. For fields named in `confidential`,
 * only the name is recorded.
 */
export function changesBetween<T extends object>(
  before: T,
  after: Partial<T>,
  { confidential = [] }: { confidential?: readonly (keyof T & string)[] } = {},
): Change[] {
  const fields = (Object.keys(after) as (keyof T & string)[]).filter((field) => !isEqual(before[field], after[field]))
  return fields.map((field) =>
    confidential.includes(field) ? { field } : { field, before: before[field] ?? null, after: after[field] ?? null },
  )
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
}
