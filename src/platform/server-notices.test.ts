import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestApp, type TestAppOptions } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import type { Database } from './database.ts'
import { createLogger } from './log.ts'

eachDatabase((open, name) => {
  if (name === 'PGlite') return
  let database: Database

  /** Starts the program with these settings and returns the warnings that it logs. */
  async function start(env: TestAppOptions['env'] = {}) {
    const warnings: string[] = []
    const logger = createLogger('silent')
    logger.warn = ((_fields: unknown, message?: string) =>
      void (message && warnings.push(message))) as typeof logger.warn
    database ??= await open()
    const app = await openTestApp(database, { env: { SMTP_URL: 'smtp://127.0.0.1:1', ...env }, options: { logger } })
    after(() => app.stop())
    const codes = async () =>
      (await app.api('GET', '/api/v1/server-notices')).body.data.map(({ code }: { code: string }) => code)
    return { app, warnings, codes }
  }

  test('a proxy that is missing from the settings is reported once, in the log and to admins', async () => {
    const { app, warnings, codes } = await start({ BOOKBELL_URL: 'https://book.example.com' })
    assert.deepEqual(await codes(), [])
    for (let count = 0; count < 3; count++)
      await app.api('GET', '/healthz', undefined, { 'x-forwarded-for': '203.0.113.9' })
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /BOOKBELL_TRUST_PROXY=127\.0\.0\.1/)
    assert.deepEqual(await codes(), ['untrusted_proxy'])
  })

  test('a proxy that is in the settings is not reported', async () => {
    const { app, warnings } = await start({ BOOKBELL_TRUST_PROXY: '127.0.0.0/8' })
    await app.api('GET', '/healthz', undefined, { 'x-forwarded-for': '203.0.113.9' })
    assert.deepEqual(warnings, [])
  })

  test('a URL without https is reported, unless it is a loopback URL', async () => {
    assert.deepEqual(await (await start({ BOOKBELL_URL: 'http://book.example' })).codes(), ['insecure_url'])
    assert.deepEqual(await (await start({ BOOKBELL_URL: 'http://localhost:3000' })).codes(), [])
  })

  test('a server that listens beyond loopback with a loopback URL keeps its limits, and a notice says why', async () => {
    const { app, warnings, codes } = await start({ HOST: '0.0.0.0' })
    assert.deepEqual(await codes(), ['open_host'])
    assert.match(warnings[0] ?? '', /All limits for visitors stay on/)
    const statuses: number[] = []
    for (let count = 0; count < 61; count++)
      statuses.push(
        (await app.api('POST', '/api/v1/public/attendees/unknown/cancel', {}, { authorization: null })).status,
      )
    assert.deepEqual([statuses[59], statuses[60]], [404, 429])
    const { body } = await app.api('POST', '/api/v1/webhooks', { url: 'http://127.0.0.1:4000/hook' })
    assert.equal(body.code, 'target_refused')
  })

  test('admins see that there is no mail server, but the log does not warn about it', async () => {
    const { warnings, codes } = await start({ SMTP_URL: '' })
    assert.deepEqual(await codes(), ['no_mail_server'])
    assert.deepEqual(warnings, [])
  })
})
