import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { generateSecret, parseSecret, publicKeyOf, signatureOf, signedPrefix } from '../src/webhooks/signature.ts'
import { findFreePort } from './support/free-port.ts'
import { waitFor } from './support/wait.ts'

/**
 * How to run each program. Go, PHP and Ruby are omitted because they are not installed everywhere, and Go takes minutes to
 * compile.
 */
const commands: Record<string, string> = { 'receiver.mjs': process.execPath, 'receiver.py': 'python3' }

const body = Buffer.from(JSON.stringify({ action: 'Meeting.scheduled', entity: { id: 7 } }))

const schemes = [
  { scheme: 'v1', folder: 'hmac', files: ['receiver.mjs', 'receiver.py'] },
  { scheme: 'v1a', folder: 'ed25519', files: ['receiver.mjs'] },
] as const

const isInstalled = (program: string) => !spawnSync(program, ['--version']).error

describe('docs/examples/verify', () => {
  for (const { scheme, folder, files } of schemes) {
    for (const file of files) {
      const program = commands[file] ?? ''
      if (!isInstalled(program)) continue
      test(`${folder}/${file} accepts requests that Bookbell signs, and rejects a different body`, async () => {
        const secret = generateSecret(scheme)
        const port = await findFreePort()
        const env = {
          ...process.env,
          PORT: String(port),
          WEBHOOK_SECRET: secret,
          WEBHOOK_PUBLIC_KEY: publicKeyOf(secret) ?? '',
        }
        const path = fileURLToPath(new URL(`../docs/examples/verify/${folder}/${file}`, import.meta.url))
        const child = spawn(program, [path], { env, stdio: 'ignore' })
        try {
          const time = Math.floor(Date.now() / 1000)
          const prefix = signedPrefix('act_7', time)
          const headers = {
            'webhook-id': 'act_7',
            'webhook-timestamp': String(time),
            'webhook-signature': signatureOf([parseSecret(secret)], prefix, body),
          }
          const send = (sent: Buffer) => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: sent })
          const accepted = await waitFor(() => send(body), { what: `the start of ${file}` })
          assert.equal(accepted.status, 204)
          assert.equal((await send(Buffer.from('{"other":true}'))).status, 401)
        } finally {
          child.kill()
        }
      })
    }
  }
})
