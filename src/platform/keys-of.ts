/** The keys of a record literal, which has at least one: the form that `z.enum` requires. */
export function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): [Key, ...Key[]] {
  return Object.keys(record) as [Key, ...Key[]]
}
