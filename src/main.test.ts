import assert from 'node:assert/strict'
import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createTestDirectory } from '../test/support/embedded.ts'
import { startServer as startProcess } from '../test/support/server.ts'
import { waitFor } from '../test/support/wait.ts'
import { parseConfig } from './config.ts'
import { StartError } from './errors.ts'
import { loadSecrets, startServer } from './main.ts'

const folder = mkdtempSync(join(tmpdir(), 'bookbell-main-'))
const file = join(folder, 'file')
writeFileSync(file, '')
after(() => rmSync(folder, { recursive: true }))

for (const [what, directory, secret] of [
  ['its secret', file, undefined],
  ['its database', file, 'a secret of the tests only'],
  ['its secret to an impossible directory', '/proc/bookbell', undefined],
  ['its database to an impossible directory', '/proc/bookbell', 'a secret of the tests only'],
] as const)
  test(`a server that cannot write ${what} names the directory it needs in one sentence`, async () => {
    const config = parseConfig({ BOOKBELL_DATA: directory, BOOKBELL_SECRET: secret, BOOKBELL_LOG_LEVEL: 'silent' })
    await assert.rejects(startServer(config), (error: Error) => {
      assert.ok(error instanceof StartError)
      return error.message.includes(directory) && /BOOKBELL_DATA/.test(error.message)
    })
  })

test('a server that cannot listen names the wrong variable in one sentence', async () => {
  for (const PORT of ['0', '4000']) {
    const data = join(folder, 'listening')
    const config = parseConfig({ BOOKBELL_DATA: data, HOST: '192.0.2.1', PORT, BOOKBELL_LOG_LEVEL: 'silent' })
    await assert.rejects(startServer(config), (error: Error) => {
      assert.ok(error instanceof StartError)
      return error.message.startsWith(`HOST: cannot listen on 192.0.2.1:${PORT} `)
    })
  }
})

test('the secret is generated once, readable only by its owner', () => {
  const config = parseConfig({ BOOKBELL_DATA: join(folder, 'data') })
  const sealed = loadSecrets(config).encrypt('text')
  assert.equal(loadSecrets(config).decrypt(sealed), 'text')
  assert.equal(statSync(join(folder, 'data', 'secret')).mode & 0o777, 0o600)
})

test('a truncated secret is refused, because it could be guessed', () => {
  writeFileSync(join(folder, 'secret'), '')
  assert.throws(() => loadSecrets(parseConfig({ BOOKBELL_DATA: folder })), {
    name: 'StartError',
    message: /too short for a secret/,
  })
})

/** Lists the files and directories that other users can access in any way. */
function listOpen(directory: string): string[] {
  const paths = [directory, ...readdirSync(directory, { recursive: true }).map((name) => join(directory, String(name)))]
  return paths.filter((path) => (lstatSync(path).mode & 0o077) !== 0)
}

test('BOOKBELL_DATA and everything in it are closed to other users, whatever was there before', async () => {
  const data = await createTestDirectory()
  const outside = join(folder, 'outside')
  writeFileSync(outside, '')
  chmodSync(outside, 0o644)
  symlinkSync(outside, join(data, 'link'))
  // The state in which earlier versions left a directory that they had not created.
  for (const path of [data, ...readdirSync(data, { recursive: true }).map((name) => join(data, String(name)))])
    if (path !== join(data, 'link')) chmodSync(path, lstatSync(path).isDirectory() ? 0o755 : 0o666)
  const open = listOpen(data).length
  const server = await startProcess({ env: { BOOKBELL_DATA: data, BOOKBELL_LOG_LEVEL: 'info' } })
  try {
    assert.equal((await server.request('POST', '/api/v1/tags', { name: 'New' })).status, 201)
    assert.deepEqual(listOpen(data), [join(data, 'link')])
    assert.equal(statSync(outside).mode & 0o777, 0o644)
    const lines = server.output().match(/.*other users on this machine.*/g) ?? []
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', new RegExp(`"files":${open - 1},`))
  } finally {
    await server.stop()
    rmSync(data, { recursive: true })
  }
})

test('starting prints the URL once and, on an empty database, the setup link', async () => {
  const noOwner = { BOOKBELL_OWNER_EMAIL: undefined, BOOKBELL_OWNER_PASSWORD: undefined, BOOKBELL_API_KEY: undefined }
  const server = await startProcess({ env: noOwner })
  try {
    await waitFor(() => server.output().includes('DATABASE_URL'), { what: 'the line about production' })
    const [ready = '', setup = '', data = '', ...more] = server.output().trim().split('\n')
    assert.match(ready, /^Bookbell is ready at http:\/\/localhost:\d+$/)
    assert.match(setup, /^Set it up with this one-time link: http:\/\/localhost:\d+\/setup\/[\w-]+$/)
    assert.match(data, /^Data is in .* For production, set DATABASE_URL /)
    assert.deepEqual(more, [])
  } finally {
    await server.stop()
  }
})
