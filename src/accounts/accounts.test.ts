import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { readAccountMail, readInvitation, readResetToken } from '../../test/support/sign-in.ts'
import { waitFor } from '../../test/support/wait.ts'
import { manualClock } from '../platform/clock.ts'

const asStranger = { authorization: null }
const password = 'a good password'

eachDatabase((open) => {
  let app: TestApp
  const clock = manualClock(Date.now())
  before(async () => {
    app = await openTestApp(await open(), { clock })
  })
  after(() => app.stop())

  let people = 0
  async function createMember({ role = 'member', email = `invited-${++people}@example.com`, key = app.apiKey } = {}) {
    const input = { email, first_name: 'Ivy', last_name: 'Invited', role }
    const { body, text } = await app.api('POST', '/api/v1/members', input, { authorization: `Bearer ${key}` })
    assert.ok(body.id, text)
    return { id: body.id as number, email }
  }

  async function invite({ id, email }: { id: number; email: string }, key = app.apiKey) {
    const invited = await app.api('POST', `/api/v1/members/${id}/invite`, undefined, { authorization: `Bearer ${key}` })
    assert.equal(invited.status, 201, invited.text)
    return readInvitation(app, email)
  }

  const accept = (token: string, body: object = { password }, headers: Record<string, string | null> = asStranger) =>
    app.api('POST', `/api/v1/public/invitations/${token}/accept`, body, headers)
  const show = (token: string, headers: Record<string, string | null> = asStranger) =>
    app.api('GET', `/api/v1/public/invitations/${token}`, undefined, headers)

  async function signIn(email: string, chosen = password) {
    const answer = await app.api('POST', '/api/auth/sign-in/email', { email, password: chosen }, asStranger)
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    return { status: answer.status, headers: { ...asStranger, cookie, 'sec-fetch-site': 'same-origin' } }
  }

  /** A member who has joined, with a session. */
  async function join(options: Parameters<typeof createMember>[0] = {}) {
    const member = await createMember(options)
    const joined = await accept(await invite(member, options?.key))
    assert.equal(joined.status, 200, joined.text)
    return { ...member, ...(await signIn(member.email)) }
  }

  const me = (headers: Record<string, string | null>) => app.api('GET', '/api/v1/me', undefined, headers)

  /** Requests a reset, and returns the token emailed after the response. */
  async function requestReset(email: string) {
    const before = await countMails(email)
    const asked = await app.api('POST', '/api/auth/request-password-reset', { email }, asStranger)
    assert.equal(asked.status, 202, asked.text)
    await waitFor(async () => (await countMails(email)) > before)
    return readResetToken(app, email)
  }

  async function countMails(email: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from account_mails m join "user" u on u.id = m.user_id where u.email = ${email}`.execute(
      app.database.executor,
    )
    return Number(rows[0]?.count)
  }

  const reset = (token: string, newPassword: string) =>
    app.api('POST', '/api/auth/reset-password', { token, newPassword }, asStranger)

  test('an account and its sessions end with the person’s last membership', async () => {
    const member = await join()
    assert.equal((await me(member.headers)).status, 200)
    const deleted = await app.api('DELETE', `/api/v1/members/${member.id}`)
    assert.equal(deleted.status, 204, deleted.text)
    assert.equal((await me(member.headers)).status, 401)
    assert.equal((await signIn(member.email)).status, 401)
    const { rows } = await sql`select id from "user" where email = lower(${member.email})`.execute(
      app.database.executor,
    )
    assert.deepEqual(rows, [])
  })

  describe('an invitation', () => {
    test('lets a member choose a password and sign in as the invited member', async () => {
      const member = await createMember({ role: 'manager' })
      const token = await invite(member)
      const shown = await show(token)
      assert.deepEqual([shown.body.email, shown.body.has_account], [member.email, false])
      assert.equal((await accept(token)).status, 200)
      const { headers } = await signIn(member.email)
      const { body } = await me(headers)
      assert.deepEqual([body.member.id, body.role], [member.id, 'manager'])
    })

    test('can be used once, and not after a newer one was sent or a week has passed', async () => {
      const member = await createMember()
      const older = await invite(member)
      const newer = await invite(member)
      assert.equal((await accept(older)).status, 410)
      const all = await Promise.all(Array.from({ length: 6 }, () => accept(newer)))
      assert.deepEqual(all.map((answer) => answer.status).sort(), [200, 410, 410, 410, 410, 410])
      const token = await invite(await createMember())
      clock.advance(7 * 24 * 60 * 60 * 1000 + 1)
      assert.equal((await accept(token)).status, 410)
    })

    test('is invalid once the email address it was sent to is corrected', async () => {
      const member = await createMember({ role: 'admin' })
      const token = await invite(member)
      const email = `right-${member.email}`
      assert.equal((await app.api('PATCH', `/api/v1/members/${member.id}`, { email })).status, 200)
      assert.equal((await show(token)).status, 410)
      assert.equal((await accept(token)).status, 410)
      assert.equal((await signIn(email)).status, 401)
      await app.api('PATCH', `/api/v1/members/${member.id}`, { email: member.email })
      assert.equal((await accept(token)).status, 410)
      assert.equal((await accept(await invite(member))).status, 200)
    })

    test('to an address that has an account is accepted with a session of that account, never with a password', async () => {
      const ivy = await join()
      const { apiKey: key, organization } = await createTestOrganization({ database: app.database, clock })
      const token = await invite(await createMember({ email: ivy.email, key }), key)
      const shown = await show(token)
      assert.deepEqual([shown.body.has_account, shown.body.signed_in], [true, false])
      const stranger = await join()
      for (const [body, headers] of [
        [{ password }, asStranger],
        [{ password: 'a wrong guess' }, asStranger],
        [{ password }, stranger.headers],
      ] as const) {
        const refused = await accept(token, body, headers)
        assert.deepEqual([refused.status, refused.body.code], [401, 'unauthenticated'], refused.text)
        assert.match(refused.body.detail, new RegExp(`Sign in as ${ivy.email} to accept`))
      }
      const crossSite = await accept(token, {}, { ...ivy.headers, 'sec-fetch-site': 'cross-site' })
      assert.equal(crossSite.status, 403)
      assert.equal((await show(token, ivy.headers)).body.signed_in, true)
      assert.equal((await accept(token, {}, ivy.headers)).status, 200)
      const { rows } = await sql<{ organization_id: number }>`
        select organization_id from members m join "user" u on u.id = m.user_id where u.email = ${ivy.email}
        order by 1`.execute(app.database.executor)
      assert.deepEqual(
        rows.map((row) => row.organization_id),
        [app.organization, organization],
      )
    })

    test('proves the address only if it was sent by a mail server', async () => {
      const isVerified = async (on: TestApp, email: string) => {
        const { rows } = await sql<{ emailVerified: boolean }>`
          select "emailVerified" from "user" where email = ${email}`.execute(on.database.executor)
        return rows[0]?.emailVerified
      }
      assert.equal(await isVerified(app, (await join()).email), false)
      const mailed = await createMember()
      const token = await invite(mailed)
      await sql`update invitations set mailed = true where member_id = ${mailed.id}`.execute(app.database.executor)
      assert.equal((await accept(token)).status, 200)
      assert.equal(await isVerified(app, mailed.email), true)
    })

    test('can be accepted again with the same Idempotency-Key, and the stored data does not help to guess the password', async () => {
      const token = await invite(await createMember())
      const key = randomUUID()
      const join = (chosen: string, key: string) =>
        accept(token, { password: chosen }, { ...asStranger, 'idempotency-key': key })
      const answers = await Promise.all([join(password, key), join(password, key)])
      answers.push(await join(password, key))
      assert.deepEqual(
        answers.map(({ status, text }) => [status, text]),
        Array(3).fill([200, answers[0]?.text]),
      )
      assert.equal((await join('another password', key)).body.code, 'idempotency_key_reused')
      assert.equal((await join(password, randomUUID())).status, 410)
      assert.equal((await show(token)).status, 410)
      const { rows } = await sql`select scope, route, body_hash from idempotency_keys where key = ${key}`.execute(
        app.database.executor,
      )
      const kept = JSON.stringify(rows)
      assert.ok(rows.length === 1 && !kept.includes(token), kept)
      const unsalted = createHash('sha256').update(JSON.stringify({ password })).digest('base64')
      assert.ok(!kept.includes(unsalted), kept)
    })

    test('can be sent only by admins', async () => {
      const { id, headers } = await join()
      const refused = await app.api('POST', `/api/v1/members/${id}/invite`, undefined, headers)
      assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden'])
    })
  })

  test('a deleted member is signed out immediately', async () => {
    const { id, headers } = await join()
    assert.equal((await app.api('DELETE', `/api/v1/members/${id}`)).status, 204)
    assert.equal((await me(headers)).status, 401)
  })

  describe('a forgotten password', () => {
    test('is reset with the emailed link, which ends all sessions and emails the person', async () => {
      const { email, headers } = await join()
      const answer = await reset(await requestReset(email), 'another password')
      assert.equal(answer.status, 200, answer.text)
      assert.equal((await me(headers)).status, 401)
      assert.equal((await signIn(email)).status, 401)
      assert.match((await readAccountMail(app, email)).subject, /Your password for Bookbell was changed/)
      assert.equal((await signIn(email, 'another password')).status, 200)
    })

    test('has one valid link, which can be used once within an hour; a newer link or a reset invalidates it', async () => {
      const { email } = await join()
      const older = await requestReset(email)
      const newer = await requestReset(email)
      assert.deepEqual([(await reset(older, 'another password')).body.code, older === newer], ['gone', false])
      const all = await Promise.all(Array.from({ length: 4 }, () => reset(newer, 'another password')))
      assert.deepEqual(all.map(({ status }) => status).sort(), [200, 410, 410, 410])
      const late = await requestReset(email)
      clock.advance(60 * 60 * 1000 + 1)
      assert.equal((await reset(late, 'another password')).status, 410)
    })

    test('is not emailed by an organization: no mailbox lists it, and neither its token nor its text is readable in the database', async () => {
      const { email } = await join()
      const token = await requestReset(email)
      const { text } = await app.api('GET', '/api/v1/mailbox?limit=200')
      assert.doesNotMatch(text, /password_reset/)
      for (const table of ['mails', 'account_mails', 'password_resets', 'verification']) {
        const { rows } = await sql<{ row: string }>`select to_json(t)::text as row from ${sql.table(table)} t`.execute(
          app.database.executor,
        )
        const stored = rows.map(({ row }) => row).join('\n')
        const hex = Buffer.from(token).toString('hex')
        assert.ok(!stored.includes(token) && !stored.includes(hex), table)
      }
    })

    test('gets its response before anything is looked up, whether or not the address has an account', async () => {
      const answers = await Promise.all(
        ['nobody@example.com', (await join()).email].map((email) =>
          app.api('POST', '/api/auth/request-password-reset', { email }, asStranger),
        ),
      )
      assert.deepEqual(
        answers.map(({ status, text }) => [status, text]),
        Array(2).fill([202, answers[0]?.text]),
      )
    })
  })

  test('a password that is short or easy to guess is refused, wherever it is chosen', async () => {
    const token = await invite(await createMember())
    for (const weak of ['too short', 'Password123!', 'Ivy Invited']) {
      const refused = await accept(token, { password: weak })
      assert.deepEqual([refused.status, refused.body.errors[0].path], [422, 'password'], refused.text)
    }
    const { email, headers } = await join()
    assert.equal((await reset(await requestReset(email), 'qwertyuiop')).status, 422)
    const change = { current_password: password, new_password: 'letmein123' }
    const refused = await app.api('POST', '/api/account/password', change, headers)
    assert.deepEqual([refused.status, refused.body.errors[0].path], [422, 'new_password'])
  })

  test('changing a password ends the other sessions, invalidates emailed links and emails the person', async () => {
    const { email, headers } = await join()
    const other = await signIn(email)
    const token = await requestReset(email)
    const change = (current_password: string, from = headers) =>
      app.api('POST', '/api/account/password', { current_password, new_password: 'a newer password' }, from)
    const wrong = await change('not my password')
    assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, 'current_password'])
    assert.equal((await change(password, { ...headers, 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.equal((await app.api('POST', '/api/account/password', {}, asStranger)).status, 422)
    assert.equal((await change(password)).status, 200)
    assert.equal((await me(headers)).status, 200)
    assert.equal((await me(other.headers)).status, 401)
    assert.equal((await reset(token, 'another password')).status, 410)
    assert.match((await readAccountMail(app, email)).text, /All other sessions have been signed out/)
  })

  test('only the better-auth routes that the pages use are available, and errors are problem documents', async () => {
    const { headers } = await join()
    for (const path of ['error?error=x', 'ok', 'list-accounts', 'get-session', 'list-sessions', 'reset-password/x'])
      assert.deepEqual(await problemOf(app.api('GET', `/api/auth/${path}`, undefined, headers)), [404, 'not_found'])
    for (const path of ['update-user', 'change-password', 'unlink-account', 'sign-up/email', 'change-email'])
      assert.deepEqual(await problemOf(app.api('POST', `/api/auth/${path}`, {}, headers)), [404, 'not_found'])
    const wrong = app.api('POST', '/api/auth/sign-in/email', { email: 'a@example.com', password: 'x' }, asStranger)
    assert.deepEqual(await problemOf(wrong), [401, 'unauthenticated'])
    const malformed = app.api('POST', '/api/auth/sign-in/email', { email: 'a' }, asStranger)
    assert.deepEqual(await problemOf(malformed), [422, 'invalid_input'])
  })

  async function problemOf(call: ReturnType<TestApp['api']>) {
    const { status, headers, body, text } = await call
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/, text)
    return [status, body.code]
  }
})
