import { isIP, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { AttemptOutcome } from '../deliveries/attempt.ts'
import type { Finding, FindingCode, FindingValues } from '../platform/finding.ts'
import { CONNECT_TIMEOUT, REQUEST_DEADLINE } from '../platform/http-client.ts'
import {
  type ConnectionSettings,
  openConnection,
  type Progress,
  resolveAndVet,
  type Target,
} from '../platform/http-connection.ts'
import { ConnectionError, describeError, type HttpFailure } from '../platform/http-failure.ts'
import type { Resolve } from '../platform/name-resolver.ts'
import { DAY, SECOND } from '../time/durations.ts'
import type { Diagnosis } from './schema.ts'
import { checkUrl, hostOf, type TargetPolicy, vetFor } from './target-guard.ts'

type Step = Diagnosis['steps'][number]
type StepResult = Omit<Step, 'step' | 'duration_ms'>

/** A response slower than this causes a warning, in milliseconds. */
const SLOW_RESPONSE = 5 * SECOND
/** A certificate that expires sooner than this causes a warning. */
const CERTIFICATE_WARNING_DAYS = 14
const order: Step['step'][] = ['address', 'dns', 'connection', 'tls', 'request', 'answer']

export interface DiagnosisDeps {
  policy: TargetPolicy
  resolve: Resolve
}

/**
 * Checks a target step by step, as a delivery would: its URL, its name, the connection, TLS, a test request and the response.
 * After a failed step, the remaining steps are skipped. `test` sends a sample and returns the outcome.
 */
export async function diagnoseTarget(
  deps: DiagnosisDeps,
  text: string,
  test: () => Promise<AttemptOutcome>,
): Promise<Diagnosis> {
  const steps: Step[] = []
  const check = async (step: Step['step'], run: () => Promise<StepResult> | StepResult) => {
    const startedAt = performance.now()
    const result = steps.some(({ verdict }) => verdict === 'failed') ? notChecked : await run()
    steps.push({ step, ...result, duration_ms: Math.round(performance.now() - startedAt) })
  }
  const checked = checkUrl(deps.policy, text)
  await check('address', () =>
    checked.ok
      ? passed('url_allowed', { url: checked.url.href }, `Requests to ${checked.url.href} are allowed.`)
      : failed(checked.refusal),
  )
  if (!checked.ok) return { ok: false, response: null, steps: [...steps, ...stepsAfter(1)] }
  const target = targetOf(checked.url, checked.trust)
  const settings = connectionSettings(deps)
  await check('dns', () => checkName(target, settings))
  const connection = steps.at(-1)?.verdict === 'ok' ? await connect(target, settings) : undefined
  await check('connection', () => checkConnection(target, connection))
  await check('tls', () => checkTls(target, connection))
  connection?.socket?.destroy()
  if (steps.some(({ verdict }) => verdict === 'failed'))
    return { ok: false, response: null, steps: [...steps, ...stepsAfter(4)] }
  const outcome = await test()
  await check('request', () => checkRequest(outcome))
  await check('answer', () => checkResponse(outcome))
  return { ok: steps.every(({ verdict }) => verdict !== 'failed'), response: showResponse(outcome), steps }
}

/** How much of a response is shown, in characters. */
const BODY_SHOWN = 2_000

function showResponse({ status, responseHeaders, responseBody, truncated }: AttemptOutcome): Diagnosis['response'] {
  if (status === null) return null
  const location = [responseHeaders?.location].flat()[0] ?? null
  const body = responseBody ?? ''
  return { status, location, body: body.slice(0, BODY_SHOWN), truncated: truncated || body.length > BODY_SHOWN }
}

const notChecked: StepResult = {
  verdict: 'not_checked',
  code: 'not_checked',
  values: {},
  found: 'Not checked, because an earlier step failed.',
  remedy: null,
}

function stepsAfter(from: number): Step[] {
  return order.slice(from).map((step) => ({ step, ...notChecked, duration_ms: 0 }))
}

function passed(code: FindingCode, values: FindingValues, found: string): StepResult {
  return { verdict: 'ok', code, values, found, remedy: null }
}

function failed({ code, values = {}, found, remedy }: Finding): StepResult {
  return { verdict: 'failed', code, values, found, remedy }
}

function warned({ code, values = {}, found, remedy }: Finding): StepResult {
  return { verdict: 'warning', code, values, found, remedy }
}

function targetOf(url: URL, trust: string): Target {
  const secure = url.protocol === 'https:'
  return { host: hostOf(url), port: Number(url.port) || (secure ? 443 : 80), secure, trust }
}

function connectionSettings({ policy, resolve }: DiagnosisDeps): ConnectionSettings {
  return { resolve, vet: vetFor(policy), deadline: REQUEST_DEADLINE, connectTimeout: CONNECT_TIMEOUT }
}

async function checkName(target: Target, settings: ConnectionSettings): Promise<StepResult> {
  try {
    const addresses = (await resolveAndVet(target, settings)).map(({ address }) => address).join(', ')
    const { host } = target
    if (isIP(host)) return passed('host_is_address', { host }, `${host} is an IP address.`)
    return passed('name_resolved', { host, addresses }, `${host} resolves to ${addresses}.`)
  } catch (error) {
    return failed(describeError(error, 'name', target))
  }
}

/** An open socket, or why and at which stage the connection failed. */
type Connection =
  | { socket: Socket; failure?: undefined }
  | { socket?: undefined; failure: HttpFailure; reached: Progress }

async function connect(target: Target, settings: ConnectionSettings): Promise<Connection> {
  const reached: Progress = { stage: 'name' }
  try {
    return { socket: await openConnection(target, settings, reached) }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error
    return { failure: error.failure, reached }
  }
}

function checkConnection({ host, port }: Target, connection: Connection | undefined): StepResult {
  if (connection?.failure && connection.reached.stage !== 'tls') return failed(connection.failure)
  const address = `${host}:${port}`
  return passed('connected', { address }, `${address} accepts connections.`)
}

function checkTls({ secure }: Target, connection: Connection | undefined): StepResult {
  if (!secure)
    return warned({
      code: 'connection_unencrypted',
      found: 'The connection is not encrypted.',
      remedy: 'Use https://, unless the receiver is on this machine or in your own network.',
    })
  if (connection?.failure) return failed(connection.failure)
  if (!(connection?.socket instanceof TLSSocket)) throw new Error('A secure target was connected to without TLS.')
  return judgeCertificate(connection.socket)
}

function judgeCertificate(socket: TLSSocket): StepResult {
  const until = socket.getPeerCertificate().valid_to
  const end = Date.parse(until)
  const days = Math.floor((end - Date.now()) / DAY)
  const found = `${socket.getProtocol()}, certificate valid until ${until} (${days} days).`
  const values = { protocol: String(socket.getProtocol()), until: new Date(end).toISOString(), days }
  if (days >= CERTIFICATE_WARNING_DAYS) return passed('tls_established', values, found)
  const remedy = 'Renew the certificate before deliveries fail.'
  return warned({ code: 'certificate_expires_soon', values, found, remedy })
}

function checkRequest({ status, error }: AttemptOutcome): StepResult {
  if (status === null && error) return failed(error)
  return passed('request_sent', {}, 'A signed test request was sent.')
}

function checkResponse({ status, error, duration, responseHeaders }: AttemptOutcome): StepResult {
  if (error) return failed(error)
  const values = { status: status ?? 0, duration_ms: duration }
  if (/^text\/html\b/i.test(String(responseHeaders?.['content-type'] ?? '')))
    return warned({
      code: 'responded_with_page',
      values,
      found: `The receiver returned ${status} with an HTML page.`,
      remedy:
        'This is a web page. Your web server probably responded, and your program never received the request. Check that the path leads to your program.',
    })
  const found = `The receiver returned ${status} within ${duration} ms.`
  if (duration < SLOW_RESPONSE) return passed('responded', values, found)
  const limit = REQUEST_DEADLINE / SECOND
  const remedy = `Respond immediately and do the work afterwards. The limit is ${limit} seconds.`
  return warned({ code: 'responded_slowly', values: { ...values, limit }, found, remedy })
}
