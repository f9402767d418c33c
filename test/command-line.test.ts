import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { actions } from '../src/activities/schema.ts'
import { runCommand, startLine } from './support/command.ts'
import { codeBlocks, type Document, readDocuments, tableRows } from './support/documents.ts'
import { createTestDirectory } from './support/embedded.ts'
import { createTestDatabase } from './support/postgres.ts'
import { type ReceivedRequest, type Receiver, startReceiver } from './support/receiver.ts'
import { apiKey, startServer, type TestServer } from './support/server.ts'
import { waitFor } from './support/wait.ts'

let folder: string
let data: string
let server: TestServer
let receiver: Receiver

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bookbell-command-'))
  data = await createTestDirectory()
  server = await startServer({ env: { BOOKBELL_DATA: data, BOOKBELL_LOG_LEVEL: 'warn' } })
  receiver = await startReceiver()
})

after(async () => {
  await receiver?.close()
  await server?.stop()
  for (const path of [folder, data]) await rm(path, { recursive: true, force: true })
})

const settings = () => ({ BOOKBELL_URL: server.url, BOOKBELL_API_KEY: apiKey, XDG_STATE_HOME: folder })

test('without a mail server, a reset link is printed by the server and by a command, and is not listed in any mailbox', async () => {
  const body = { email: 'owner@example.com' }
  assert.equal((await server.request('POST', '/api/auth/request-password-reset', body)).status, 202)
  const link = await waitFor(() => /http\S+\/reset-password\/[\w-]+/.exec(server.output())?.[0], { withinMs: 20_000 })
  const { code, stdout } = await runCommand(['accounts', 'mail'], { env: { BOOKBELL_DATA: data } })
  assert.equal(code, 0, stdout)
  assert.match(stdout, /To: owner@example.com\nSubject: Reset your password for Bookbell/)
  assert.ok(stdout.includes(link), stdout)
  assert.deepEqual((await server.request('GET', '/api/v1/mailbox')).body.data, [])
})

test('a second factor is reset by a command while the server runs', async () => {
  const reset = (email: string) =>
    runCommand(['accounts', 'reset-second-factor', '--email', email], { env: { BOOKBELL_DATA: data } })
  const [owner, stranger] = await Promise.all([reset('owner@example.com'), reset('stranger@example.com')])
  assert.deepEqual([owner.code, stranger.code], [0, 1], owner.output + stranger.output)
  assert.match(owner.output, /No second factor is turned on for owner@example.com/)
  assert.match(stranger.output, /stranger@example.com has no account on this server/)
})

test('every command explains itself, with an example', async () => {
  const { output } = await runCommand(['--help'])
  const commands = [...output.matchAll(/^ {2}(\w+) /gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
  assert.deepEqual(commands.sort(), [
    'accounts',
    'backup',
    'demo',
    'listen',
    'migrate',
    'organizations',
    'people',
    'restore',
    'serve',
    'trigger',
    'verify',
  ])
  await Promise.all(
    commands.map(async (name) => {
      const part = { organizations: ['create'], accounts: ['mail'], people: ['erase'] }[name] ?? []
      const help = await runCommand([name, ...part, '--help'])
      assert.equal(help.code, 0)
      assert.match(help.output, new RegExp(`Example:\\n  bookbell ${name}`))
    }),
  )
})

describe('bookbell organizations create', () => {
  const create = (email: string, input: string) =>
    runCommand(['organizations', 'create', '--name', 'Second', '--owner-email', email, '--owner-password-file', '-'], {
      env: { BOOKBELL_DATA: '/nonexistent' },
      input,
    })

  test('checks its input as the setup page does, before it opens the database', async () => {
    const [address, short] = await Promise.all([create('notanemail', 'a good password'), create('a@example.com', 'x')])
    assert.deepEqual([address.code, short.code], [1, 1])
    assert.match(address.output, /--owner-email: /)
    assert.match(short.output, /the password: /)
  })

  test('does not accept a password as an argument', async () => {
    const args = ['--name', 'Second', '--owner-email', 'a@example.com', '--owner-password', 'a good password']
    const { code, output } = await runCommand(['organizations', 'create', ...args])
    assert.equal(code, 1)
    assert.match(output, /unknown option/)
  })
})

test('bookbell organizations delete requires the name, and deletes the organization', async () => {
  const { url, drop } = await createTestDatabase()
  const env = { DATABASE_URL: url }
  try {
    const owner = ['--name', 'Second', '--owner-email', 'second@example.com']
    const created = await runCommand(['organizations', 'create', ...owner], {
      env: { ...env, BOOKBELL_SECRET: 'a secret of the tests only', BOOKBELL_URL: 'https://book.example.com' },
    })
    assert.equal(created.code, 0, created.output)
    const link = /^second@example\.com can join with this link.*: (https:\/\/book\.example\.com\/invitation\/[\w-]+)$/m
    assert.match(created.output, link)
    const unknown = await runCommand(['organizations', 'delete', 'Third', '--confirm', 'Third'], { env })
    assert.deepEqual([unknown.code, unknown.output], [1, 'There is no organization with the id or name "Third".\n'])
    const wrong = await runCommand(['organizations', 'delete', '1', '--confirm', 'Third'], { env })
    assert.deepEqual(
      [wrong.code, wrong.output],
      [1, '--confirm must repeat the name "Second", because deleting cannot be undone.\n'],
    )
    const deleted = await runCommand(['organizations', 'delete', 'Second', '--confirm', 'Second'], { env })
    assert.equal(deleted.code, 0, deleted.output)
    assert.match(deleted.output, /Deleted organization 1 \(Second\)\. Backups still hold its data/)
    const again = await runCommand(['organizations', 'create', ...owner], { env, input: 'a good password' })
    assert.equal(again.code, 0, again.output)
  } finally {
    await drop()
  }
})

describe('bookbell verify', () => {
  const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
  const text = '{"id":42,"type":"Activity"}'
  const at = new Date()
  const id = 'act_42'
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const signature = new Webhook(secret).sign(id, at, text)
  const headers = ['--secret', secret, '--id', id, '--timestamp', timestamp, '--signature', signature]

  test('accepts signatures of the Standard Webhooks library, from a file and from standard input', async () => {
    const path = join(folder, 'body.json')
    await writeFile(path, text)
    for (const [args, input] of [
      [[path], undefined],
      [[], text],
      [['-'], text],
    ] as const) {
      const { code, output } = await runCommand(['verify', ...headers, ...args], input === undefined ? {} : { input })
      assert.equal(code, 0, output)
      assert.match(output, /^Valid: act_42 was signed with this secret at 20\S+Z, and its 27 bytes are unchanged\.\n$/)
    }
  })

  test('parses a complete raw request', async () => {
    const lines = [
      'POST /hook HTTP/1.1',
      'Host: localhost:4000',
      `Webhook-Id: ${id}`,
      `webhook-timestamp:${timestamp}`,
      `WEBHOOK-SIGNATURE:  ${signature}  `,
    ]
    for (const input of [`${lines.join('\r\n')}\r\n\r\n${text}`, `${lines.slice(1).join('\n')}\n\n${text}`]) {
      const { code, output } = await runCommand(['verify', '--secret', secret, '--request'], { input })
      assert.equal(code, 0, output)
    }
    const cut = await runCommand(['verify', '--secret', secret, '--request'], { input: lines.join('\r\n') })
    assert.equal(cut.code, 1)
    assert.match(cut.output, /no empty line after the headers/)
  })

  test('refuses changes, names them, and exits with 1', async () => {
    const old = new Date(at.getTime() - 86_400_000 * 3)
    const replayed = [...headers, '--timestamp', String(Math.floor(old.getTime() / 1_000))]
    replayed.push('--signature', new Webhook(secret).sign(id, old, text))
    const refused = [
      [headers, `${text}\n`, /^Not valid\. The body was changed: a line break was added at the end/],
      [headers, '{"id": 42, "type": "Activity"}', /^Not valid\. The body was changed: it was parsed as JSON/],
      [headers, text.replace('42', '43'), /^Not valid\. No signature matches the secret\./],
      [
        replayed,
        text,
        /^Not valid\. The timestamp is too old\. The request was signed 3 days ago, and the limit is 300 s/,
      ],
      [headers.slice(0, -2), text, /^Not valid\. Missing: webhook-signature\./],
    ] as const
    await Promise.all(
      refused.map(async ([args, input, pattern]) => {
        const { code, output } = await runCommand(['verify', ...args], { input })
        assert.equal(code, 1, output)
        assert.match(output, pattern)
      }),
    )
    const allowed = await runCommand(['verify', ...replayed, '--tolerance', 'any'], { input: text })
    assert.equal(allowed.code, 0, allowed.output)
  })
})

describe('bookbell trigger', () => {
  const trigger = (...args: string[]) => runCommand(['trigger', ...args], { env: settings() })

  test('lists the twelve actions if no action or an unknown one is given', async () => {
    for (const args of [[], ['Meeting.moved']]) {
      const { code, output } = await trigger(...args)
      assert.equal(code, 1)
      for (const action of actions) assert.match(output, new RegExp(`^  ${action.replace('.', '\\.')}$`, 'm'))
    }
  })

  test('does not need an id with one webhook, asks for one with several, and shows the result', async () => {
    assert.match(
      (await trigger('Meeting.tagged')).output,
      /^There are no webhooks yet\. Create one at http\S+, or try bookbell listen\.\n$/,
    )
    receiver.answer({ status: 202, body: 'thank\u001b[2Jyou' })
    const first = await server.request('POST', '/api/v1/webhooks', { url: `${receiver.url}/one` })
    const sent = await trigger('meeting.tagged')
    assert.equal(sent.code, 0, sent.output)
    assert.match(sent.output, /^Sent a sample of Meeting\.tagged as test_\S+ to webhook \d+, http\S+\/one\n/)
    assert.match(sent.output, /\nIt returned 202 in \d+ ms\.\n {2}thank \[2Jyou\n$/)
    const [request] = await receiver.received(1)
    assert.equal(request?.headers['bookbell-test'], '1')
    assert.equal(JSON.parse(request?.text ?? '').action, 'Meeting.tagged')

    const second = await server.request('POST', '/api/v1/webhooks', { url: `${receiver.url}/two` })
    const several = await trigger('Meeting.tagged')
    assert.equal(several.code, 1)
    assert.match(
      several.output,
      new RegExp(`--webhook ID:\\n  ${first.body.id}  \\S+/one\\n  ${second.body.id}  \\S+/two\\n$`),
    )
    receiver.answer({ status: 500 })
    const failed = await trigger('Meeting.tagged', '--webhook', String(second.body.id))
    assert.equal(failed.code, 1)
    assert.match(failed.output, /It returned 500 in .*\nThe sample was not received: The receiver returned 500\./)
    assert.equal(receiver.requests.at(-1)?.path, '/two')
    assert.match((await trigger('Meeting.tagged', '--webhook', '999')).output, /^There is no webhook 999/)
    assert.match(
      (await trigger('Meeting.tagged', '--webhook', 'x')).output,
      /^--webhook must be the numeric id of a webhook; got "x"/,
    )
    for (const { body } of [first, second]) await server.request('DELETE', `/api/v1/webhooks/${body.id}`)
  })
})

describe('docs/command-line.md', () => {
  const page = readDocuments().find(({ path }) => path === 'docs/command-line.md') as Document

  test('names every option of a command, and no other option', async () => {
    const sections = page.text.split(/^## /m).slice(1)
    for (const name of ['listen', 'trigger', 'verify']) {
      const section = sections.find((text) => text.toLowerCase().startsWith(name)) ?? ''
      const named = tableRows(section, 'option').flatMap(([cell = '']) => cell.match(/--[a-z-]+/g) ?? [])
      const { output } = await runCommand([name, '--help'])
      const taken = [...output.matchAll(/^ {2}(?:-h, )?(--[a-z-]+)/gm)].map(([, option]) => option)
      assert.deepEqual(new Set(named), new Set(taken.filter((option) => option !== '--help')), name)
    }
  })

  test('its examples, run one after the other, have the results that the page describes', async () => {
    receiver.answer({ status: 200 })
    const { body: webhook } = await server.request('POST', '/api/v1/webhooks', { url: receiver.url })
    const env = { ...settings(), ...(await captureRequest(webhook.secret)) }
    const target = await createTestDirectory()
    const said = {
      listen: /connected, following after cursor \d+\n/,
      trigger: /^Sent a sample of Meeting\.scheduled .*\nIt returned 200 in/,
      verify: /^Valid: test_/,
      backup: /^Saved \d+ rows/,
      restore: /^Restored \d+ rows/,
    }
    const lines = codeBlocks(page)
      .filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => code.trim().split('\n'))
    assert.deepEqual(new Set(lines.map((line) => line.split(' ')[2])), new Set(Object.keys(said)))
    for (const line of lines) {
      const name = line.split(' ')[2] as keyof typeof said
      const settings = { ...env, BOOKBELL_DATA: name === 'restore' ? target : data }
      const command = startLine(line, { env: settings, cwd: folder })
      if (name === 'listen') {
        await command.says(said.listen)
        command.process.kill('SIGINT')
      }
      assert.equal(await command.ended, 0, command.output())
      assert.match(command.output(), said[name])
    }
  })

  /** Saves a received request as the page describes, and returns the variables that its examples use. */
  async function captureRequest(secret: string): Promise<Record<string, string>> {
    const before = receiver.requests.length
    await runCommand(['trigger', 'Meeting.tagged'], { env: settings() })
    const { rawHeaders, text, headers } = (await receiver.received(before + 1)).at(-1) as ReceivedRequest
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []))
    await writeFile(join(folder, 'request.txt'), `POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${text}`)
    await writeFile(join(folder, 'body.json'), text)
    return {
      WEBHOOK_SECRET: secret,
      ID: String(headers['webhook-id']),
      TIMESTAMP: String(headers['webhook-timestamp']),
      SIGNATURE: String(headers['webhook-signature']),
    }
  }
})
