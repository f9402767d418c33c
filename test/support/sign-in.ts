import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { MemberRole } from '../../src/access/gate.ts'
import type { TestApp } from './app.ts'

const password = 'a good password'

/** A member with a session, and a function that calls the API with it. */
export interface SignedIn {
  id: number
  email: string
  /** What a browser sends from our own pages. */
  headers: Record<string, string | null>
  ask: (method: string, path: string, body?: unknown) => ReturnType<TestApp['api']>
}

/** Creates a member with this role, who accepts the mailed invitation and signs in. */
export async function signInAs(app: TestApp, role: MemberRole): Promise<SignedIn> {
  const asStranger = { authorization: null }
  const email = `${role}-${process.hrtime.bigint()}@example.com`
  const input = { email, first_name: 'Nell', last_name: role, timezone: 'Europe/Berlin', role }
  const { body: member } = await app.api('POST', '/api/v1/members', input)
  await app.api('POST', `/api/v1/members/${member.id}/invite`)
  const token = await readInvitation(app, email)
  const joined = await app.api('POST', `/api/v1/public/invitations/${token}/accept`, { password }, asStranger)
  assert.equal(joined.status, 200, joined.text)
  const signedIn = await app.api('POST', '/api/auth/sign-in/email', { email, password }, asStranger)
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const headers = { ...asStranger, cookie, 'sec-fetch-site': 'same-origin' }
  return { id: member.id, email, headers, ask: (method, path, body) => app.api(method, path, body, headers) }
}

/** The secret part of the link in the newest mail to an address, read from the database because the mailbox API hides it. */
async function readInvitation({ database, organization }: TestApp, email: string): Promise<string> {
  const { rows } = await sql<{ content: { notice: { link: string } } }>`
    select content from mails where organization_id = ${organization} and to_address = ${email}
    order by id desc limit 1`.execute(database.executor)
  const link = rows[0]?.content.notice.link
  assert.ok(link, `no invitation was mailed to ${email}`)
  return link.slice(link.lastIndexOf('/') + 1)
}
