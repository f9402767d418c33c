import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { sampleBody } from '../activities/sample.ts'
import { generateSecret, parseSecret, publicKeyOf, signatureOf, signedPrefix } from './signature.ts'
import { explainVerification, type SignedRequest } from './verification.ts'

const now = Date.parse('2027-01-15T12:00:00Z')
const secret = generateSecret('v1')
const text = sampleBody('Attendee.scheduled', 'group', { id: 42, now, url: 'http://localhost:3000' }).replaceAll(
  'First',
  'Zoë',
)

/** A request signed by the Standard Webhooks library. */
function signed(changes: Partial<SignedRequest> & { at?: number } = {}): SignedRequest {
  const at = new Date(changes.at ?? now)
  const headers = {
    'webhook-id': 'act_42',
    'webhook-timestamp': String(at.getTime() / 1_000),
    'webhook-signature': new Webhook(secret).sign('act_42', at, text),
  }
  return { secrets: [secret], body: Buffer.from(text), ...changes, headers: { ...headers, ...changes.headers } }
}

const check = (request: SignedRequest, tolerance = 300) => explainVerification(request, { now, tolerance })

async function whatIsWrong(request: SignedRequest, tolerance?: number): Promise<string> {
  const verdict = await check(request, tolerance)
  assert.ok(!verdict.valid)
  return verdict.reasons.join('\n')
}

test('a signature of the Standard Webhooks library is valid', async () => {
  assert.deepEqual(await check(signed()), { valid: true, signedAt: now })
})

test('one matching secret among several is enough, and so is one matching signature', async () => {
  const headers = { 'webhook-signature': `v1,${'A'.repeat(43)}= ${signed().headers['webhook-signature']}` }
  assert.ok((await check(signed({ secrets: [generateSecret('v1'), secret], headers }))).valid)
})

test('a signature of a key pair verifies with its public and its private key', async () => {
  const pair = generateSecret('v1a')
  const value = signatureOf([parseSecret(pair)], signedPrefix('act_42', now / 1_000), Buffer.from(text))
  for (const half of [pair, publicKeyOf(pair) as string]) {
    assert.ok((await check(signed({ secrets: [half], headers: { 'webhook-signature': value } }))).valid)
  }
})

describe('says how a body was changed', () => {
  const sorted = (value: unknown): unknown =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort()
            .map(([key, child]) => [key, sorted(child)]),
        )
      : value
  const asciiOnly = text.replaceAll('ë', '\\u00eb')
  for (const [what, body, pattern] of [
    ['a line break at the end', `${text}\n`, /a line break was added at the end/],
    ['white space around it', `  ${text} `, /white space was added/],
    ['a byte order mark', `\ufeff${text}`, /byte order mark/],
    ['JSON written with spaces', JSON.stringify(JSON.parse(text), null, 2), /parsed as JSON and serialized again\. /],
    ['JSON written in ASCII', asciiOnly, /parsed as JSON and serialized again\. /],
    ['JSON written with sorted keys', JSON.stringify(sorted(JSON.parse(text))), /keys in another order/],
    ['UTF-8 read as Latin-1', Buffer.from(text).toString('latin1'), /read as Latin-1/],
  ] as const) {
    test(what, async () => {
      assert.notEqual(body, text)
      assert.match(await whatIsWrong(signed({ body: Buffer.from(body) })), pattern)
    })
  }

  test('otherwise, suggests that the body or the secret is wrong', async () => {
    const body = Buffer.from(`${text.slice(0, -1)},"more":1 }`)
    assert.match(await whatIsWrong(signed({ body })), /Either the body was changed .* or the secret belongs to another/)
  })
})

test('if the body is as Bookbell writes it, suggests a wrong secret', async () => {
  assert.match(
    await whatIsWrong(signed({ secrets: [generateSecret('v1')] })),
    /secret most likely belongs to another webhook/,
  )
})

test('a timestamp that is too old or in the future is reported with the difference, even though the signature is correct', async () => {
  const old = signed({ at: now - 3 * 86_400_000 })
  assert.match(
    await whatIsWrong(old),
    /^The timestamp is too old\. The request was signed 3 days ago, and the limit is 300 s\./,
  )
  assert.match(await whatIsWrong(signed({ at: now + 600_000 })), /10 minutes in the future/)
  assert.ok((await check(old, Number.POSITIVE_INFINITY)).valid)
})

test('a changed body is found despite an old timestamp', async () => {
  const wrong = await whatIsWrong(signed({ at: now - 3_600_000, body: Buffer.from(`${text}\n`) }))
  assert.match(wrong, /line break[\s\S]*too old/)
})

describe('reports invalid headers', () => {
  for (const [what, headers, pattern] of [
    ['missing', { 'webhook-id': undefined, 'webhook-signature': '' }, /^Missing: webhook-id, webhook-signature\./],
    ['milliseconds', { 'webhook-timestamp': String(now) }, /not milliseconds/],
    ['no timestamp', { 'webhook-timestamp': '2027-01-15' }, /"2027-01-15", but must be in seconds since 1970/],
    ['hexadecimal', { 'webhook-signature': `sha256=${'ab'.repeat(32)}` }, /hexadecimal/],
    ['the bare id', { 'webhook-id': '42' }, /but act_42 was signed/],
    ['another scheme', { 'webhook-signature': 'v1a,AAAA' }, /scheme v1a, but the secret is for v1/],
  ] as const) {
    test(what, async () => {
      assert.match(await whatIsWrong(signed({ headers })), pattern)
    })
  }
})

test('a truncated or invalid secret is reported, but not shown', async () => {
  for (const wrong of ['whpk_AAAA', 'hunter2hunter2', 'whsec_']) {
    const reasons = await whatIsWrong(signed({ secrets: [wrong] }))
    assert.match(reasons, /is not valid: it must start with whsec_/)
    assert.ok(!reasons.includes('hunter2hunter2'))
  }
})
