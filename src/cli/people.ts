import { StartError } from '../errors.ts'
import type { Erased, PersonExport } from '../people/schema.ts'
import { askServer } from '../platform/api-client.ts'
import { findServerAccess, type ServerFlags } from './server-access.ts'

/** Prints everything that a running server stores about a person, as JSON. */
export async function exportPersonCommand(email: string, flags: ServerFlags): Promise<void> {
  const person = await askServer<PersonExport>(findServerAccess(flags), pathOf(email, 'export'))
  console.log(JSON.stringify(person, null, 2))
}

/** Erases a person's data while the server is running. Throws if the address is not confirmed. */
export async function erasePersonCommand(email: string, flags: ServerFlags & { confirm: string }): Promise<void> {
  if (flags.confirm.toLowerCase() !== email.toLowerCase())
    throw new StartError(`--confirm must repeat the address ${email}, because erasing cannot be undone.`)
  const erased = await askServer<Erased>(findServerAccess(flags), pathOf(email, 'erase'), { method: 'POST', body: {} })
  console.log(
    `Erased ${email}: ${erased.meetings} meetings, ${erased.activities} stored activities, ${erased.mails} emails. Backups still hold the data until you delete them.`,
  )
}

function pathOf(email: string, what: 'export' | 'erase'): string {
  return `/api/v1/people/${encodeURIComponent(email)}/${what}`
}
