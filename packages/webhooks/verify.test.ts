import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { generateSecret, parseSecret, publicKeyOf, signatureOf, signedPrefix } from '../../src/webhooks/signature.ts'
import { verify, WebhookVerificationError } from './verify.ts'

const secret = `whsec_${randomBytes(32).toString('base64')}`
const body = JSON.stringify({ id: 1, type: 'Activity', action: 'Meeting.scheduled', note: 'Zoë — 予定' })
const at = new Date()

function headersFor(by = secret, sentAt = at): Record<string, string> {
  return {
    'webhook-id': 'act_1',
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': new Webhook(by).sign('act_1', sentAt, body),
  }
}

function refused(code: string) {
  return (error: unknown) => error instanceof WebhookVerificationError && error.code === code
}

test('verifies signatures by npm standardwebhooks, and returns the activity', async () => {
  const delivered = await verify(secret, headersFor(), body)
  assert.deepEqual(delivered, { activity: JSON.parse(body), id: 'act_1', attempt: 1, test: false })
})

test('accepts bytes and text, and any form of headers', async () => {
  const headers = headersFor()
  const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]))
  for (const form of [headers, upper, new Headers(headers)]) {
    for (const bytes of [body, Buffer.from(body), new TextEncoder().encode(body)]) {
      assert.equal((await verify(secret, form, bytes)).id, 'act_1')
    }
  }
})

test('returns the attempt number and whether the request is a test', async () => {
  const headers = { ...headersFor(), 'bookbell-attempt': '3', 'bookbell-test': '1' }
  assert.partialDeepStrictEqual(await verify(secret, headers, body), { attempt: 3, test: true })
})

test('a changed body, id, timestamp or secret is rejected', async () => {
  const headers = headersFor()
  const later = String(Number(headers['webhook-timestamp']) + 1)
  const other = `whsec_${randomBytes(32).toString('base64')}`
  await assert.rejects(verify(secret, headers, `${body} `), refused('signature_wrong'))
  await assert.rejects(verify(secret, { ...headers, 'webhook-id': 'act_2' }, body), refused('signature_wrong'))
  await assert.rejects(verify(secret, { ...headers, 'webhook-timestamp': later }, body), refused('signature_wrong'))
  await assert.rejects(verify(other, headers, body), refused('signature_wrong'))
})

test('a missing header is rejected', async () => {
  for (const name of Object.keys(headersFor())) {
    const { [name]: _, ...rest } = headersFor()
    await assert.rejects(verify(secret, rest, body), refused('headers_missing'))
  }
})

test('a timestamp that is five minutes off or missing is rejected', async () => {
  const now = () => at.getTime()
  const minutes = (count: number) => new Date(at.getTime() + count * 60_000)
  await verify(secret, headersFor(secret, minutes(-4.9)), body, { now })
  await assert.rejects(verify(secret, headersFor(secret, minutes(-5.1)), body, { now }), refused('timestamp_off'))
  await assert.rejects(verify(secret, headersFor(secret, minutes(5.1)), body, { now }), refused('timestamp_off'))
  await verify(secret, headersFor(secret, minutes(-60)), body, { now, tolerance: 3601 })
  for (const odd of ['NaN', '1e9', '-1', 'soon']) {
    await assert.rejects(verify(secret, { ...headersFor(), 'webhook-timestamp': odd }, body), refused('timestamp_off'))
  }
})

test('either signature and either secret is accepted during a rotation', async () => {
  const next = `whsec_${randomBytes(32).toString('base64')}`
  const both = `${headersFor(next)['webhook-signature']} ${headersFor()['webhook-signature']}`
  for (const known of [secret, next, [next, secret]]) {
    await verify(known, { ...headersFor(), 'webhook-signature': both }, body)
  }
  await verify([next, secret], headersFor(), body)
})

test('a malformed signature is rejected without an error', async () => {
  for (const odd of ['v1,', 'v1', 'v1,!!!', 'v2,AAAA', ',', 'v1a,AAAA']) {
    await assert.rejects(
      verify(secret, { ...headersFor(), 'webhook-signature': odd }, body),
      refused('signature_wrong'),
    )
  }
})

test('a public key verifies the signatures of its key pair', async () => {
  const pair = generateSecret('v1a')
  const timestamp = Math.floor(at.getTime() / 1000)
  const signature = signatureOf([parseSecret(pair)], signedPrefix('act_1', timestamp), Buffer.from(body))
  const headers = { ...headersFor(), 'webhook-signature': signature }
  assert.equal((await verify(publicKeyOf(pair) ?? '', headers, body)).id, 'act_1')
  await assert.rejects(verify(publicKeyOf(pair) ?? '', headers, `${body} `), refused('signature_wrong'))
})

test('an invalid secret throws an error for developers', async () => {
  for (const odd of ['', 'secret', 'whsec_', 'whsec_!!!', 'bb_0123']) {
    await assert.rejects(verify(odd, headersFor(), body), TypeError)
  }
})

test('a signed body that is not JSON is rejected', async () => {
  const signature = new Webhook(secret).sign('act_1', at, '{')
  await assert.rejects(
    verify(secret, { ...headersFor(), 'webhook-signature': signature }, '{'),
    refused('body_malformed'),
  )
})
