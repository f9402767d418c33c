import { isIP, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { openConnection, type Progress, resolveAndVet, type Target } from '../platform/http-connection.ts'
import { type ConnectionError, describeError } from '../platform/http-failure.ts'
import type { Resolve } from '../platform/name-resolver.ts'
import type { AttemptView, Diagnosis } from './schema.ts'
import { checkAddress, checkUrl, hostOf, type TargetPolicy } from './target-guard.ts'

type Step = Diagnosis['steps'][number]
type Found = Pick<Step, 'verdict' | 'found' | 'remedy'>

const DEADLINE = 15_000
const CONNECT_TIMEOUT = 5_000
const SLOW_ANSWER = 5_000
const CERTIFICATE_WARNING_DAYS = 14
const order: Step['step'][] = ['address', 'dns', 'connection', 'tls', 'request', 'answer']

interface Deps {
  policy: TargetPolicy
  resolve: Resolve
}

/**
 * Goes the way of a delivery step by step: the address, its name, the connection, TLS, a test request and its answer.
 * What comes after a failed step is not checked. `test` sends a sample and gives the attempt.
 */
export async function diagnoseTarget(deps: Deps, text: string, test: () => Promise<AttemptView>): Promise<Diagnosis> {
  const steps: Step[] = []
  const take = async (step: Step['step'], look: () => Promise<Found> | Found) => {
    const startedAt = performance.now()
    const found = steps.some(({ verdict }) => verdict === 'failed') ? notChecked : await look()
    steps.push({ step, ...found, duration_ms: Math.round(performance.now() - startedAt) })
  }
  const checked = checkUrl(deps.policy, text)
  await take('address', () => (checked.ok ? passed(`${checked.url.href} may be called.`) : failed(checked.refusal)))
  if (!checked.ok) return { ok: false, steps: [...steps, ...rest(1)] }
  const target = targetOf(checked.url, checked.trust)
  const settings = connectionSettings(deps)
  await take('dns', () => lookAtName(target, settings))
  const connection = steps.at(-1)?.verdict === 'ok' ? await connect(target, settings) : undefined
  await take('connection', () => lookAtConnection(target, connection))
  await take('tls', () => lookAtTls(target, connection))
  connection?.socket?.destroy()
  const attempt = steps.some(({ verdict }) => verdict === 'failed') ? undefined : await test()
  await take('request', () => lookAtRequest(attempt as AttemptView))
  await take('answer', () => lookAtAnswer(attempt as AttemptView))
  return { ok: steps.every(({ verdict }) => verdict !== 'failed'), steps }
}

const notChecked: Found = { verdict: 'not_checked', found: 'Not checked, since a step before it failed.', remedy: null }

function rest(from: number): Step[] {
  return order.slice(from).map((step) => ({ step, ...notChecked, duration_ms: 0 }))
}

function passed(found: string): Found {
  return { verdict: 'ok', found, remedy: null }
}

function failed({ reason, remedy }: { reason: string; remedy: string }): Found {
  return { verdict: 'failed', found: `${reason}.`, remedy }
}

/** A failure's message holds what was found and what to do, in that order. */
function failedWith(message: string): Found {
  const end = message.indexOf('. ')
  if (end < 0) return { verdict: 'failed', found: message, remedy: null }
  return { verdict: 'failed', found: message.slice(0, end + 1), remedy: message.slice(end + 2) }
}

function targetOf(url: URL, trust: string): Target {
  const secure = url.protocol === 'https:'
  return { host: hostOf(url), port: Number(url.port) || (secure ? 443 : 80), secure, trust }
}

function connectionSettings({ policy, resolve }: Deps) {
  const vet = (address: string, target: Target) => {
    const refusal = target.trust === 'inspector' ? null : checkAddress(policy, address, target.secure)
    return refusal && `${refusal.reason}. ${refusal.remedy}`
  }
  return { resolve, vet, deadline: DEADLINE, connectTimeout: CONNECT_TIMEOUT }
}

async function lookAtName(target: Target, settings: ReturnType<typeof connectionSettings>): Promise<Found> {
  try {
    const addresses = (await resolveAndVet(target, settings)).map(({ address }) => address).join(', ')
    return passed(isIP(target.host) ? `${target.host} is an address.` : `${target.host} resolves to ${addresses}.`)
  } catch (error) {
    return failedWith(describeError(error, 'name', target).message)
  }
}

interface Connection {
  socket?: Socket
  error?: ConnectionError
  reached: Progress
}

async function connect(target: Target, settings: ReturnType<typeof connectionSettings>): Promise<Connection> {
  const reached: Progress = { stage: 'name' }
  try {
    return { socket: await openConnection(target, settings, reached), reached }
  } catch (error) {
    return { error: error as ConnectionError, reached }
  }
}

function lookAtConnection({ host, port }: Target, connection: Connection | undefined): Found {
  if (connection?.error && connection.reached.stage !== 'tls') return failedWith(connection.error.failure.message)
  return passed(`${host}:${port} accepts connections.`)
}

function lookAtTls({ secure }: Target, connection: Connection | undefined): Found {
  if (!secure) {
    const remedy = 'Use https:// wherever the receiver is not on this machine or in your own network.'
    return { verdict: 'warning', found: 'The connection is not encrypted.', remedy }
  }
  if (connection?.error) return failedWith(connection.error.failure.message)
  const socket = connection?.socket as TLSSocket
  const until = socket.getPeerCertificate().valid_to
  const days = Math.floor((Date.parse(until) - Date.now()) / 86_400_000)
  const found = `${socket.getProtocol()}, certificate valid until ${until} (${days} days).`
  if (days >= CERTIFICATE_WARNING_DAYS) return passed(found)
  return { verdict: 'warning', found, remedy: 'Renew the certificate before deliveries fail.' }
}

function lookAtRequest({ status, error }: AttemptView): Found {
  if (status === null && error) return failedWith(error.message)
  return passed('The receiver took a signed test request.')
}

function lookAtAnswer({ status, error, duration_ms: duration, response_headers: headers }: AttemptView): Found {
  if (error) return failedWith(error.message)
  const found = `The receiver answered ${status} within ${duration} ms.`
  if (/^text\/html\b/i.test(String(headers?.['content-type'] ?? ''))) {
    const remedy =
      'That is a page for people: perhaps your web server answered, and your program never saw the request. Check that the path leads to it.'
    return { verdict: 'warning', found: `The receiver answered ${status} with an HTML page.`, remedy }
  }
  if (duration < SLOW_ANSWER) return passed(found)
  return { verdict: 'warning', found, remedy: 'Answer at once and do the work afterwards: 15 seconds are the limit.' }
}
