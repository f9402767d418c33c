import type { Database } from '../../src/platform/database.ts'

/** Counts how often a transaction was retried, as happens after a deadlock or a serialization failure. */
export function countRetries(database: Database): { database: Database; retries: () => number } {
  let asked = 0
  let run = 0
  const transaction: Database['transaction'] = (work) => {
    asked++
    return database.transaction((tx) => {
      run++
      return work(tx)
    })
  }
  const counted = new Proxy(database, {
    get: (target, key) => (key === 'transaction' ? transaction : Reflect.get(target, key)),
  })
  return { database: counted, retries: () => run - asked }
}
