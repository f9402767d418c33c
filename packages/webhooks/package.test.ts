import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Webhook } from 'standardwebhooks'
import { codeBlocks } from '../../test/support/documents.ts'
import { waitFor } from '../../test/support/wait.ts'
import { receiveFetch, receiveNode } from './index.ts'

const here = fileURLToPath(new URL('./', import.meta.url))
const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
const secret = `whsec_${randomBytes(32).toString('base64')}`
const golden = readFileSync(
  new URL('../../test/golden/activities/Meeting.rescheduled.one_on_one.json', import.meta.url),
  'utf8',
)
const body = JSON.stringify(JSON.parse(golden))

function signed(text = body): { method: string; headers: Record<string, string>; body: string } {
  const now = new Date()
  const headers = {
    'webhook-id': 'act_7',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('act_7', now, text),
  }
  return { method: 'POST', headers, body: text }
}

/** The folder of a receiver, with the package installed as published. */
let folder: string
const running: ChildProcess[] = []

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bookbell-package-'))
  const installed = join(folder, 'node_modules', '@bookbell', 'webhooks')
  mkdirSync(installed, { recursive: true })
  copyFileSync(join(here, 'package.json'), join(installed, 'package.json'))
  execFileSync(process.execPath, [compiler, '-p', here, '--outDir', join(installed, 'dist')], { stdio: 'inherit' })
  for (const { file = '', code } of codeBlocks({
    path: 'README.md',
    text: readFileSync(join(here, 'README.md'), 'utf8'),
  })) {
    writeFileSync(join(folder, file), code)
  }
  process.env.WEBHOOK_SECRET = secret
})

after(() => {
  for (const child of running) child.kill()
  delete process.env.WEBHOOK_SECRET
  rmSync(folder, { recursive: true, force: true })
})

async function load(file: string) {
  return import(pathToFileURL(join(folder, file)).href)
}

test('the package does not have any dependencies', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined])
})

test('the receiver in the README accepts signed requests and rejects all others', async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  const env = { PATH: process.env.PATH, PORT: String(port), WEBHOOK_SECRET: secret }
  const child = spawn(process.execPath, [join(folder, 'receiver.mjs')], { env })
  running.push(child)
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const url = `http://127.0.0.1:${port}/hook`
  await waitFor(() => fetch(url), { what: 'the start of the receiver' })
  assert.equal((await fetch(url, { ...signed(), body: '{}' })).status, 401)
  assert.equal((await fetch(url, signed())).status, 204)
  await waitFor(() => output === 'Meeting.rescheduled 2751918\n', { what: `the line of the receiver (${output})` })
})

test('the worker in the README responds to requests', async () => {
  const { default: worker } = await load('worker.mjs')
  const request = (init: RequestInit) => new Request('https://example.com/hook', init)
  assert.equal((await worker.fetch(request(signed()))).status, 204)
  assert.equal((await worker.fetch(request({ method: 'POST', body }))).status, 401)
})

test('a request can be verified by hand, as in the README', async () => {
  const { handle } = await load('by-hand.mjs')
  assert.equal(await handle(signed().headers, body), 'act_7: Meeting.rescheduled')
  assert.equal(await handle({}, body), 'rejected: headers_missing')
})

test('the types narrow by action, as in the README', async () => {
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', '']
  execFileSync(process.execPath, [compiler, ...options, join(folder, 'narrowing.ts')], {
    cwd: folder,
    stdio: 'inherit',
  })
  const { describe } = await load('narrowing.ts')
  assert.match(describe(JSON.parse(body)), /^Example Meeting Type moved from \S+ to \S+$/)
})

test('work that throws returns 500 and is reported', async () => {
  const told: unknown[] = []
  const failure = new Error('database is down')
  const receive = receiveFetch({ secret, onError: (error) => told.push(error) }, () => {
    throw failure
  })
  assert.equal((await receive(new Request('https://example.com', signed()))).status, 500)
  assert.deepEqual(told, [failure])
})

test('an invalid secret returns 500 and is reported', async () => {
  const told: unknown[] = []
  const receive = receiveFetch({ secret: 'nonsense', onError: (error) => told.push(error) }, () => {})
  assert.equal((await receive(new Request('https://example.com', signed()))).status, 500)
  assert.ok(told[0] instanceof TypeError)
})

test('a body larger than the limit is rejected, in any number of chunks', async () => {
  const receive = receiveFetch({ secret, limit: 10 }, () => {})
  assert.equal((await receive(new Request('https://example.com', signed()))).status, 413)
  assert.equal((await receive(new Request('https://example.com', { method: 'POST' }))).status, 401)
})

test('a body that arrives in chunks is reassembled', async () => {
  const server = createServer(receiveNode({ secret }, () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const bytes = new TextEncoder().encode(body)
  const pieces = ReadableStream.from([bytes.subarray(0, 3), bytes.subarray(3, 700), bytes.subarray(700)])
  const init = { ...signed(), body: pieces, duplex: 'half' } as RequestInit
  assert.equal((await fetch(`http://127.0.0.1:${port}`, init)).status, 204)
  server.close()
  server.closeAllConnections()
})
