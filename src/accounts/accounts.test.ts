import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { manualClock } from '../platform/clock.ts'

eachDatabase((open) => {
  let app: TestApp
  const clock = manualClock(Date.now())
  before(async () => {
    app = await openTestApp(await open(), { clock })
  })
  after(() => app.stop())

  let people = 0
  async function createMember(role = 'member') {
    const email = `invited-${++people}@example.com`
    const { body } = await app.api('POST', '/api/v1/members', { email, first_name: 'Ivy', last_name: 'Invited', role })
    return { id: body.id, email }
  }

  /** The secret part of the link in the newest mail to an address. */
  async function tokenMailedTo(email: string) {
    const { body } = await app.api('GET', '/api/v1/mailbox?limit=200')
    const { id } = body.data.find((mail: { to: { address: string } }) => mail.to.address === email)
    const { rows } = await readContent(id)
    const token = rows[0]?.content.notice.link.split('/').at(-1)
    assert.ok(token, `no link was mailed to ${email}`)
    return token
  }

  async function readContent(id: number) {
    return sql<{ content: { notice: { link: string } } }>`select content from mails where id = ${id}`.execute(
      app.database.executor,
    )
  }

  const asStranger = { authorization: null }
  const accept = (token: string, password: string) =>
    app.api('POST', `/api/v1/public/invitations/${token}/accept`, { password }, asStranger)

  async function signIn(email: string, password: string) {
    const answer = await app.api('POST', '/api/auth/sign-in/email', { email, password }, asStranger)
    return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' }
  }

  test('an invited member chooses a password and signs in as the member who was invited', async () => {
    const member = await createMember('manager')
    const invited = await app.api('POST', `/api/v1/members/${member.id}/invite`)
    assert.equal(invited.status, 201, invited.text)
    const token = await tokenMailedTo(member.email)
    const shown = await app.api('GET', `/api/v1/public/invitations/${token}`, undefined, asStranger)
    assert.deepEqual([shown.body.email, shown.body.has_account], [member.email, false])
    assert.equal((await accept(token, 'a good password')).status, 200)
    const { cookie } = await signIn(member.email, 'a good password')
    const me = await app.api('GET', '/api/v1/me', undefined, { ...asStranger, cookie })
    assert.deepEqual([me.body.member.id, me.body.role], [member.id, 'manager'])
  })

  test('an invitation works once, and not after a newer one or a week', async () => {
    const member = await createMember()
    await app.api('POST', `/api/v1/members/${member.id}/invite`)
    const older = await tokenMailedTo(member.email)
    await app.api('POST', `/api/v1/members/${member.id}/invite`)
    const newer = await tokenMailedTo(member.email)
    assert.equal((await accept(older, 'a good password')).status, 410)
    const all = await Promise.all(Array.from({ length: 6 }, () => accept(newer, 'a good password')))
    assert.deepEqual(all.map((answer) => answer.status).sort(), [200, 410, 410, 410, 410, 410])
    const late = await createMember()
    await app.api('POST', `/api/v1/members/${late.id}/invite`)
    const token = await tokenMailedTo(late.email)
    clock.advance(7 * 24 * 60 * 60 * 1000 + 1)
    assert.equal((await accept(token, 'a good password')).status, 410)
  })

  test('joining can be retried with the same Idempotency-Key, and the password cannot be guessed from what is stored', async () => {
    const member = await createMember()
    await app.api('POST', `/api/v1/members/${member.id}/invite`)
    const token = await tokenMailedTo(member.email)
    const join = (password: string, key: string) =>
      app.api(
        'POST',
        `/api/v1/public/invitations/${token}/accept`,
        { password },
        { ...asStranger, 'idempotency-key': key },
      )
    const answers = await Promise.all([join('a good password', 'join'), join('a good password', 'join')])
    answers.push(await join('a good password', 'join'))
    assert.deepEqual(
      answers.map(({ status, text }) => [status, text]),
      Array(3).fill([200, answers[0]?.text]),
    )
    assert.equal((await join('another password', 'join')).body.code, 'idempotency_key_reused')
    assert.equal((await join('a good password', 'another key')).status, 410)
    assert.equal((await app.api('GET', `/api/v1/public/invitations/${token}`, undefined, asStranger)).status, 410)
    const { rows } = await sql`select scope, route, body_hash from idempotency_keys where key = 'join'`.execute(
      app.database.executor,
    )
    const kept = JSON.stringify(rows)
    assert.ok(rows.length === 1 && !kept.includes(token), kept)
    const unsalted = createHash('sha256').update('{"password":"a good password"}').digest('base64')
    assert.ok(!kept.includes(unsalted), kept)
  })

  test('only an admin can invite', async () => {
    const member = await createMember()
    await app.api('POST', `/api/v1/members/${member.id}/invite`)
    await accept(await tokenMailedTo(member.email), 'a good password')
    const { cookie } = await signIn(member.email, 'a good password')
    const refused = await app.api('POST', `/api/v1/members/${member.id}/invite`, undefined, {
      ...asStranger,
      cookie,
      'sec-fetch-site': 'same-origin',
    })
    assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden'])
  })

  test('a deleted member is signed out immediately', async () => {
    const member = await createMember()
    await app.api('POST', `/api/v1/members/${member.id}/invite`)
    await accept(await tokenMailedTo(member.email), 'a good password')
    const { cookie } = await signIn(member.email, 'a good password')
    assert.equal((await app.api('DELETE', `/api/v1/members/${member.id}`)).status, 204)
    assert.equal((await app.api('GET', '/api/v1/me', undefined, { ...asStranger, cookie })).status, 401)
  })

  test('the mailed link resets a forgotten password and ends all sessions', async () => {
    const member = await createMember()
    await app.api('POST', `/api/v1/members/${member.id}/invite`)
    await accept(await tokenMailedTo(member.email), 'a good password')
    const { cookie } = await signIn(member.email, 'a good password')
    const asked = await app.api('POST', '/api/auth/request-password-reset', { email: member.email }, asStranger)
    assert.equal(asked.status, 200, asked.text)
    const token = await tokenMailedTo(member.email)
    const reset = await app.api(
      'POST',
      '/api/auth/reset-password',
      { token, newPassword: 'another password' },
      asStranger,
    )
    assert.equal(reset.status, 200, reset.text)
    assert.equal((await app.api('GET', '/api/v1/me', undefined, { ...asStranger, cookie })).status, 401)
    assert.equal((await signIn(member.email, 'a good password')).status, 401)
    assert.equal((await signIn(member.email, 'another password')).status, 200)
  })

  test('requesting a password reset does not reveal whether an address has an account', async () => {
    const answer = await app.api(
      'POST',
      '/api/auth/request-password-reset',
      { email: 'stranger@example.com' },
      asStranger,
    )
    assert.equal(answer.status, 200)
  })
})
