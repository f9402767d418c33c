import { sql } from 'kysely'
import type { Executor, Transaction } from './database.ts'

const NAME = 'setup_serial'

/** The number that is part of the setup link. It ensures that a used link never works again. */
export async function findSetupSerial(executor: Executor): Promise<string> {
  const { rows } = await sql<{ value: string }>`select value from server_settings where name = ${NAME}`.execute(
    executor,
  )
  return rows[0]?.value ?? '0'
}

/** Invalidates earlier setup links. */
export async function advanceSetupSerial(tx: Transaction): Promise<void> {
  await sql`
    insert into server_settings as s (name, value) values (${NAME}, '1')
    on conflict (name) do update set value = (s.value::bigint + 1)::text`.execute(tx)
}
