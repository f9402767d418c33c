import { type RawBuilder, sql } from 'kysely'

/** Selects a timestamp column in epoch milliseconds. `T` includes null for a column that can be null. */
export function epochOf<T extends number | null = number>(column: string): RawBuilder<T> {
  return sql<T>`round(date_part('epoch', ${sql.ref(column)}) * 1000)`
}
