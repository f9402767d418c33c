import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pino } from 'pino'
import { openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { readResetToken, signInAs } from '../../test/support/sign-in.ts'
import { waitFor } from '../../test/support/wait.ts'

const stranger = { authorization: null }

eachDatabase((open) => {
  let app: TestApp
  const lines: string[] = []
  before(async () => {
    const logger = pino({ level: 'info' }, { write: (line) => void lines.push(line) })
    app = await openTestApp(await open(), { options: { logger } })
  })
  after(() => app?.stop())

  interface Entry {
    action: string
    actor: { kind: string; id: number | null }
    address: string | null
  }
  const entriesOf = async (member: number): Promise<Entry[]> =>
    (await app.api('GET', `/api/v1/audit?object=member:${member}&limit=200`)).body.data
  const actionsOf = async (member: number) =>
    (await entriesOf(member)).map(({ action, actor }) => `${actor.kind} ${action}`).reverse()
  const signIn = (email: string, password: string) =>
    app.api('POST', '/api/auth/sign-in/email', { email, password }, stranger)

  test('account events are in the organization’s audit log, from the invitation onwards', async () => {
    const person = await signInAs(app, 'manager')
    const { id, email, headers } = person
    const password = 'another correct horse'
    const change = { current_password: 'a good password', new_password: password }
    assert.equal((await app.api('POST', '/api/account/password', change, headers)).status, 200)
    assert.equal((await signIn(email, 'not the password')).status, 401)
    await waitFor(async () => (await actionsOf(id)).includes('visitor sign_in.failed'), { what: 'the failed sign-in' })
    assert.equal(
      (await app.api('POST', '/api/auth/sign-out', {}, { ...headers, origin: 'http://127.0.0.1' })).status,
      200,
    )
    assert.equal((await app.api('POST', '/api/auth/request-password-reset', { email }, stranger)).status, 202)
    await waitFor(async () => (await actionsOf(id)).includes('visitor password_reset.requested'), { what: 'the reset' })
    const token = await readResetToken(app, email)
    const reset = { token, newPassword: 'yet another correct horse' }
    assert.equal((await app.api('POST', '/api/auth/reset-password', reset, stranger)).status, 200)
    assert.deepEqual(await actionsOf(id), [
      'api_key member.created',
      'api_key invitation.sent',
      'member invitation.accepted',
      'member sign_in.succeeded',
      'member password.changed',
      'visitor sign_in.failed',
      'member session.ended',
      'visitor password_reset.requested',
      'member password_reset.used',
    ])
    const entries = await entriesOf(id)
    assert.ok(entries.every(({ address }) => address === '127.0.0.1'))
    const { text } = await app.api('GET', '/api/v1/audit.csv')
    for (const secret of [token, password, 'a good password', reset.newPassword]) {
      assert.ok(!text.includes(secret))
      assert.ok(!lines.join('').includes(secret))
    }
    assert.match(lines.join(''), /"action":"sign_in\.failed"/)
  })

  test('a session that is ended from another device is recorded', async () => {
    const person = await signInAs(app, 'member')
    const { data } = (await app.api('GET', '/api/account/sessions', undefined, person.headers)).body
    const path = `/api/account/sessions/${data[0].id}`
    assert.equal((await app.api('DELETE', path, undefined, person.headers)).status, 204)
    assert.equal((await actionsOf(person.id)).at(-1), 'member session.ended')
  })

  test('a failed sign-in without an account is logged, without the address that was typed', async () => {
    lines.length = 0
    assert.equal((await signIn('no-one@example.com', 'some password')).status, 401)
    await waitFor(() => lines.some((line) => line.includes('sign_in.failed')), { what: 'the line' })
    assert.ok(!lines.join('').includes('no-one@'))
  })
})
