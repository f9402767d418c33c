import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { MemberRole } from '../../src/access/gate.ts'
import type { NoticeMailContent } from '../../src/notifications/mail-content.ts'
import { openLink } from '../../src/notifications/sealed-link.ts'
import { type AccountMail, listAccountMails } from '../../src/notifications/service.ts'
import type { TestApp } from './app.ts'

const password = 'a good password'

/** A member with a session, and a function that calls the API with this session. */
export interface SignedIn {
  id: number
  email: string
  /** The headers that a browser sends from our own pages. */
  headers: Record<string, string | null>
  ask: (method: string, path: string, body?: unknown) => ReturnType<TestApp['api']>
}

/** Creates a member with this role, who accepts the emailed invitation and signs in. */
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

/**
 * Returns the secret part of the link in the newest email to an address. It is read from the database, because the mailbox API
 * hides it.
 */
export async function readInvitation({ database, secrets }: TestApp, email: string): Promise<string> {
  const { rows } = await sql<{ content: NoticeMailContent }>`
    select content from mails where to_address = ${email} order by id desc limit 1`.execute(database.executor)
  const notice = rows[0] && openLink(rows[0].content, secrets).notice
  assert.ok(notice?.about === 'invitation', `no invitation was emailed to ${email}`)
  return notice.link.slice(notice.link.lastIndexOf('/') + 1)
}

/** Returns the newest account email to an address, which the API does not show. */
export async function readAccountMail({ database, secrets, url }: TestApp, email: string): Promise<AccountMail> {
  const mails = await listAccountMails({ database, secrets, url }, { limit: 100 })
  const mail = mails.findLast(({ to }) => to === email)
  assert.ok(mail, `no mail about an account was sent to ${email}`)
  return mail
}

/** Returns the secret part of the newest password reset link. */
export async function readResetToken(app: TestApp, email: string): Promise<string> {
  const token = /\/reset-password\/([\w-]+)/.exec((await readAccountMail(app, email)).text)?.[1]
  assert.ok(token, `no reset was emailed to ${email}`)
  return token
}
