import { createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'

// The public key, as an Ed25519 key in DER.
const raw = Buffer.from(process.env.WEBHOOK_PUBLIC_KEY.replace('whpk_', ''), 'base64')
const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw])
const key = createPublicKey({ key: der, format: 'der', type: 'spki' })

function isGenuine(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300) return false // expired
  const signed = Buffer.concat([Buffer.from(`${id}.${time}.`), body])
  return signatures.split(' ').some((signature) => {
    if (!signature.startsWith('v1a,')) return false
    return verify(null, signed, key, Buffer.from(signature.slice(4), 'base64'))
  })
}

createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks) // the raw bytes: verify them before parsing
  if (!isGenuine(request.headers, body)) return response.writeHead(401).end()
  response.writeHead(204).end() // respond first, then process
  const activity = JSON.parse(body)
  console.log(activity.action, activity.entity.id)
}).listen(process.env.PORT ?? 4000)
