import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { listMigrations } from '../../src/platform/migrations.ts'

const files = ['../../src/platform/migrations/', '../../package-lock.json'].map(
  (path) => new URL(path, import.meta.url),
)

/** Identifies the schema of this version of the code, so that another version uses another template. */
export function digestMigrations(): string {
  const [migrations, lock] = files as [URL, URL]
  const hash = createHash('sha256').update(readFileSync(lock))
  for (const { name } of listMigrations()) hash.update(readFileSync(new URL(name, migrations)))
  return hash.digest('hex').slice(0, 16)
}
